"""Facts that tell two like events apart: magnitudes of quakes, results of matches, a match foreseen and a
match played.
"""

import re
from dataclasses import dataclass

from digest.text.words.normalise import fold

_SPORT_OR_QUAKE = re.compile(
    "زلزال|هز[ةه]|مبارا|كر[ةه]|دوري|ك[أا]س|منتخب|نادي|ملعب|مدرب|نهائي|مونديال|هدف|[إا]ياب|ذهاب"
)
# The patterns below read folded text.
_QUAKE = re.compile("زلزال|هزه ارضيه|هزه عنيفه")
_MAGNITUDE = re.compile(r"(?<!\d)(\d[.,٫]\d)(?!\d)")
# Agencies revise a magnitude by a tenth or two in the first hours.
_REVISION = 0.25
_MATCH = re.compile(
    "مبارا|كره القدم|الدوري|دوري ابطال|كاس |ذهاب|اياب|منتخب|نادي|ملعب|مدرب|النهايي|المونديال|هدف"
)
_SCORE = re.compile(r"(?<![\d-])(\d{1,2})\s?[-–]\s?(\d{1,2}|صفر)(?![\d-])")
_FORESEEN = re.compile(
    r"\b(?:يلتقي|يلاقي|يواجه|يستضيف|يستقبل|يستعد|يصطدم|يتطلع|يامل|يطمح|يسعي|مرتقبه?|المرتقبه?|ترقب|عشيه|قبيل|الليله|غدا)\b"
)
_PLAYED = re.compile(
    r"\b(?:فاز|فازت|يفوز|بفوزه?|بعد فوزه?|تغلب|يتغلب|هزم|يهزم|سحق|يسحق|تعادل|يتعادل|خسر|يخسر|انتصر|ينتصر|تاهل|يتاهل|اقصي|يقصي|توج|يتوج|احرز|يحرز|خطف|حسم)\b"
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an opening says of a quake or a match; empty where it speaks of neither.

    `played` is None where it cannot be told whether the match is still to come.
    """

    magnitudes: frozenset[float] = frozenset()
    scores: frozenset[tuple[int, int]] = frozenset()
    played: bool | None = None


NOTHING = Evidence()


def evidence_of(opening: str) -> Evidence:
    """Return the evidence in a title and first sentence."""
    if not _SPORT_OR_QUAKE.search(opening):
        return NOTHING
    text = fold(opening)
    if _QUAKE.search(text):
        return Evidence(magnitudes=frozenset(map(_magnitude, _MAGNITUDE.findall(text))))
    if not _MATCH.search(text):
        return NOTHING
    scores = frozenset(_score(first, second) for first, second in _SCORE.findall(text))
    if scores or _PLAYED.search(text):
        return Evidence(scores=scores, played=True)
    return Evidence(played=False) if _FORESEEN.search(text) else NOTHING


def contradict(first: Evidence, second: Evidence) -> bool:
    """Say whether two openings cannot tell one event: other magnitudes, other results, or one foresees what
    the other reports.

    Counts of dead and hurt are no evidence: they move while the event is the same.
    """
    if first.magnitudes and second.magnitudes:
        return min(abs(a - b) for a in first.magnitudes for b in second.magnitudes) > _REVISION
    if len(first.scores) == len(second.scores) == 1 and first.scores != second.scores:
        return True
    return first.played is not None and second.played is not None and first.played is not second.played


def _magnitude(digits: str) -> float:
    return float(digits.replace(",", ".").replace("٫", "."))


def _score(first: str, second: str) -> tuple[int, int]:
    """A result without its order: the sides are named in any."""
    one, other = (0 if side == "صفر" else int(side) for side in (first, second))
    return min(one, other), max(one, other)
