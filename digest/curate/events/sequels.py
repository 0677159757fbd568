"""What makes stories sides of one matter though they are events of their own: who reacts to one thing, and
what follows from one attack or accident; pure.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from digest.curate.events.likeness import Print
from digest.curate.events.names import Marks, named
from digest.text.words.normalise import fold
from digest.text.words.one_meaning import with_usual_names
from digest.text.words.subjects import opens_with_place
from digest.text.words.tokens import words

# As log odds, beside what words and names say.
REACTION = 2.5
STATEMENT = 4.5
SEQUEL = 2.0
ON_ONE_THING = 3
"""Words of titles in common from which two statements are on one thing."""
RARE = 0.5
"""How rare a name must be to tell of which incident a title speaks."""

# These read folded titles.
_REACTS = re.compile(
    r"\b(?:[يتن]دين|ادان(?:ت|ه)?|ادانات|[يتن]ندد|نددت?|تنديد|[يتن]?ستنكر|استنكر(?:ت)?|استنكار|[يت]شجب|شجب|ضبط النفس|[يت]عرب عن قلق\S*|قلق(?:ها|ه)? (?:ازاء|من|حيال|بالغ)|"
    r"[يت]?حمل (?:\S+ ){1,2}مسوولي\S*|ردود (?:ال)?(?:فعل|افعال)|[يت]ستدعي سفير\S*|استدعت سفير\S*|[يت]رحب ب\S+|غضب|استهجان)\b"
)
_DEMANDS = re.compile(
    r"\b(?:[يت]دعو|دعا|دعت|دعو[هت]|[يت]حذر|حذرت?|[يت]طالب|طالبت?|مطالب(?:ه|ات)|تضامن|ضبط النفس)\b"
)
_MEETS = re.compile(
    r"مجلس الامن|مجلس حقوق الانسان|الجمعيه العامه|(?:ال)?جامعه (?:ال|الدول ال)?عربيه|التعاون الاسلامي|"
    r"الاتحاد الاوروبي|الاتحاد الافريقي|(?:اجتماع|جلسه) طاري"
)
_SAYS = re.compile(r"[^:]{3,40}:")
# Before a colon: what is told of, and nobody who says it.
_OCCASION = re.compile(
    r"\W*(?:ال)?(?:مهرجان|مونديال|كاس|دوري|بطوله|نهايي|سباق|معرض|قمه|موتمر|انتخابات|استفتاء|فيديو|صور|بالفيديو|بالصور|شاهد|عاجل|تقرير|تحليل|دراسه|استطلاع|رمضان)\b"
)
_INCIDENT = re.compile(
    r"هجوم|هجمات|تفجير|انفجار|اطلاق (?:ال)?نار|اعتداء|طعن|دهس|مذبح|مجزر|تبن[يت]|مسووليت|منفذ|مرتكب|المهاجم|مطلق النار|المشتبه|ضحايا|"
    r"تحطم|سقوط طاير|حريق|انهيار|غرق|تصادم|اصطدام|زلزال|فيضان|ناج"
)
_HAPPENED = re.compile(rf"{_INCIDENT.pattern}|قتل|قتيل|مصرع|شهيد|شهداء|استشهاد|وفا[هت]|جث[هث]|حصيل")
_ANSWERS = (_REACTS, _DEMANDS, _MEETS)


@dataclass(frozen=True, slots=True)
class Side:
    """What a story is to a matter: a reaction, an incident or what follows from one; whom and what its
    openings name; and who it is that reacts.
    """

    reacts: bool
    says: bool
    is_of_incident: bool
    names: Marks
    who: Marks
    titles: frozenset[int]


def is_answer(title: str) -> bool:
    """Say whether a title tells first what others make of an event: a reaction, a demand, a body that meets
    on it.
    """
    folded = fold(title)
    first = min((found.start() for one in _ANSWERS if (found := one.search(folded))), default=None)
    event = _HAPPENED.search(folded)
    return first is not None and (event is None or first < event.start())


def side_of(titles: Iterable[str], prints: Sequence[Print]) -> Side:
    """Return what a story is; its titles decide by most of them."""
    folded = [fold(title) for title in titles]
    before = [title[: found.start()] for title in folded if (found := _REACTS.search(title))]
    return Side(
        reacts=2 * sum(bool(_REACTS.search(title)) for title in folded) >= len(folded) > 0,
        says=3 * sum(map(_has_speaker, folded)) >= len(folded) > 0,
        is_of_incident=2 * sum(bool(_INCIDENT.search(title)) for title in folded) >= len(folded) > 0,
        names=frozenset().union(*(one.names.opening for one in prints)),
        titles=frozenset().union(*(one.title for one in prints)),
        who=frozenset(named(word)[0] for text in before for word in with_usual_names(words(text))),
    )


def _has_speaker(folded: str) -> bool:
    """Whether a title names somebody before a colon; a place and an occasion say nothing."""
    return bool(_SAYS.match(folded)) and not _OCCASION.match(folded) and not opens_with_place(folded)


def belonging(one: Side, other: Side, rarity: Callable[[int], float]) -> float:
    """Return what speaks for two stories being sides of one matter, as log odds; 0 when nothing does."""
    shared = one.names & other.names
    if one.reacts and other.reacts and shared - one.who - other.who:
        return REACTION
    if one.says and other.says and len(one.titles & other.titles) >= ON_ONE_THING:
        return STATEMENT
    if one.is_of_incident and other.is_of_incident and any(rarity(mark) > RARE for mark in shared):
        return SEQUEL
    return 0.0
