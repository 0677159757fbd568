"""Blanks where Arabic has them: between a number and its word, around quotation marks, behind stops. Pure."""

import re

_DIGIT = "0-9٠-٩۰-۹"
_ARABIC = "\u0621-\u063a\u0641-\u064a\u0671-\u06d3"
_MARKS = "\u064b-\u0652"
# «10محافظات»; a letter or two may be a unit or a sort («10م»).
_NUMBER_THEN_WORD = re.compile(
    rf"(?<![A-Za-z_#@/\-{_ARABIC}])([{_DIGIT}]+(?:[.,٫٬][{_DIGIT}]+)*)(?=[{_ARABIC}][{_ARABIC}{_MARKS}]{{2}})"
)
# Types and names keep their numbers («ميغ29»), and so do prefixes; these words never have one.
_WORD_THEN_NUMBER = re.compile(
    rf"(?<![{_ARABIC}{_MARKS}])([وف]?(?:عام|العام|سنة|في|من|إلى|الى|على|عن|حتى|منذ|قبل|بعد|خلال|نحو|بين|الساعة|يوم|الدقيقة))(?=[{_DIGIT}])"
)
# «5ر3 بالمئة»: how some agencies write a decimal.
_DECIMAL_LETTER = re.compile(
    rf"(?<![{_ARABIC}{_DIGIT}])([{_DIGIT}]{{1,4}})ر([{_DIGIT}]{{1,3}})(?![{_ARABIC}{_DIGIT}])"
)
_BEFORE_MARK = re.compile(rf"(?<![{_ARABIC}{_MARKS}])([{_ARABIC}][{_ARABIC}{_MARKS}]+)(?=«)")
_PREFIX = re.compile(r"[وف]?(?:[بلك]|[بك]?ال|لل)")
_AFTER_MARK = re.compile(rf"»(?=[{_ARABIC}])")
_CARRIED_APART = re.compile(
    rf"((?<![{_ARABIC}])[وف]?(?:[بلكف]|ال|بال|كال)\u0640)[ \u00a0]+(?=[«A-Za-z{_DIGIT}])"
)
_LONE_AND = re.compile(rf"(?<![^\s«(])و[ \u00a0](?=[{_ARABIC}]{{2}})")
_COLON = re.compile(rf"(?<=[{_ARABIC}{_MARKS}»]):(?=[{_ARABIC}«])")
_APART_COMMA = re.compile(rf"[ \u00a0]+([،؛])(?=[{_ARABIC}«])")
_DOTS = re.compile(rf"(?<=[{_ARABIC}{_MARKS}»])(\.{{2,3}})(?=[{_ARABIC}«])")


def spaced(text: str, *, has_digit: bool) -> str:
    """Return a line of Arabic with the blanks set that its writer forgot, and without those that part what
    belongs together: «و لا», «بـ «الحق»».
    """
    if has_digit:
        text = _DECIMAL_LETTER.sub(r"\1.\2", text)
        text = _WORD_THEN_NUMBER.sub(r"\1 ", _NUMBER_THEN_WORD.sub(r"\1 ", text))
    if "«" in text:
        text = _AFTER_MARK.sub("» ", _BEFORE_MARK.sub(_apart, text))
    if "\u0640" in text:
        text = _CARRIED_APART.sub(r"\1", text)
    if ":" in text:
        text = _COLON.sub(": ", text)
    if ".." in text:
        text = _DOTS.sub(r"\1 ", text)
    return _APART_COMMA.sub(r"\1 ", _LONE_AND.sub("و", text))


def _apart(word: re.Match[str]) -> str:
    return word[0] if _PREFIX.fullmatch(word[1]) else f"{word[0]} "
