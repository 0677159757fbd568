"""Lines and paragraphs of plain text."""

import re

_NARROW = 120
_FULL = 0.75
_ENDED = (".", "!", "?", "؟", "…", "۔", ":", "؛", '"', "»", "”", ")")
_LINES = re.compile(r"\r\n|[\n\r\v\f\u0085\u2028\u2029]")


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a plain text, without white space around them, none empty.

    A line is a paragraph, unless the text was wrapped at a fixed width: then a line that is nearly as long as
    the widest and does not end a sentence goes on in the next one, joined by one space.
    """
    lines = [line.rstrip() for line in _LINES.split(text)]
    width = _wrapped_at(lines)
    found: list[list[str]] = []
    goes_on = False
    for line in lines:
        if goes_on and line.strip() and not line[0].isspace():
            found[-1].append(line)
        elif line.strip():
            found.append([line.lstrip()])
        goes_on = bool(line) and len(line) >= _FULL * width and not line.endswith(_ENDED)
    return [" ".join(pieces) for pieces in found]


def _wrapped_at(lines: list[str]) -> float:
    """Return the width at which the text was wrapped, infinite when it was not."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if len(lengths) < 4:
        return float("inf")
    # The widest few lines of a wrapped text are alike; the widest paragraphs of another are not.
    width, middle = lengths[-1], lengths[len(lengths) // 2]
    is_wrapped = width <= _NARROW and middle >= 0.7 * width
    return width if is_wrapped else float("inf")
