"""Parts of a sentence that stand by themselves: made by leaving out, never by putting in. Pure."""

import re

from digest.text.dates.months import WEEKDAYS
from digest.text.words.normalise import fold
from digest.text.words.tokens import words

LONGEST_HEADLINE = 18
SHORTEST_HEADLINE = 4
SHORTEST_PART = 8
"""Words that are kept at least of a sentence that was cut."""
LONG = 25
"""Words from which a sentence without a stop, alone in its article, is taken for one that was cut."""

_COMMA = re.compile("[،,؛]")
_STOPS = " .!…؛،,:\u200f"
# «، الأربعاء،», «، اليوم الاثنين،»
_WHEN = re.compile(
    rf"[،,]\s*(?:(?:مساء|صباح|ظهر|فجر|ليل|يوم|اليوم|امس)\s+){{0,2}}(?:{'|'.join(map(re.escape, WEEKDAYS))}|اليوم|امس)\s*[،,]"
)
_ATTRIBUTION = re.compile(
    r"[،,]\s*(?:بحسب|حسب|حسبما|وفق|وفقا|نقلا|كما (?:ذكر|قال|اعلن|افاد)|علي ما (?:ذكر|قال|اعلن|افاد)|ما (?:ذكر|قال|اعلن|افاد))[^،,.]*"
)
# Where a clause that only adds to the main one begins.
_ADDS = re.compile(
    r"\s*(?:وسط|فيما|بينما|في حين|في وقت|حيث|وذلك|وقال|وقالت|واضاف|واضافت|واكد|واكدت|واوضح|واوضحت|مشير|موضح|موكد|مضيف|معتبر|مبين|لافت|الذي|التي|الذين|اللذين|وهو|وهي|وهم|"
    r"بعد ان|قبل ان|بالاضافه|بهدف|في خطوه|في محاوله|في اطار|ما ادي|مما|الامر الذي|رغم|علي الرغم|علما|لاسيما|لا سيما|خصوصا|خاصه|بما في ذلك|بينهم|بينها|من بينهم|من بينها|ابرزهم|ابرزها|لكن|الا ان|غير ان|مع|بحضور|و)"
)
_ASIDE = re.compile(r"\s*(?:الذي|التي|الذين|اللذين|اللتين|والذي|والتي|البالغ|المعروف|وهو|وهي)\b")
_AND = re.compile(r"\s*و(?:ال|[\"«“])")
# What a clause is whole without. No condition, no denial and no comparison is among them.
_ADJUNCT = re.compile(
    r"\s+(?:منذ|خلال|وسط|عقب|اثر|بعد|بسبب|بحضور|بمشاركه|في اطار|في ظل|في اعقاب|علي خلفيه|علي هامش|احتجاجا علي|ردا علي|بهدف)\s"
)
_DANGLING = frozenset(
    fold(
        "من في على إلى عن أن إن التي الذي الذين مع بعد قبل بين حتى منذ خلال حول بشأن ضد نحو عند لدى كما حيث لأن بأن وأن وإن أو ثم بل هو هي كان كانت قد لا لم لن ما كل "
        "غير عبر دون بسبب رغم وسط تحت فوق أمام وراء بحسب وفق إثر عقب ضمن سوى مثل أي بعض جميع تلك ذلك هذا هذه أنه أنها بأنه بأنها إنه إنها وهو وهي وقد والتي والذي"
    ).split()
)
# The town, not the verb.
_CANNES = frozenset(
    (before, "كان") for before in ("مهرجان", "مدينه", "سعفه", "في", "الي", "بمهرجان", "لمهرجان")
)
# A clause that begins so waits for its main one.
_WAITS = re.compile(
    r"(?:بعد|قبل|عقب|اثر|خلال|وسط|في (?:حين|وقت|اطار|ضوء|ظل|اعقاب)|فيما|بينما|مع|منذ|رغم|علي الرغم|بسبب|عندما|حين|لدي|اذا|لو|كما|بدلا|ردا|تزامنا|بالتزامن|بالاضافه)\b"
)
# So does a part that has no more than this: «في مؤتمر صحافي مشترك».
_FRONT = re.compile(r"و?(?:في|من|علي|عن|عند|الي|حسب|بحسب|وفق|وفقا)\b")
_OPEN = {"«": "»", "(": ")", "“": "”", "[": "]"}


