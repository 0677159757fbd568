"""Where sentences end.

A full stop, exclamation mark, question mark or ellipsis ends a sentence, as does a line end; a comma or
semicolon never does. What looks like an end and is none: decimal points, addresses, initials and
abbreviations, list numbers, era marks, two dots that stand for a dash, and stops inside a quotation that is
soon closed. Arabic is often written without the space after a full stop, so a letter may follow at once.
Every rule looks at a bounded stretch, so that time grows with the length of the text.
"""

import re
from collections.abc import Iterator

from digest.text.words.lexicon import read

_END = re.compile("[.!?\u061f\u2026\u06d4\u203c\u2047-\u2049]+|[\n\r\u2028\u2029\u0085]+")
_CLOSERS = "»”’›)]}\u2019"
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_QUOTE = re.compile('["«»“”„()\\[\\]\n\r]')
_CLOSED_BY = {'"': '"', "«": "»", "“": "”“", "”": "“”", "„": "“”", "(": ")", "[": "]"}
_ARABIC = re.compile("[\u0620-\u064a\u066e-\u06d3]")
_HEBREW = re.compile("[\u05d0-\u05ea]")
_LINE_END = re.compile("[\n\r\u2028\u2029\u0085]")
_WORD_BEFORE = re.compile(r"[^\s()\[\]«»“”\"،؛:!?؟/-]+\Z")
_WORD_AFTER = re.compile(r"[\s\"'«“‘(\[]*([^\s«»“”\"()،؛:.!?؟]+)")
_NUMBER_BEFORE = re.compile(r"[\d٠-٩۰-۹]\s*\Z")
_LOOK = 24
# A quotation that stays open for longer is taken as broken into sentences (or as never closed).
_LONGEST_QUOTATION = 320

_ABBREVIATIONS = read("abbreviations/latin")
# These may stand before a full stop that ends the sentence too.
_MAY_END = read("abbreviations/latin_may_end")
_ARABIC_ABBREVIATIONS = read("abbreviations/arabic")
_ERAS = read("abbreviations/eras")
_SAYING = read("abbreviations/saying")
_OPENERS = read("abbreviations/openers")
_LETTER_NAMES = read("abbreviations/letter_names")
_DOMAINS = read("abbreviations/domains")
# Letters' names that are also plain words: a stop after them ends nothing only when the next name is glued to
# it.
_ALSO_WORDS = frozenset(("في", "او", "أو", "ان", "إن", "ام", "أم", "اي", "أي", "ال", "تي", "يو", "اس"))
_BEFORE_NUMBERS = frozenset(("no", "vol", "fig"))
_URDU_STOP = "\u06d4"
# The press in Arabic script writes two dots for a dash; elsewhere they are a slip of the finger.
_TWO_DOTS_END = frozenset(("en", "he"))
_DOTTED_LATIN = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_DOTTED_ARABIC = re.compile("(?:[\u0621-\u064a]\\.)+[\u0621-\u064a]")


