"""Rows of a delimited file (CSV, TSV and their kin), with quotes as programs and people write them (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from digest.errors import PeopleFileError
from digest.services.audience.imports.addresses import unseen_removed

Row = tuple[int, list[str]]
"""The number of a row's first line in the file, from 1, and its cells."""

SEPARATORS = (",", ";", "\t", "|", "؛", "،")
MOST_LINES = 500
"""Lines that one quoted cell may have."""
_SEP = re.compile(r"\W{0,3}sep=(.)\W{0,2}", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@,;|،؛\"<>]+@[^\s@,;|،؛\"<>]+\.[^\s@,;|،؛\"<>]+")


def announced(line: str) -> str | None:
    """Return the separator that a first line such as `sep=;` announces, or None."""
    found = _SEP.fullmatch(unseen_removed(line)) if len(line) < 12 else None
    return found[1] if found else ("\t" if line.strip("\ufeff\"' ").lower() == "sep=\t" else None)


def separator_of(lines: Sequence[str]) -> str:
    """Return what separates the cells of some first lines: that which leaves addresses alone in their
    cells.
    """

    def score(separator: str) -> tuple[int, float, int]:
        rows = [split(line, separator)[0] for line in lines if separator in line or "@" in line]
        held = sum(any(_ADDRESS.fullmatch(unseen_removed(cell).strip("<>'")) for cell in row) for row in rows)
        width, same = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
        return held, same / len(rows) if width > 1 else 0.0, width

    return max(SEPARATORS, key=score)


def split(text: str, separator: str) -> tuple[list[str], bool]:
    """Return the cells of a record, and whether its last quote is closed."""
    if '"' not in text:
        return text.split(separator), True
    cells: list[str] = []
    at = 0
    while True:
        start = at
        while start < len(text) and text[start] == " ":
            start += 1
        if text.startswith('"', start):
            end = _closing(text, start + 1)
            if end < 0:
                cells.append(text[start + 1 :])
                return cells, False
            after = text.find(separator, end + 1)
            rest = text[end + 1 : after if after >= 0 else len(text)]
            cells.append(text[start + 1 : end].replace('""', '"') + rest.rstrip(" "))
        else:
            after = text.find(separator, at)
            cells.append(text[at : after if after >= 0 else len(text)])
        if after < 0:
            return cells, True
        at = after + len(separator)


def _closing(text: str, at: int) -> int:
    while (at := text.find('"', at)) >= 0:
        if not text.startswith('"', at + 1):
            return at
        at += 2
    return -1


def rows(lines: Iterable[str], separator: str, *, first: int = 1) -> Iterator[Row]:
    """Yield the rows that are not empty; `first` is the number of the first line.

    Raises:
        PeopleFileError: a quote is opened and never closed, or only by that of another person.
    """
    numbered = enumerate(lines, first)
    for number, line in numbered:
        if '"' not in line:
            if line and not line.isspace():
                yield number, line.split(separator)
            continue
        cells, closed = split(line, separator)
        if not closed:
            cells = _continued(number, line, numbered, separator)
        if any(cell and not cell.isspace() for cell in cells):
            yield number, cells


def _continued(number: int, line: str, numbered: Iterator[tuple[int, str]], separator: str) -> list[str]:
    """Read on until the quote closes. A line within it that is a person's row has been swallowed: the quote
    was a mistake.
    """
    pieces = [line]
    for _, more in numbered:
        pieces.append(more)
        if '"' in more:
            cells, closed = split("\n".join(pieces), separator)
            if closed:
                if any(_swallows(cell, separator, len(cells)) for cell in cells):
                    break
                return cells
        elif len(pieces) > MOST_LINES or _is_row(more, separator, min(line.count(separator) + 1, 2)):
            break
    raise PeopleFileError(
        "open_quote",
        f'Line {number}: a quote (") is opened and not closed, so that those behind it cannot be read apart.',
        remedy="Nobody was imported. Close the quote in that line, or take it out.",
        about={"line": number},
    )


def _swallows(cell: str, separator: str, width: int) -> bool:
    first, *others = cell.split("\n")
    del first
    return any(_is_row(part, separator, width) for part in others)


def _is_row(text: str, separator: str, width: int) -> bool:
    """Say whether a line reads like a person's row: an address has a cell of its own, beside another if there
    are some.
    """
    cells = text.split(separator)
    if width > 1 and len(cells) < 2:
        return False
    return any(_ADDRESS.fullmatch(unseen_removed(cell).strip("\"'<>")) for cell in cells)