def dangles(text: str) -> bool:
    """Say whether a text ends with a word that wants another: «بشأن», «التي», «إلى»."""
    said = words(text[-60:])
    if tuple(said[-2:]) in _CANNES:
        return False
    return bool(said) and (said[-1] in _DANGLING or (len(said[-1]) == 1 and not said[-1].isdigit()))


def finished_part(text: str) -> str:
    """Return the front of a cut sentence, up to its last comma, as far as it is a whole; "" when too little
    is.
    """
    for comma in reversed(list(_COMMA.finditer(text))):
        part = text[: comma.start()].rstrip(_STOPS)
        if len(words(part)) < SHORTEST_PART:
            return ""
        if dangles(part) or not _is_closed(part) or _opens_at_its_end(part):
            continue
        return "" if _waits_for_its_main(part) else part
    return ""


def _waits_for_its_main(part: str) -> bool:
    """Whether a part begins as what comes before a main clause, and all that follows only adds to it."""
    front, *rest = _COMMA.split(_without(part, _WHEN, " "))
    begins = fold(front).strip()
    return bool(_WAITS.match(begins) or _FRONT.match(begins)) and all(_ADDS.match(fold(one)) for one in rest)


def main_clause(sentence: str) -> str:
    """Return a sentence's main clause as a headline: days, attributions and what only adds left out; "" when
    none is short enough.
    """
    text = _without(_without(sentence.strip().rstrip(_STOPS), _WHEN, " "), _ATTRIBUTION, "")
    whole, text = text, _without_asides(text)
    parts = list(_COMMA.finditer(text))
    ends = [comma.start() for comma in parts if _ADDS.match(fold(text[comma.end() :]))] + [len(text)]
    clause = text[: ends[0]].strip(_STOPS)
    if ends[0] < len(whole) and _WAITS.match(fold(clause)):
        return ""
    clause = _shortened(clause)
    said = len(words(clause))
    if not SHORTEST_HEADLINE <= said <= LONGEST_HEADLINE or dangles(clause) or not _is_closed(clause):
        return ""
    return " ".join(clause.split())


def _without_asides(text: str) -> str:
    """Leave out a relative clause between commas when the main clause goes on behind it.

    What «و» begins between commas may be the second of two who do something: then there is no clause.
    """
    front, *rest = re.split("([،,؛])", text)
    kept, pieces = front, list(zip(rest[::2], rest[1::2], strict=True))
    for at, (comma, piece) in enumerate(pieces):
        following = fold(pieces[at + 1][1]) if at + 1 < len(pieces) else ""
        goes_on = bool(following) and not _ADDS.match(following)
        if goes_on and _ASIDE.match(fold(piece)):
            pieces[at + 1] = ("", pieces[at + 1][1])
            continue
        if goes_on and _AND.match(fold(piece)) and not at:
            return ""
        kept += comma + piece
    return kept


def _shortened(clause: str) -> str:
    """Leave out what is added at the end of a clause that is too long for a headline: «منذ أيام عدة»."""
    said = len(words(clause))
    for added in reversed(list(_ADJUNCT.finditer(fold(clause)) if said > LONGEST_HEADLINE else ())):
        shorter = clause[: added.start()].rstrip(_STOPS)
        if len(fold(clause)) == len(clause) and len(words(shorter)) <= LONGEST_HEADLINE:
            return shorter
    return clause


def _without(text: str, pattern: re.Pattern[str], instead: str) -> str:
    folded = fold(text)
    if len(folded) != len(text):
        return text
    kept, start = [], 0
    for found in pattern.finditer(folded):
        kept += [text[start : found.start()], instead]
        start = found.end()
    return "".join([*kept, text[start:]])


def _is_closed(text: str) -> bool:
    return text.count('"') % 2 == 0 and all(text.count(one) == text.count(end) for one, end in _OPEN.items())


def _opens_at_its_end(part: str) -> bool:
    """Whether the part ends within an aside: «قال الوزير، الأحد» goes on after the comma."""
    last = fold(_COMMA.split(part)[-1]).split()
    return len(last) <= 3