def spans(text: str, language: str = "ar") -> list[tuple[int, int]]:
    """Return (start, end) of every sentence, in order, without the white space around it.

    The spans do not overlap, and together hold every character that is not white space. `language` is one of
    our codes; it decides only what the text itself leaves open. Empty for blank text.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for end in _ends(text, language):
        _add(found, text, start, end)
        start = end
    _add(found, text, start, len(text))
    return found


def split(text: str, language: str = "ar") -> list[str]:
    """Return the sentences, in order, each as it stands in the text."""
    return [text[start:end] for start, end in spans(text, language)]


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    kept = piece.strip()
    if not kept:
        return
    first = start + len(piece) - len(piece.lstrip())
    last = first + len(kept)
    if found and not _LETTER_OR_DIGIT.search(kept) and not _LINE_END.search(text, found[-1][1], first):
        found[-1] = (found[-1][0], last)
    else:
        found.append((first, last))


def _ends(text: str, language: str) -> Iterator[int]:
    quoted = _Quotations(text)
    start = 0
    for match in _END.finditer(text):
        if match[0][0] in "\n\r\u2028\u2029\u0085":
            start = match.end()
            yield start
            continue
        after = quoted.closed_at(text, match.end())
        if quoted.holds(match.start(), after):
            continue
        if _is_end(text, start, match, after, language):
            start = after
            yield after


class _Quotations:
    """Where quotations and brackets of one line open and close; asked with growing positions only."""

    def __init__(self, text: str) -> None:
        self._pairs = list(_pairs(text))
        self._closings = {close for _, close in self._pairs}
        self._next = 0

    def closed_at(self, text: str, position: int) -> int:
        """Return the position after the closing marks that follow."""
        while position < len(text) and (text[position] in _CLOSERS or position in self._closings):
            position += 1
        return position

    def holds(self, at: int, after: int) -> bool:
        """Say whether `at` stands inside a pair that closes at `after` or later."""
        while self._next < len(self._pairs) and self._pairs[self._next][1] < at:
            self._next += 1
        if self._next == len(self._pairs):
            return False
        opened, closed = self._pairs[self._next]
        return opened < at and closed >= after


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    opened, kind = -1, ""
    for match in _QUOTE.finditer(text):
        mark, at = match[0], match.start()
        if mark in "\n\r":
            opened = -1
        elif opened >= 0 and mark in _CLOSED_BY[kind] and not _opens_again(text, at, kind):
            if at - opened <= _LONGEST_QUOTATION:
                yield opened, at
            opened = -1
        elif mark in _CLOSED_BY and (opened < 0 or mark == kind) and not _is_in_word(text, at):
            opened, kind = at, mark


def _opens_again(text: str, at: int, kind: str) -> bool:
    # The earlier mark was never closed when the same one stands after a space and before a letter.
    return kind == '"' and text[at - 1 : at].isspace() and text[at + 1 : at + 2].isalnum()


def _is_in_word(text: str, at: int) -> bool:
    # Hebrew writes its abbreviations with the same mark before the last letter.
    return at > 0 and bool(_HEBREW.match(text, at - 1)) and bool(_HEBREW.match(text, at + 1))


def _is_end(text: str, start: int, match: re.Match[str], after: int, language: str) -> bool:
    if after >= len(text) or _LINE_END.match(text, after):
        return True
    mark, following = match[0], text[after]
    if following in ",\u060c\u061b;:":
        return False
    if mark == "." and _is_dotted_name(text, match.start(), after):
        return False
    was_closed = after > match.end()
    if was_closed and _next_word(text, after) in _SAYING:
        return False
    if not following.isspace() and not was_closed and not _may_follow_at_once(text, match.start(), following):
        return False
    if _goes_on_small(text, match.start(), after):
        return False
    if mark == "..":
        return language in _TWO_DOTS_END
    if mark == ".":
        return not _is_abbreviation(text, start, match.start(), after, language)
    return mark != _URDU_STOP or not _is_initial(text, match.start())


def _may_follow_at_once(text: str, at: int, following: str) -> bool:
    if _ARABIC.match(following) or _HEBREW.match(following):
        return True
    before = text[at - 1 : at]
    return bool(_ARABIC.match(before)) and following in '«“"(-–—*•'


def _goes_on_small(text: str, at: int, after: int) -> bool:
    word = _next_word(text, after)
    return word[:1].islower() and word[:1].isascii() and not _ARABIC.match(text[at - 1 : at])


def _is_initial(text: str, at: int) -> bool:
    """Say whether a single letter stands before a mark, as in «ڈاکٹر م۔ احمد»."""
    return text[at - 1 : at].isalpha() and not text[at - 2 : at - 1].isalnum() and at > 1


def _is_abbreviation(text: str, start: int, at: int, after: int, language: str) -> bool:
    before = text[max(start, at - _LOOK) : at]
    found = _WORD_BEFORE.search(before)
    if found is None:
        return False
    word = found[0]
    following = _next_word(text, after)
    if word.isdigit() or (len(word) == 1 and word.isalpha()):
        if not text[start : at - len(word)].strip():
            return True
        if word.isdigit():
            return False
    if word.replace("\u0640", "") in _ERAS and _NUMBER_BEFORE.search(before[: found.start()]):
        return not following.startswith("و") and following not in _OPENERS
    if _HEBREW.match(word):
        return len(word.rstrip("'\u05f3")) == 1
    if _ARABIC.match(word):
        # A dotted one may stand last, as «ق.م.» does.
        return _is_arabic_abbreviation(word) and not ("." in word and following in _OPENERS)
    if word.lower() in _BEFORE_NUMBERS:
        return following[:1].isdigit()
    return _is_latin_abbreviation(word) and not (_may_end(word) and following in _OPENERS)


def _is_arabic_abbreviation(word: str) -> bool:
    bare = word.removeprefix("و").removeprefix("ال") if len(word) > 1 else word
    return len(bare) == 1 or bare in _ARABIC_ABBREVIATIONS or bool(_DOTTED_ARABIC.fullmatch(bare))


def _is_dotted_name(text: str, at: int, after: int) -> bool:
    """Say whether a stop stands within a name spelled by letters («دي.زد», «جي. بي. مورغان») or an address
    («بيت.كوم»).
    """
    found = _WORD_BEFORE.search(text[max(0, at - _LOOK) : at])
    if found is None or not _ARABIC.match(found[0][-1:]):
        return False
    parts = found[0].split(".")
    glued = text[at + 1 : at + 2] == text[after : after + 1] and not text[after].isspace()
    following = _next_word(text, after)
    if glued and following in _DOMAINS:
        return True
    if not _names_a_letter(parts[-1]):
        return False
    if _names_a_letter(following):
        return glued or not ({parts[-1], following} & _ALSO_WORDS)
    # The last stop of a chain: «جي. بي. مورغان», «بي.بي.سي. نيوز» go on with the name.
    return parts[-1] not in _ALSO_WORDS and _ends_a_chain(text, at, parts)


def _ends_a_chain(text: str, at: int, parts: list[str]) -> bool:
    if len(parts) > 1:
        return False
    start = at - len(parts[0])
    earlier = text[max(0, start - _LOOK) : start].rstrip()
    if not earlier.endswith("."):
        return False
    before = _WORD_BEFORE.search(earlier[:-1])
    return before is not None and _names_a_letter(before[0].split(".")[-1])


def _names_a_letter(word: str) -> bool:
    if word in _LETTER_NAMES:
        return True
    return any(word.startswith(one) and word[len(one) :] in _LETTER_NAMES for one in ("و", "ب", "ل", "ال"))


def _is_latin_abbreviation(word: str) -> bool:
    lower = word.lower()
    return (
        lower in _ABBREVIATIONS
        or lower in _MAY_END
        or (len(word) == 1 and word.isupper())
        or bool(_DOTTED_LATIN.fullmatch(word))
    )


def _may_end(word: str) -> bool:
    return word.lower() in _MAY_END or bool(_DOTTED_LATIN.fullmatch(word))


def _next_word(text: str, after: int) -> str:
    found = _WORD_AFTER.match(text, after, after + 2 * _LOOK)
    return found[1] if found else ""
