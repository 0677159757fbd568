"""People of a file, sorted by address, in bounded memory: what does not fit waits in a temporary file."""

import marshal
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from operator import itemgetter
from types import TracebackType
from typing import Self

from digest.services.audience.imports.person import PersonRow, with_more

CHUNK = 10_000
"""People that are written in one transaction; others who write wait for a tenth of a second."""
IN_MEMORY = 25_000
"""People that are sorted at once, some seven megabytes of them."""
_BLOCK = 500
"""People that are read back at once from each sorted run."""
_EMAIL = itemgetter(0)
_Blocks = Iterator[list[PersonRow]]


class Staging:
    """Keeps people as they come, and gives each address once: with the worst state that the file says of it,
    and of all else what was said first.
    """

    def __init__(self) -> None:
        self._waiting: list[PersonRow] = []
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the block ends
        self._end = 0
        self._runs: list[list[tuple[int, int]]] = []
        """Sorted runs in the file: where each of their blocks begins, and how long it is."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, people: Iterable[PersonRow]) -> None:
        """Keep people, in any order."""
        self._waiting += people
        if len(self._waiting) >= IN_MEMORY:
            self._put_away()

    def chunks(self) -> Iterator[list[PersonRow]]:
        """Yield the people by address, some thousand at a time; addresses are compared by their octets."""
        if not self._runs:
            found, self._waiting = _once_each(sorted(self._waiting, key=_EMAIL)), []
            yield from (found[at : at + CHUNK] for at in range(0, len(found), CHUNK))
            return
        self._put_away()
        ready: list[PersonRow] = []
        for some in _merged([self._read(run) for run in self._runs]):
            ready += some
            while len(ready) >= CHUNK:
                yield ready[:CHUNK]
                del ready[:CHUNK]
        if ready:
            yield ready

    def _put_away(self) -> None:
        people, self._waiting = _once_each(sorted(self._waiting, key=_EMAIL)), []
        blocks = []
        for at in range(0, len(people), _BLOCK):
            # Not SQLite, which took twice the time of all the rest; not JSON, which takes three times as
            # long.
            octets = marshal.dumps(people[at : at + _BLOCK])
            blocks.append((self._end, len(octets)))
            self._end += self._file.write(octets)
        self._file.flush()
        if blocks:
            self._runs.append(blocks)

    def _read(self, run: list[tuple[int, int]]) -> _Blocks:
        for begins, length in run:
            octets = os.pread(self._file.fileno(), length, begins)
            # A file without a name that this process wrote itself.
            yield marshal.loads(octets)  # noqa: S302


def _merged(runs: list[_Blocks]) -> Iterator[list[PersonRow]]:
    """Merge sorted runs, of which none has an address twice, a piece at a time."""
    begun = [(next(run), run) for run in runs]
    while begun:
        # Up to the least of the last addresses, all that there is has been read of every run.
        until = min(people[-1][0] for people, _ in begun)
        some: list[PersonRow] = []
        left: list[tuple[list[PersonRow], _Blocks]] = []
        for people, run in begun:
            cut = bisect_right(people, until, key=_EMAIL)
            some += people[:cut]
            rest = people[cut:] or next(run, [])
            if rest:
                left.append((rest, run))
        some.sort(key=_EMAIL)  # of runs that are sorted, as quick as merging them
        yield _once_each(some)
        begun = left


def _once_each(people: list[PersonRow]) -> list[PersonRow]:
    """Make one of those that follow each other with the same address."""
    if len(set(map(_EMAIL, people))) == len(people):
        return people
    found = people[:1]
    for one in people[1:]:
        if one[0] == found[-1][0]:
            found[-1] = with_more(found[-1], one)
        else:
            found.append(one)
    return found
