"""Where a left-to-right run begins and ends in a right-to-left line. Pure.

A name in Latin letters takes along the signs that are part of its spelling (C#, .NET, Inc., $AAPL, Disney+,
CO₂) and the number that is part of its title (iPhone 17 Pro). Digits of all three systems count alike, so
that the runs of a line are the same before its digits are changed and after.
"""

import re

DIGIT = "0-9٠-٩۰-۹"
RTL_LETTER = "\u0590-\u05ff\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Latin, Greek and Cyrillic letters, and the signs that are letters (ª, µ, º, ℃ is none).
LETTER = r"A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u024f\u0370-\u03ff\u0400-\u052f\u1e00-\u1eff"
_RAISED = "\u00b2\u00b3\u00b9\u2070-\u2099\u207f"
_INNER = (
    rf"{DIGIT}{_RAISED}.,\u066b\u066c:/\\@#&+*=?!%\u066a$€£_~|'’\"()\[\]<> \u00a0\-–—−×÷·±≈°®™©℠\u0300-\u036f"
)
# From the first letter, with the digits that are tied to it, to the last one before the script changes; then
# what is tied to that.
_CORE = re.compile(
    rf"(?:[{DIGIT}][{DIGIT}.,\u066b\u066c:/+\-°]{{0,30}})?[{LETTER}](?:[{LETTER}{_INNER}]*[{LETTER}])?"
    rf"(?:[-.:/+&=?'~_#@$€£,\u066b\u066c]{{0,3}}[{DIGIT}{_RAISED}]{{1,60}}){{0,20}}"
)
_URL = re.compile(r"(?<![^\s(\[«\"])(?:https?://|www\.)[^\s«»<>\"]+", re.IGNORECASE)
_URL_END = re.compile(r"[.,،؛;:!?؟)\]…]+$")

_BEFORE = re.compile(
    rf"(?:(?<![^\s(\[«\"/])|(?<=(?<![{RTL_LETTER}])[وفبلك])|(?<=ـ))"
    r"(?:[@#+~$€£]|\.(?!\.)|--|/(?=[a-z]))$"
)
_SIGNS = re.compile(r"(?:\+{1,2}|#|\*{1,2}|[®™©℠°′″_]|[%\u066a](?!\w)|/(?=\s|$)){1,3}")
_RATING = re.compile(r"(?<![A-Za-z])([ABC])\1{0,2}$")
_DOTTED = re.compile(r"(?:^|[^A-Za-z.])(?:[A-Za-z]{1,2}\.)+[A-Za-z]{1,2}$")
_ABBREVIATIONS = frozenset(
    [
        "inc",
        "corp",
        "ltd",
        "co",
        "dr",
        "mr",
        "mrs",
        "ms",
        "st",
        "jr",
        "sr",
        "vs",
        "no",
        "nos",
        "vol",
        "bros",
        "gen",
        "sen",
        "gov",
        "prof",
        "dept",
        "univ",
        "mt",
        "ft",
        "etc",
        "ave",
        "rd",
        "est",
        "approx",
        "col",
        "capt",
        "rev",
        "sgt",
        "lt",
        "fig",
        "ed",
        "eds",
        "tel",
        "ext",
        "messrs",
        "assn",
        "intl",
        "mfg",
        "feat",
        "al",
        "op",
        "cf",
    ]
)
# How far back a word is looked for: long enough for every abbreviation.
_LONGEST_WORD = 40
_LAST_WORD = re.compile(r"[^\s./()\[\]]+$")
_CALLING_NAMES = frozenset({"yahoo", "joomla", "jeopardy", "yum", "kahoot", "oklahoma", "ahoy"})
_SENTENCE_END = re.compile(rf"(?<=[{LETTER}]{{3}})\.(?= [A-Z\u00c0-\u00de])")

_NUMBER = re.compile(
    rf"[ \u00a0]([{DIGIT}]{{1,4}}(?:[.\u066b\-][{DIGIT}]{{1,4}}){{0,3}})(?![{DIGIT}%\u066a‰°/:$€£\u066b\u066c,.+\-–]*[{DIGIT}%\u066a‰°$€£])"
    rf"(?![{RTL_LETTER}{LETTER}_])"
)
_BRACKETED = re.compile(rf"[ \u00a0]\((?=[^()]*[{LETTER}])[{LETTER}{DIGIT} .&+\-]{{1,40}}\)")
# What may stand behind a number that belongs to the name before it: the end, a sign, a word that counts
# nothing.
_COUNTS_NOTHING = re.compile(
    rf"\s*$|[.!؟،؛:,)\]»…|]|\s+(?:[(«\-–—|:]|ال|لل|[وفبلك]ال|(?:في|من|على|إلى|عن|مع|بعد|قبل|عند|منذ|خلال|ضد|بين|أو|ثم|حتى|كما|إن|أن|قد|لم|لن|لا|هو|هي)(?![{RTL_LETTER}])"
    rf"|س?ي(?!وم|ورو|وان|ين)[{RTL_LETTER}]{{2,}}|س?ت(?![{RTL_LETTER}]ا)[{RTL_LETTER}]{{2,4}}(?<![ةا])(?<!ات)(?![{RTL_LETTER}]))"
)
_QUOTES = frozenset({"«»", "“”", '""', "''", "‘’", "‹›", "„“"})
_PAIRS = (("(", ")"), ("[", "]"), ("<", ">"))

