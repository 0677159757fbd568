"""The numbers of a text as quantities: a value in one spelling, its unit, and what it counts.

«٣ ملايين», "3,000,000" and «ثلاثة ملايين» are one value. «آلاف» without a number before it is "1000+".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from digest.text.words.lexicon import read_pairs
from digest.text.words.normalise import fold
from digest.text.words.tokens import STOP_WORDS, stem

_TOKEN = re.compile(
    r"\d+(?:[.,:/\u066b\u066c\u060c-]\d+)*|[%\u066a$€£]|[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[.!?؟؛،,;:()\n]"
)
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3}){2,}|(?:[,\u066c]\d{3})+(?:[.\u066b]\d+)?)\Z")
_DECIMAL = re.compile(r"(\d+)(?:[.,\u066b]|\u060c(?=\d{1,2}\Z))(\d+)\Z")
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف", "ك")

_WORDS = {fold(word): float(value) for word, value in read_pairs("quantities/numbers").items()}
_SCALES = {fold(word): float(value) for word, value in read_pairs("quantities/scales").items()}
_UNITS = {fold(word): value for word, value in read_pairs("quantities/units").items()}
_DATES = {fold(word): value for word, value in read_pairs("quantities/dates").items()}
_SHARES = {fold("نصف"): 0.5, fold("ثلث"): 1 / 3, fold("ربع"): 0.25}
_MANY = {fold("آلاف"): "1000+", fold("ملايين"): "1000000+", fold("مليارات"): "1000000000+"}
_ORDINALS = dict(
    zip(fold("حادي ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر").split(), range(1, 11), strict=True)
)
# «ثلاثة عشر» is 13 without «و».
_TEENS = frozenset((fold("عشر"), fold("عشرة")))
_HUNDRED = {fold("المئة"), fold("المائة")}
_TWO = frozenset(fold("اثنان اثنين اثنتان اثنتين").split())
_MONDAY = fold("الاثنين")
# The Levant's months of two words, as one.
_MONTHS = {
    fold("تشرين الأول"): fold("أكتوبر"),
    fold("تشرين الثاني"): fold("نوفمبر"),
    fold("كانون الأول"): fold("ديسمبر"),
    fold("كانون الثاني"): fold("يناير"),
}
# What stands behind a number and is not what it counts.
_NO_THINGS = STOP_WORDS["ar"] | STOP_WORDS["en"] | frozenset(fold("مرة مرات").split())
# What says that a number is not exact.
_ROUND = frozenset(
    fold(
        "نحو حوالي قرابة زهاء يقارب تقارب يناهز أكثر أقل يزيد تزيد أزيد فوق تجاوز تجاوزت يتجاوز almost about nearly over around"
    ).split()
)

Kind = Literal["amount", "day", "part", "year", "order"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a text says it; `rounded` when it calls itself rough.

    `value` is in one spelling ("3000000", "10:30", "1000+"); `unit` is "" when none stands beside it;
    `counted` is the root of the word that follows, "" when that is a unit or says nothing. `kind` is "day"
    before a month, "year" for 1900 to 2100 without a unit, "part" for a piece of a time, score or date,
    "order" for «الثالث».
    """

    value: str
    unit: str = ""
    counted: str = ""
    kind: Kind = "amount"
    rounded: bool = False

    @property
    def key(self) -> str:
        """What the number is of: its unit, else what it counts, else ""."""
        return self.unit or self.counted


def tokens_of(text: str) -> list[str]:
    """Return the folded words, numbers and signs in order; a month of two words is one."""
    folded = fold(text)
    for two, one in _MONTHS.items():
        folded = folded.replace(two, one)
    return _TOKEN.findall(folded)


def quantities(text: str) -> list[Quantity]:
    """Return the quantities in order. Empty when the text says no number."""
    return list(_read(tokens_of(text)))


def dates(text: str) -> set[str]:
    """Return the months and weekdays that the text names, each under one name in all its spellings."""
    return {_DATES[found] for word in tokens_of(text) if (found := _known(word, _DATES))}


def root(word: str) -> str:
    """Return what a noun's singular and most of its plurals share: «قتيل» and «قتلى», «شخص» and «أشخاص»."""
    one = stem(word)
    return "".join(letter for letter in one if letter not in "اويهء") or one


