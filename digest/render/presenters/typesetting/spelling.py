"""How an edition spells what others wrote: quotation marks, prefixes, stops, scores, hashtags, double months.
Pure.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from digest.render.presenters.typesetting.spacing import spaced
from digest.text.dates import calendar

_DIGIT = "0-9٠-٩۰-۹"
_ARABIC = "\u0621-\u064a\u0671-\u06d3"
# «و», «ف» and then «ب», «ل», «ك» with or without «ال» are written together with the word that follows.
_PREFIX = "[وف]?(?:[بلك]|[بك]?ال|لل)"
_QUOTED = re.compile(
    rf'((?<!\w)(?:{_PREFIX}\u0640?|[وف]\u0640?)?)["″＂](?=\S)((?:[^"″＂«»]|«[^"″＂«»]{{0,200}}»){{1,300}}?)(?<=\S)["″＂](?!\w)'
)
_TWO_MARKS = re.compile(
    rf'^([^"]*(?<![{_DIGIT}]))"[ \u00a0]*([^"«»]{{1,300}}?)[ \u00a0]*(?<![{_DIGIT}])"([^"]*)$'
)
_PAIRS, _INCHES, _MOST_MARKS = re.compile('"([^"]{1,300})"'), re.compile(rf'[{_DIGIT}]"'), 12
_ANY_MARK, _STRAIGHT = re.compile('["″＂“”„«»]'), re.compile('["″＂]')
_ANY_DIGIT, _CARRIED, _BETWEEN = (
    re.compile(f"[{_DIGIT}]"),
    re.compile("[«A-Za-z]"),
    re.compile(f"[{_DIGIT}] ?[-–—−/:]"),
)
_CURLY = re.compile("[“„]([^“”„«»]{1,300})”")
_REVERSED = re.compile(rf"((?<!\w)(?:{_PREFIX}|[وف])?)”(?=\S)([^“”„«»]{{1,300}})(?<=\S)“(?!\w)")
_LOOSE = re.compile("(?<=«)[ \u00a0]+|[ \u00a0]+(?=»)")
_CARRIER = re.compile(rf"(?<!\w)({_PREFIX}|و?ف)(?=«)|(?<!\w)({_PREFIX}|و?ف)(?=[{_DIGIT}A-Za-z])")
_APART = re.compile(rf"(?<!\w)([وفبك]?ال)[ \u00a0](?=[{_DIGIT}])")
_BEFORE_STOP = re.compile(r"(?<=\S)[ \u00a0]+(?=[.،,؛;:؟?!…۔]+(?:[\s»)\]]|$))")
_AFTER_COMMA = re.compile(rf"(?<=[{_ARABIC}»])([،؛])(?=[{_ARABIC}«])")
_DECIMAL_COMMA = re.compile(
    rf"(?<![{_DIGIT}.,،٫٬])([{_DIGIT}]{{1,4}}),([{_DIGIT}]{{1,2}})(?![{_DIGIT}.,٫٬])(?!،[{_DIGIT}])"
)
_DECIMAL_BEFORE_UNIT = re.compile(
    rf"(?<![{_DIGIT}.,،٫٬])([{_DIGIT}]{{1,4}})،([{_DIGIT}]{{1,2}})(?=\s?(?:[%٪]|في الم|بالم|مليون|مليار|تريليون|ألف|دولار|يورو|درجة|متر|كيلو|نقطة))"
)
_HASHTAG = re.compile(rf"(?<![A-Za-z0-9_&/#])([وفبلك]?)#([{_ARABIC}][\w\u064b-\u0652]*)")
_SCORE = re.compile(
    rf"(?<![{_DIGIT}.,:/٫٬\-–—−])([{_DIGIT}]{{1,2}}) ?([-–—−/:]) ?([{_DIGIT}]{{1,2}})(?![{_DIGIT}]|[.,:/٫٬\-–—−] ?[{_DIGIT}]| ?[%٪])"
)
_NIL = re.compile(
    rf"(?<![{_DIGIT}{_ARABIC}.,:/٫٬])(?:([{_DIGIT}]{{1,2}}) ?[-–—−] ?(صفر)|(صفر) ?[-–—−] ?([{_DIGIT}]{{1,2}}))(?![{_DIGIT}{_ARABIC}])"
)
_PLAYED = re.compile(
    r"فاز|فوز|يفوز|تفوز|تفوق|متفوق|تعادل|خسر|خسار|هزم|هزيم|تغلب|انتصر|انتصار|نتيج|اكتسح|سحق|الذهاب|الإياب|ركلات|شوط|تأخر|تقدم|متقدم"
)
_RESULT = re.compile(r"نتيجة \(?$")
_NO_SCORE = re.compile(
    r"(?:موسم|عام|عامي|سنة|بين|سن|عمر|الفئة|الدقيقة|الدقائق|خطة|بخطة|يوم|يومي|الساعة) \(?$|^ ?(?:أيام|يوم|سنة|سنوات|عام|أعوام|شهر|أشهر|ساعات|ساعة|دقيقة|دقائق|أسابيع|أسبوع|لاعب|مليون|مليار|ألف|في المئة|بالمئة|في المائة|بالمائة|دولار|متر|كيلو)"
)
_NEAR_BEFORE, _NEAR_AFTER = 45, 20


def spelled(text: str, language: str, marks: str, *, months: str = "") -> str:
    """Return one clean line with its quotation marks, prefixes, stops and decimal commas as the language
    writes them.

    `marks` are the opening and the closing quotation mark; empty leaves them as they are. With `months`, a
    list's set of names, the text is spelled as that list's editions are, too: hashtags opened, scores as ٢–١,
    of a double month its own name.
    """
    # Most lines have none of the signs that a rule is about: looking for the sign is much quicker than trying
    # the rule.
    text = _BEFORE_STOP.sub("", text)
    if marks and _ANY_MARK.search(text):
        text = _marked(text, marks)
    has_digit = bool(_ANY_DIGIT.search(text))
    if language == "ar":
        if "،" in text or "؛" in text:
            text = _AFTER_COMMA.sub(r"\1 ", text)
        if has_digit:
            text = _APART.sub(r"\1", text)
        text = spaced(text, has_digit=has_digit) if months else text
        if has_digit or _CARRIED.search(text):
            text = _CARRIER.sub(lambda match: f"{match[0]}\u0640", text)
    if language in {"ar", "fa", "ur"}:
        if has_digit:
            text = _DECIMAL_BEFORE_UNIT.sub(r"\1.\2", _DECIMAL_COMMA.sub(r"\1.\2", text))
        if months and "#" in text:
            text = _HASHTAG.sub(_opened, text)
    return _of_list(text, months, has_digit=has_digit) if language == "ar" and months else text


def _of_list(text: str, months: str, *, has_digit: bool) -> str:
    if has_digit and _BETWEEN.search(text):
        text = _SCORE.sub(_score_in(text), text)
    if has_digit and "صفر" in text:
        text = _NIL.sub(lambda match: "–".join(filter(None, match.groups())), text)
    if "/" in text or "(" in text:
        pattern, owns = _doubles(months)
        text = pattern.sub(_own_month(owns), text)
    return text


def _marked(text: str, marks: str) -> str:
    opening, closing = marks[0], marks[-1]
    if "”" in text:
        text = _REVERSED.sub(rf"\1{opening}\2{closing}", text)
    text = _CURLY.sub(rf"{opening}\1{closing}", text) if opening != "“" else text.replace("„", "“")
    if _STRAIGHT.search(text):
        text = _QUOTED.sub(rf"\1{opening}\2{closing}", text)
        text = _TWO_MARKS.sub(rf"\1{opening}\2{closing}\3", text)
        text = _PAIRS.sub(rf"{opening}\1{closing}", text) if _is_paired(text) else text
    return _LOOSE.sub("", text)


def _is_paired(text: str) -> bool:
    """Whether the straight marks that are left are pairs: an even number, none behind a number (inches)."""
    left = text.count('"')
    return 2 < left <= _MOST_MARKS and left % 2 == 0 and not _INCHES.search(text)


def _opened(match: re.Match[str]) -> str:
    return match[1] + " ".join(match[2].replace("_", " ").split())


def _score_in(text: str) -> Callable[[re.Match[str]], str]:
    """A result stands near a word of playing; a slash or a colon parts one only right behind «نتيجة» or in
    brackets.
    """

    def one(match: re.Match[str]) -> str:
        before, after = text[max(0, match.start() - _NEAR_BEFORE) : match.start()], text[match.end() :]
        after_result = bool(_RESULT.search(before))
        in_brackets = before.endswith("(") and after.startswith(")")
        if match[2] in "/:" and not after_result and not (in_brackets and match[2] == "/"):
            return match[0]
        near = bool(_PLAYED.search(before) or _PLAYED.search(after[:_NEAR_AFTER]))
        if not (after_result or near) or _NO_SCORE.search(before) or _NO_SCORE.search(after[:_NEAR_AFTER]):
            return match[0]
        return f"{match[1]}–{match[3]}"

    return one


@lru_cache(maxsize=8)
def _doubles(months: str) -> tuple[re.Pattern[str], Mapping[str, tuple[frozenset[int], str]]]:
    """What finds two names of one month side by side, and of each name its numbers in the year and the list's
    own name.
    """
    sets = calendar.month_sets("ar")
    own = sets.get(months, sets["default"])
    places: dict[str, set[int]] = {}
    for names in sets.values():
        for place, name in enumerate(names):
            places.setdefault(name, set()).add(place)
    either = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)([وفبل]?)({either}) ?(?:/ ?({either})|\(({either})\))(?!\w)")
    return pattern, {name: (frozenset(found), own[min(found)]) for name, found in places.items()}


def _own_month(owns: Mapping[str, tuple[frozenset[int], str]]) -> Callable[[re.Match[str]], str]:
    def one(match: re.Match[str]) -> str:
        (first, name), (second, _) = owns[match[2]], owns[match[3] or match[4]]
        return f"{match[1]}{name}" if first & second else match[0]

    return one