# A telephone number, a day as 2024-05-17, a sum: its groups change places when nothing holds them together.
_GROUP = rf"\(?[{DIGIT}]{{1,30}}\)?"
_NUMBERS = re.compile(
    rf"(?<![{DIGIT}])(?:[+\u2212]?{_GROUP}(?:[ \u00a0\-–—/+*=×÷]{{1,3}}{_GROUP}){{2,12}}"
    rf"|[+]{_GROUP}(?:[ \u00a0\-–]{{0,2}}{_GROUP}){{0,12}}(?![{DIGIT}%\u066a]|[.,\u066b\u066c][{DIGIT}])"
    rf"|(?<![{DIGIT}.,:/\-–])[0٠۰][{DIGIT}]{{0,4}}[ \u00a0\-–][{DIGIT}]{{5,12}}"
    rf"|[0٠۰][{DIGIT}]{{1,4}}[\-–][{DIGIT}]{{3,4}}(?![{DIGIT}]))"
)
# With Latin digits the sign stands where it stands in Latin: -5°, +3, 50%, 18+, #5.
_SIGNED = re.compile(
    rf"(?:(?<![{LETTER}{RTL_LETTER}0-9%°.,:/)+\-])|(?<=(?<![{RTL_LETTER}])[وفبلك]))[+\-−±~≈#][0-9]+(?:[.,:][0-9]+)*[%‰°]{{0,2}}(?![0-9{LETTER}])"
    rf"|(?<![{LETTER}0-9.,:/])[0-9]+(?:[.,][0-9]+)*(?:[%‰°]{{1,2}}|\+(?![0-9]))(?![{LETTER}])"
)


def runs(text: str) -> list[tuple[int, int]]:
    """Return where the left-to-right runs of a right-to-left line stand, as (start, end), in order and
    apart.
    """
    if not re.search(f"[{RTL_LETTER}]", text) and re.search(f"[{LETTER}]", text):
        return [(0, len(text))]
    found = [_url(text, *match.span()) for match in _URL.finditer(text)]
    for match in _CORE.finditer(text):
        found += _names(text, *match.span())
    found += [match.span() for match in _NUMBERS.finditer(text)]
    found += [match.span() for match in _SIGNED.finditer(text)]
    return _apart(found)


def has_letter(text: str) -> bool:
    """Say whether a run is a name or an address, and not numbers alone."""
    return re.search(f"[{LETTER}]", text) is not None


def _apart(found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(stop, kept[-1][1]))
        else:
            kept.append((start, stop))
    return kept


def _url(text: str, start: int, stop: int) -> tuple[int, int]:
    end = _URL_END.search(text[start:stop])
    return start, start + end.start() if end else stop


def _names(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Cut where a sentence ends, then let each piece take what belongs to it."""
    spans = []
    for end in _SENTENCE_END.finditer(text, start, stop):
        word = _LAST_WORD.search(text[max(start, end.start() - _LONGEST_WORD) : end.start()])
        if word and word[0].lower() not in _ABBREVIATIONS:
            spans.append(_whole(text, start, end.start()))
            start = end.end() + 1
    return [*spans, _whole(text, start, stop)]


def _whole(text: str, start: int, stop: int) -> tuple[int, int]:
    before = _BEFORE.search(text[max(0, start - 4) : start])
    if before:
        start -= len(before[0])
    start, stop = _balanced(text, start, _with_signs(text, start, stop))
    while True:
        further = _with_number(text, start, stop)
        if further == stop:
            break
        stop = further
    for opening, closing in _PAIRS[:2]:
        if text[start - 1 : start] == opening and text[stop : stop + 1] == closing and start:
            return start - 1, stop + 1
    return start, stop


def _with_signs(text: str, start: int, stop: int) -> int:
    run = text[max(start, stop - _LONGEST_WORD) : stop]
    word = _LAST_WORD.search(run)
    last = word[0].lower() if word else ""
    following = text[stop : stop + 1]
    if following == "." and (
        _DOTTED.search(run) or last in _ABBREVIATIONS or (len(last) == 1 and text[stop + 1 : stop + 2] == " ")
    ):
        return stop + 1
    if following in {"!", "?"} and text[stop + 1 : stop + 2] not in {"!", "?", "؟"}:
        goes_on = re.match(rf"[ \u00a0][^\s]*[{RTL_LETTER}]", text[stop + 1 :]) is not None
        is_quoted = text[max(0, start - 1) : start] + text[stop + 1 : stop + 2] in _QUOTES
        return stop + 1 if goes_on or is_quoted or last in _CALLING_NAMES else stop
    if following in {"-", "–", "−"} and _RATING.search(run) and not re.match(r".\w", text[stop:]):
        return stop + 1
    signs = _SIGNS.match(text, stop)
    return signs.end() if signs else stop


def _with_number(text: str, start: int, stop: int) -> int:
    """Take in the number of a title (Windows 11) and a bracket in the same script behind it."""
    bracket = _BRACKETED.match(text, stop)
    if bracket:
        return bracket.end()
    number = _NUMBER.match(text, stop)
    if number is None or (stop > start and re.match(f"[{DIGIT}]", text[stop - 1])):
        return stop
    if _BRACKETED.match(text, number.end()) or _COUNTS_NOTHING.match(text, number.end()):
        return number.end()
    return stop


def _balanced(text: str, start: int, stop: int) -> tuple[int, int]:
    """Keep brackets in pairs, so that both are mirrored alike: take the missing one in, or leave the other
    out.
    """
    for opening, closing in _PAIRS:
        run = text[start:stop]
        if run.count(opening) > run.count(closing):
            if text[stop : stop + 1] == closing:
                stop += 1
            else:
                stop = start + len(run[: run.rindex(opening)].rstrip())
        elif run.count(closing) > run.count(opening):
            if text[start - 1 : start] == opening and start:
                start -= 1
            else:
                stop = start + run.index(closing)
    return start, stop
