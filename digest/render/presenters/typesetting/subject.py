"""The subject of an edition and its preheader: whole headlines, never a part of a word or of a clause.
Pure.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from digest.render.presenters.typesetting.typography import clipped

LONGEST_SUBJECT = 48
LONGEST_PREHEADER = 110
SHORTEST_PREHEADER = 40
SHORTEST_CLAUSE = 18
BETWEEN = " – "
"""No dot: beside Arabic digits it reads as their zero."""

# Where a clause ends: at a stop between words, and before a word that begins an addition to what is whole
# without it.
_STOP = re.compile(r"\s*(?:\.{2,}|…|[؛;|]|[؟?!](?=\s)|\.(?=\s)|\s[–—-]\s)\s*")
_ADDS = re.compile(
    r"\s+(?=(?:بعد|إثر|عقب|وسط|بسبب|رغم|برغم|بالرغم|قبيل|(?:تزامن|تمهيد|احتجاج|رد)(?:\u064bا|ا\u064b|ا)|خلال|منذ|بحضور|بمشاركة|بحسب|وفق|فيما|بينما|حيث|بهدف|بعدما|بأغلبية|بنسبة|بقيمة|بكلفة|بتكلفة|لأول مرة|للمرة|على خلفية|على هامش|لمناقشة|لبحث|لمواجهة|للمطالبة|لمنع|لإنقاذ|لحماية|لدعم|لكبح"
    r"|after|amid|despite|because|during|while|following"
    r"|پس از|در پی|با وجود|به دلیل|هنگام"
    r"|אחרי|לאחר|בעקבות|למרות|בגלל|במהלך)\s)"
)
# What denies, asks or quotes somebody says something else without its end.
_HINGES = re.compile(
    r"(?<!\w)(?:لا|لن|لم|ليس|ليست|ما|هل|كيف|لماذا|متى|إذا|لو|إلا|دون|بدون|شرط|بشرط|شريطة|باستثناء|سوى|ينفي|تنفي|نفى|نفت|مزاعم|شائعة"
    r"|no|not|never|unless|if|without|denies|نه|نمی\w*|اگر|نہیں|اگر|לא|אם|בלי)(?!\w)|[؟?]|:\s"
)
_DANGLING = re.compile(
    r"(?:^|\s)(?:في|من|إلى|على|عن|مع|أن|إن|أو|ثم|بل|لكن|بين|عند|حول|ضد|نحو|حتى|كل|بعض|غير|قد|التي|الذي|the|a|an|of|in|on|at|to|and|or|for|by|with)$",
    re.IGNORECASE,
)
# Whoever calls, strives or prepares does it for something: «يدعو الدول لمواجهة …» is no clause without it.
_FOR = re.compile(
    r"(?<!\w)(?:[يتن]دعو|دعا|دعت|دعوة|دعوات|[يت]سعى|سعي|مساع\w*|[يت]ستعد|استعداد\w*|مستعد\w*|[يت]تجه|[يت]تطلع|[يت]حتاج|[يت]حاول|محاول\w+|خطة|خطط|جهود|فرصة|طريق|طرق)(?!\w)"
)
# In a sentence, a comma and one of these end what is whole by itself.
_GOES_ON = re.compile(
    r"[،,]\s+(?=(?:مما|ما (?:أسفر|أدى|يعني)|حسب|بحسب|حسبما|وفق|وفقا|وفقًا|فيما|بينما|في حين|وسط|بعد أن|بعدما|وذلك|وسط|إذ|حيث|في وقت)(?!\w))"
)
_END = " .…،؛:|–—-"


def subject(headlines: Sequence[str], *, most: int = LONGEST_SUBJECT) -> tuple[str, int]:
    """Return the subject, at most `most` characters, and which of the headlines it is of; the lead's comes
    first.

    It is the lead's headline, else its longest whole clause, else the first other headline that fits or has
    such a clause; only where there is none, the lead's is cut between two words, and says so with an
    ellipsis.
    """
    lead = headlines[0].rstrip(" …") if headlines else ""
    if len(lead) <= most:
        return lead, 0
    if clause := longest_clause(lead, most):
        return clause, 0
    for place, headline in enumerate(headlines[1:], 1):
        if SHORTEST_CLAUSE <= len(headline) <= most and not headline.endswith(("…", "..")):
            return headline, place
        if clause := longest_clause(headline, most):
            return clause, place
    return clipped(lead, most), 0


@lru_cache(maxsize=1024)
def longest_clause(headline: str, most: int) -> str:
    """Return the longest beginning of a headline that is a whole clause of at most `most` characters; empty
    when none is.

    A clause behind two dots stands for itself, too; one behind a colon may be somebody's words and does not.
    """
    pieces = re.split(r"\s*(?:\.{2,}|…)\s*", headline)
    found = [piece.strip(_END) for piece in pieces]
    found += [headline[: match.start()].rstrip(_END) for match in _STOP.finditer(headline)]
    if not _HINGES.search(headline):
        ends = (
            (headline[: match.start()].rstrip(_END), headline[match.end()])
            for match in _ADDS.finditer(headline)
        )
        found += [front for front, then in ends if not (then == "ل" and _FOR.search(front))]
    return max((one for one in found if len(one) <= most and _stands_alone(one)), key=len, default="")


def _stands_alone(clause: str) -> bool:
    return (
        len(clause) >= SHORTEST_CLAUSE
        and clause.count(" ") >= 2
        and clause.count("«") == clause.count("»")
        and clause.count("(") == clause.count(")")
        and clause.count('"') % 2 == 0
        and not _DANGLING.search(clause)
    )


def _first_part(sentence: str, most: int) -> str:
    """The longest front of a sentence that is whole without what a comma adds; empty when none is short
    enough.
    """
    fronts = [sentence[: match.start()].rstrip(_END) for match in _GOES_ON.finditer(sentence)]
    return max((one for one in fronts if len(one) <= most and _stands_alone(one)), key=len, default="")


def preheader(headlines: Sequence[str], instead: Sequence[str]) -> str:
    """Return what a list of mail shows beside the subject: the next two headlines, whole.

    One that has no room gives way to its longest whole clause, or to the next one that has. Where two are too
    short, more follow, then what is given `instead`: of an alert, which has no other headline, the front of
    its first sentence. Only a first one without any whole clause is cut, between words.
    """
    kept: list[str] = []
    for text in (*headlines, *instead):
        room = LONGEST_PREHEADER - sum(len(one) + len(BETWEEN) for one in kept)
        if (len(kept) >= 2 or not headlines) and len(BETWEEN.join(kept)) >= SHORTEST_PREHEADER:
            break
        whole = text.rstrip(" …") if len(text) <= room else ""
        whole = whole or ("" if headlines else _first_part(text, room)) or longest_clause(text, room)
        if whole:
            kept.append(whole)
    made = BETWEEN.join(kept)
    if len(made) < SHORTEST_PREHEADER:
        rest = next((text for text in (*headlines, *instead) if text and text not in kept), "")
        made = clipped(BETWEEN.join(filter(None, (made, rest))), LONGEST_PREHEADER)
    return made
