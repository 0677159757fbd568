"""Direction: what a line's first strong letter is, and which runs must stand apart (UAX 9)."""

import re
import unicodedata
from dataclasses import dataclass

from digest.text.direction import latin_runs

RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})
MARK = "\u200f"
"""Right-to-left mark: an unseen strong letter that makes a line right-to-left."""
LEFT_MARK = "\u200e"

# Arabic-Indic digits are never left-to-right by themselves: groups of them with a blank or a hyphen between
# run from the right.
_GROUP_END = re.compile(r"(?<=[٠-٩)])([^٠-٩.,:/\u066b\u066c]{1,4})(?=[(٠-٩])")
_ARABIC_LETTER = re.compile("[\u0620-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
# Before the first Arabic letter, such digits are European numbers: a hyphen between two joins them, a sign
# sticks to one.
_HYPHEN = re.compile(r"(?<=[0-9۰-۹])([+\-])(?=[0-9۰-۹])")
_PERCENT = re.compile("(?<=[۰-۹])(?=[\u066a°])")


@dataclass(frozen=True, slots=True)
class DirectionRun:
    """A piece of a line; `ltr` pieces stand in an element of their own direction."""

    text: str
    ltr: bool

    @property
    def ordered(self) -> str:
        """The text with the unseen marks that keep the groups of an Arabic-Indic number in their order."""
        return _GROUP_END.sub(rf"\1{LEFT_MARK}", self.text) if self.ltr else self.text


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language code."""
    return "rtl" if language in RTL_LANGUAGES else "ltr"


def first_strong(text: str) -> str:
    """Return the class of the first strong character: "L", "R", "AL", or "" when there is none (UAX 9,
    P2).
    """
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in {"L", "R", "AL"}:
            return kind
    return ""


def rtl_line(text: str) -> str:
    """Return the line so that a plain-text reader lays it out from the right.

    A line whose first strong character is not right-to-left gets U+200F before it; an empty line stays empty.
    """
    return MARK + text if text.strip() and first_strong(text) not in {"R", "AL"} else text


def isolate_latin(text: str) -> tuple[DirectionRun, ...]:
    """Cut a right-to-left line into segments; Latin names with their signs, addresses and telephone numbers
    are left-to-right ones.

    The segments' texts joined are the line. Without Latin there is one segment; nothing for an empty line.
    """
    segments: list[DirectionRun] = []
    end = 0
    for start, stop in latin_runs.runs(text):
        if start > end:
            segments.append(DirectionRun(text[end:start], ltr=False))
        segments.append(DirectionRun(text[start:stop], ltr=True))
        end = stop
    if end < len(text):
        segments.append(DirectionRun(text[end:], ltr=False))
    return tuple(segments)


def ordered_start(text: str) -> str:
    """Return a line's first piece so that a range before its first Arabic letter runs from the right, as one
    behind it does.
    """
    letter = _ARABIC_LETTER.search(text)
    end = letter.start() if letter else len(text)
    return _PERCENT.sub(MARK, _HYPHEN.sub(rf"\1{MARK}", text[:end])) + text[end:]
