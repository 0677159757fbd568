"""The lines of an uploaded file that were not taken, as they are kept until somebody looks (pure)."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from digest.errors import InputError, PeopleFileError

HEAD = ["line", "sentence", "reason", "about", "row"]
MOST = 5_000_000
"""Letters of what is kept; of what is more only the number is."""


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not taken: why, as `PeopleFileError` says it, in a word with what fills its sentence,
    and in English; and its cells.
    """

    line: str
    reason: str
    about: Mapping[str, str | int]
    sentence: str
    cells: tuple[str, ...]


class RefusedLines:
    """Hears of lines that are not taken, and keeps the first megabytes of them."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        self._writer = csv.writer(self._out, lineterminator="\n")
        self._kept = self._writer.writerow(HEAD)

    def refused(self, line: int, error: InputError, cells: list[str]) -> None:
        """Keep a line."""
        if self._kept >= MOST:
            return
        reason, about = (error.reason, error.about) if isinstance(error, PeopleFileError) else ("other", {})
        self._kept += self._writer.writerow(
            [str(line), str(error), reason, json.dumps(about, ensure_ascii=False), *cells]
        )

    def written(self) -> str:
        """Return what `read_lines` reads."""
        return self._out.getvalue()


def read_lines(written: str) -> Iterator[RefusedLine]:
    """Yield the lines that were kept. What a version before this kept has no reasons in a word."""
    rows = csv.reader(io.StringIO(written))
    has_reasons = next(rows, []) == HEAD
    for row in rows:
        if has_reasons:
            line, sentence, reason, about, *cells = row
            yield RefusedLine(line, reason, json.loads(about), sentence, tuple(cells))
        else:
            line, sentence, *cells = row
            yield RefusedLine(line, "other", {}, sentence, tuple(cells))
