"""Direction: what a line's first strong letter is, and which runs must stand apart (UAX 9)."""

import re
import unicodedata
from dataclasses import dataclass

RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})
MARK = "\u200f"
"""Right-to-left mark: an unseen strong letter that makes a line right-to-left."""

_LATIN = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
_INNER = r"0-9.,:;/\\@#&+*=?!%$€£_~|'’\"()\[\]<> \-"
# From the first Latin letter (with what is tied to it: @, #, digits) to the last letter or digit before the script changes.
_LATIN_RUN = re.compile(
    rf"[@#+]?(?:[0-9][0-9.,:/+\-]{{0,30}})?[{_LATIN}](?:[{_LATIN}{_INNER}\u0300-\u036f]*[{_LATIN}0-9+%/_])?"
)
# A phone number, a range with blanks, a sum: without isolation its groups change places.
_NUMBER_RUN = re.compile(
    r"[+\u2212]?[0-9]{1,30}(?:[ \-–—/+*=×]{1,3}[0-9]{1,30}){2,}|[+][0-9][0-9 \-]{6,30}[0-9]"
)
_BRACKETS = (("(", ")"), ("[", "]"), ("<", ">"))


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line; `ltr` pieces stand in an element of their own direction."""

    text: str
    ltr: bool


def direction(language: str) -> str:
    """Return "rtl" or "ltr" for a language code."""
    return "rtl" if language in RTL_LANGUAGES else "ltr"


def first_strong(text: str) -> str:
    """Return the class of the first strong character: "L", "R", "AL", or "" when there is none (UAX 9, P2)."""
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


def isolate_latin(text: str) -> tuple[Segment, ...]:
    """Cut a right-to-left line into segments; Latin runs, addresses, handles and phone numbers are left-to-right ones.

    The segments' texts joined are the line. Without Latin there is one segment; nothing for an empty line.
    """
    runs = sorted(
        (
            _balanced(text, *match.span())
            for pattern in (_LATIN_RUN, _NUMBER_RUN)
            for match in pattern.finditer(text)
        ),
        key=lambda span: (span[0], -span[1]),
    )
    segments: list[Segment] = []
    end = 0
    for start, stop in runs:
        if start < end:
            continue
        if start > end:
            segments.append(Segment(text[end:start], ltr=False))
        segments.append(Segment(text[start:stop], ltr=True))
        end = stop
    if end < len(text):
        segments.append(Segment(text[end:], ltr=False))
    return tuple(segments)


def _balanced(text: str, start: int, stop: int) -> tuple[int, int]:
    """Take in the bracket that closes one opened in the run, so that the pair is mirrored alike."""
    run = text[start:stop]
    for opening, closing in _BRACKETS:
        if run.count(opening) > run.count(closing):
            if text[stop : stop + 1] == closing:
                return start, stop + 1
            stop = start + len(run[: run.rindex(opening)].rstrip())
            run = text[start:stop]
    return start, stop