def written(amount: float) -> str:
    """Return a number in its one spelling."""
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def _read(tokens: Sequence[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        start = at
        value, at = number_at(tokens, at)
        if at == start:
            at += 1
            continue
        before = tokens[start - 1] if start else ""
        if value.startswith("#"):
            yield Quantity(f"nth-{value[1:]}", kind="order")
            continue
        unit, end = _unit(tokens, at)
        if before and before in "$€£":
            unit = _UNITS.get(before, unit)
        yield _in_its_setting(tokens, start, at, Quantity(value, unit))
        at = end


def _in_its_setting(tokens: Sequence[str], start: int, end: int, one: Quantity) -> Quantity:
    """Add what the number of tokens[start:end] counts, what kind it is, and whether it is said to be
    rough.
    """
    after = tokens[end] if end < len(tokens) else ""
    if _known(after, _DATES):
        return replace(one, kind="day")
    if one.value.isdigit() and 1900 <= int(one.value) <= 2100 and end == start + 1 and not one.unit:
        return replace(one, kind="year")
    if tokens[start] in _TWO and start and tokens[start - 1].endswith(("ان", "ين")):
        return replace(one, counted=root(tokens[start - 1]))
    names_a_thing = after[:1].isalpha() and after not in _NO_THINGS and not after.startswith(("ل", "ب", "و"))
    counts = names_a_thing and not one.unit and one.value.replace("+", "").isdigit()
    rounded = bool(_ROUND & set(tokens[max(0, start - 3) : start]))
    return replace(one, counted=root(after) if counts else "", rounded=rounded)


def number_at(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Return the value at a place and where to read on: the place itself when no number stands there."""
    token = tokens[at]
    if token[0].isdigit():
        end = at + 1
        if not _is_plain(token):
            return token.replace("-", "/"), end
        amount = _plain(token)
    else:
        amount, end = _spoken(tokens, at)
        if end == at:
            return _other(tokens, at)
    while end < len(tokens) and (scale := _known(tokens[end], _SCALES)) and not tokens[end].startswith("و"):
        amount *= _SCALES[scale]
        end += 1
        if tokens[end : end + 1] == ["ونصف"]:
            amount += _SCALES[scale] / 2
            end += 1
    return written(amount), end


def _other(tokens: Sequence[str], at: int) -> tuple[str, int]:
    """Read what is a number only in its setting: «نصف مليون», «مليون», «آلاف», «الثالث»."""
    token, after = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
    if (share := _known(token, _SHARES)) and (scale := _known(after, _SCALES)):
        return written(_SHARES[share] * _SCALES[scale]), at + 2
    if many := _known(token, _MANY):
        return _MANY[many], at + 1
    if (scale := _known(token, _SCALES)) and (_SCALES[scale] > 1000 or _is_thousand(tokens, at)):
        return written(_SCALES[scale]), at + 1
    place = token.removeprefix("و").removeprefix("ب").removeprefix("ال").removesuffix("ه")
    if "ال" in token[:4] and place in _ORDINALS:
        if after in _TEENS:
            return f"#{10 + _ORDINALS[place]}", at + 2
        if _ORDINALS[place] > 2:
            return f"#{_ORDINALS[place]}", at + 1
    return "", at


def _is_thousand(tokens: Sequence[str], at: int) -> bool:
    """Say whether «ألف» is the number and not the verb: a unit follows, or a word of amounts stands before
    it.
    """
    return bool(
        _known(tokens[at + 1] if at + 1 < len(tokens) else "", _UNITS)
        or (at and (tokens[at - 1] in _ROUND or tokens[at - 1] == "من"))
        or tokens[at].startswith(("ب", "ل"))
    )


def _spoken(tokens: Sequence[str], at: int) -> tuple[float, int]:
    """Sum what is joined by «و»: «مئة وخمسة وعشرون» is 125."""
    total, end = 0.0, at
    while end < len(tokens) and tokens[end] != _MONDAY and (found := _known(tokens[end], _WORDS)):
        if end > at and not tokens[end].startswith("و") and tokens[end] not in _TEENS:
            break
        total += _WORDS[found]
        end += 1
    return total, end


def _unit(tokens: Sequence[str], end: int) -> tuple[str, int]:
    """Return the unit that stands at `end`, "" for none, and where to read on."""
    if end < len(tokens) and (found := _UNITS.get(tokens[end].removeprefix("ال"))):
        return found, end + 1
    if tokens[end : end + 1] == ["في"] and _HUNDRED & set(tokens[end + 1 : end + 2]):
        return "%", end + 2
    return "", end


def _known(word: str, table: Mapping[str, object]) -> str:
    if word in table:
        return word
    for prefix in _PREFIXES:
        if word.startswith(prefix) and word[len(prefix) :] in table:
            return word[len(prefix) :]
    return ""


def _is_plain(token: str) -> bool:
    return token.isdigit() or bool(_GROUPED.match(token) or _DECIMAL.match(token))


def _plain(token: str) -> float:
    if _GROUPED.match(token):
        if token.count(".") > 1:
            return float(token.replace(".", ""))
        return float(re.sub("[,\u066c]", "", token).replace("\u066b", "."))
    return float(re.sub("[,\u066b\u060c]", ".", token))
