"""What texts count, and whether two of them give one measure two values. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from digest.summarize.guard.quantities import number_at, quantities, tokens_of
from digest.text.words.normalise import fold
from digest.text.words.tokens import stems

Harm = Literal["dead", "injured", "missing"]

# Words in common from which two texts with percentages speak of one measure.
_ONE_MEASURE = 4
# And from which two texts that count the dead speak of one event.
_ONE_EVENT = 5
_REACH = 4
_NOUNS: dict[Harm, frozenset[str]] = {
    "dead": frozenset(
        fold("قتيل قتيلا قتلى القتلى شهيد شهيدا شهداء ضحية ضحايا وفاة وفيات dead killed").split()
    ),
    "injured": frozenset(
        fold("جريح جريحا جرحى مصاب مصابا مصابين مصابون إصابة إصابات wounded injured").split()
    ),
    "missing": frozenset(fold("مفقود مفقودا مفقودين مفقودون missing").split()),
}
_VERBS: dict[str, Harm] = {
    **dict.fromkeys(
        fold(
            "قتل قتلت يقتل تقتل مقتل لقي لقوا مصرع وفاة توفي أودى أودت يودي تودي استشهد استشهاد استشهدت حصد حصدت"
        ).split(),
        "dead",
    ),
    **dict.fromkeys(fold("أصيب أصيبت إصابة أصاب أصابت جرح جرحت").split(), "injured"),
    **dict.fromkeys(fold("فقد فقدان").split(), "missing"),
}
_TWO = {
    fold(word): harm
    for harm, spelled in (("dead", "قتيلان قتيلين شهيدان شهيدين"), ("injured", "جريحان جريحين مصابان مصابين"))
    for word in spelled.split()
    if word != "مصابين"
}
# «فلسطينيين» and «مواطنين» are many as well as two, and are left out.
_PAIRS = frozenset(
    fold(
        "شخصان شخصين رجلان رجلين جنديان جنديين طفلان طفلين شرطيان مدنيان فلسطينيان شابان شابين امرأتان امرأتين سيدتان سيدتين راكبان "
        " عاملان متظاهران ضابطان ضابطين مواطنان صحفيان طالبان "
    ).split()
)
_VAGUE = {fold("عشرات"): 20, fold("مئات"): 200, fold("آلاف"): 2000}
_OF_THEM = frozenset(fold("بينهم بينها بينهن منهم منها وبينهم ومنهم ضمنهم").split())
_NOT_PEOPLE = frozenset(
    fold(
        "ساعة ساعات يوم يوما أيام عام عاما أعوام سنة سنوات دقيقة دقائق شهر أشهر أسبوع أسابيع قرية قرى مدينة مدن كيلومتر كيلومترا كيلومترات متر أمتار دولار مليون مليار ألف طن منزل منازل "
        "منزلا مرة مرات هجوم هجمات غارة غارات صاروخ صواريخ سيارة سيارات بالمئة بالمائة"
    ).split()
)
# Of those who attacked another count is kept.
_ATTACKERS = frozenset(
    fold(
        "انتحاري انتحاريا انتحاريين انتحاريون مهاجم مهاجما مهاجمين مهاجمون مسلح مسلحا مسلحين مسلحون إرهابي إرهابيا إرهابيين إرهابيون عناصر عنصرا منفذي"
    ).split()
)
_BOUNDS = (
    ("ما", "لا", "يقل", "عن"),
    ("ما", "لايقل", "عن"),
    ("لا", "يقل", "عن"),
    ("اكثر", "من"),
    ("ما", "يزيد", "علي"),
)
_OPEN_BOUNDS = {("اكثر", "من"), ("يزيد", "علي"), ("يزيد", "عن")}
_PERCENT = {("في", fold("المئة")), ("في", fold("المائة"))}
# «عدد من القتلى»: how many is not said.
_SOME = ("عدد", "من")
_COUNTS_UP = frozenset(fold("عدد حصيلة الحصيلة ارتفع ارتفاع ارتفعت").split())


@dataclass(frozen=True, slots=True)
class Toll:
    """How many were harmed: exactly `least`, or at least that many when the text says «عشرات»."""

    harm: Harm
    least: int
    exact: bool = True
    rounded: bool = field(default=False, compare=False)
    """Whether it was said as a round bound: «أكثر من ٥٠»."""

    def allows(self, least: int) -> bool:
        """Say whether another exact count may be meant: «أكثر من ٥٠» leaves room for 55, not for 62."""
        step = 10 if self.least % 100 else 100
        return self.least == least or (self.rounded and self.least < least < self.least + step)


def tolls(text: str) -> list[Toll]:
    """Return how many people a text says were killed, hurt or missed, in order; parts («بينهم ٧ أطفال») are
    left out.
    """
    tokens = tokens_of(text)
    found: list[Toll] = []
    at = 0
    while at < len(tokens):
        toll, end = _toll(tokens, at)
        if toll:
            found.append(toll)
        at = max(end, at + 1)
    return found


def newest(reports: Iterable[tuple[float, Sequence[str]]], *, patience: float) -> dict[Harm, Toll]:
    """Return the toll to tell, by its kind: the highest of those articles that came last.

    A telling is when it came, in seconds, and its sentences in order, the title first; `patience` is how many
    seconds earlier than the last an article may be to count as last too. A count goes before «عشرات», unless
    it is lower.
    """
    given: dict[Harm, list[tuple[float, Toll]]] = {}
    for when, said in reports:
        seen: set[Harm] = set()
        for toll in (toll for text in said for toll in tolls(text)):
            if toll.exact and toll.harm in seen:
                continue
            if toll.exact:
                seen.add(toll.harm)
            given.setdefault(toll.harm, []).append((when, toll))
    chosen: dict[Harm, Toll] = {}
    for harm, counts in given.items():
        last = max(when for when, _ in counts)
        late = [toll for when, toll in counts if when >= last - patience]
        chosen[harm] = max(late, key=lambda toll: (toll.least, toll.exact))
        counted = [
            toll for toll in (late if any(t.exact for t in late) else [t for _, t in counts]) if toll.exact
        ]
        if counted and (best := max(counted, key=lambda toll: toll.least)).least >= chosen[harm].least:
            chosen[harm] = best
    return chosen


def is_stale(text: str, known: dict[Harm, Toll]) -> bool:
    """Say whether a text gives a toll that another has overtaken, or that cannot be true beside it."""
    for toll in tolls(text):
        now = known.get(toll.harm)
        if now is None or toll == now:
            continue
        if toll.exact and toll.least < now.least and not toll.allows(now.least):
            return True
        if not toll.exact and now.exact and toll.least > now.least:
            return True
    return False


def conflict(one: str, other: str) -> bool:
    """Say whether two texts on one subject give one measure two values: shares in the hundred, or tolls that
    exclude each other.
    """
    mine, theirs = _shares(one), _shares(other)
    if mine and theirs and mine - theirs and theirs - mine:
        return len(set(stems(one)) & set(stems(other))) >= _ONE_MEASURE
    return _counts_apart(one, other) and len(set(stems(one)) & set(stems(other))) >= _ONE_EVENT


def _counts_apart(one: str, other: str) -> bool:
    mine, theirs = _dead(one), _dead(other)
    fits = any(a.allows(b.least) or b.allows(a.least) for a in mine for b in theirs)
    return bool(mine and theirs) and not fits


def _dead(text: str) -> list[Toll]:
    return [toll for toll in tolls(text) if toll.harm == "dead" and toll.exact]


def _shares(text: str) -> set[str]:
    return {one.value for one in quantities(text) if one.unit == "%"}


def _toll(tokens: Sequence[str], at: int) -> tuple[Toll | None, int]:
    token = tokens[at].removeprefix("و") if len(tokens[at]) > 4 else tokens[at]
    if token in _TWO:
        return Toll(_TWO[token], 2), at + 1  # type: ignore[arg-type]
    if token in _PAIRS:
        harm = _verb(tokens, at)
        return (Toll(harm, 2) if harm else None), at + 1
    bare = token.removeprefix("ال")
    if bare in _VAGUE:
        harm = _noun(tokens, at + 1) or _verb(tokens, at)
        return (Toll(harm, _VAGUE[bare], exact=False) if harm else None), at + 1
    if tuple(tokens[at : at + 2]) == _SOME:
        some = _noun(tokens, at + 2)
        return (Toll(some, 2, exact=False) if some else None), at + 2
    value, end = number_at(tokens, at)
    if end == at or not value.isdigit() or (at and tokens[at - 1] in _OF_THEM):
        return None, end
    after = tokens[end] if end < len(tokens) else ""
    if (
        after in _NOT_PEOPLE
        or tuple(tokens[end : end + 2]) in _PERCENT
        or after in _ATTACKERS
        or after in {"%", "٪"}
    ):
        return None, end
    harm = _noun(tokens, end) or _verb(tokens, at) or _counted_up(tokens, at)
    rounded = int(value) % 10 == 0 and tuple(tokens[max(0, at - 2) : at]) in _OPEN_BOUNDS
    return (Toll(harm, int(value), rounded=rounded) if harm else None), end


def _noun(tokens: Sequence[str], start: int) -> Harm | None:
    for token in tokens[start : start + 2]:
        bare = token.removeprefix("ال")
        for harm, nouns in _NOUNS.items():
            if token in nouns or bare in nouns:
                return harm
        if not token[:1].isalpha() or token.startswith("و"):
            return None
    return None


def _verb(tokens: Sequence[str], at: int) -> Harm | None:
    at = _before_bounds(tokens, at)
    for token in reversed(tokens[max(0, at - _REACH) : at]):
        if not token[:1].isalpha():
            return None
        for one in (token, token.removeprefix("و"), token.removeprefix("ب"), token.removeprefix("ل")):
            if one in _VERBS:
                return _VERBS[one]
    return None


def _before_bounds(tokens: Sequence[str], at: int) -> int:
    """Where what bounds a number begins: «ما لا يقل عن ٨», «أكثر من ٨»; `at` when nothing does."""
    for bound in _BOUNDS:
        if tuple(tokens[max(0, at - len(bound)) : at]) == bound:
            return at - len(bound)
    return at


def _counted_up(tokens: Sequence[str], at: int) -> Harm | None:
    """«ارتفع عدد قتلى الانهيار إلى ١٩ شخصا»"""
    if not at or tokens[at - 1] not in {"الي", "بلغ", "بلغت"} or not _COUNTS_UP & set(tokens[:at]):
        return None
    for token in reversed(tokens[:at]):
        for harm, nouns in _NOUNS.items():
            if token.removeprefix("ال") in nouns:
                return harm
    return None
