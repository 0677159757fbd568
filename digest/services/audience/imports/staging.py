"""People of a file, one row each, kept in a temporary file of ours while the rest is read: memory stays
flat.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import TracebackType
from typing import Self

from digest.services.audience.imports.reading import Person

CHUNK = 5000
_PERSON: Callable[[tuple[object, ...]], Person] = partial(tuple.__new__, Person)
"""`Person._make` without a call of Python for each."""


class Staging:
    """Keeps people as they come, and gives each address once: with the worst state that the file says of it,
    and of all else what was said first.
    """

    def __init__(self) -> None:
        # An empty name: SQLite's own temporary file, which is gone when it is closed.
        self._store = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._store.execute("PRAGMA journal_mode=OFF")
        self._store.execute("PRAGMA synchronous=OFF")
        # No key: to sort all at the end is quicker than to find each one's place.
        self._store.execute(
            "CREATE TABLE person (email TEXT, name TEXT, state INTEGER, own TEXT, tags TEXT, choices TEXT)"
        )
        self._store.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._store.close()

    def add(self, people: Iterable[Person]) -> None:
        """Keep people, in any order."""
        self._store.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?)", people)

    def chunks(self) -> Iterator[list[Person]]:
        """Yield the people by address, some thousand at a time; the octets of addresses are compared."""
        cursor = self._store.execute(
            "SELECT email, name, state, own, tags, choices FROM person ORDER BY email, rowid"
        )
        last: list[Person] = []
        while some := cursor.fetchmany(CHUNK):
            told = _told_once([*last, *map(_PERSON, some)])
            last = [told.pop()]  # the next ones may speak of this address, too
            if told:
                yield told
        if last:
            yield last


def _told_once(people: list[Person]) -> list[Person]:
    """Make one of those that follow each other with the same address."""
    if len({one.email for one in people}) == len(people):
        return people
    found = people[:1]
    for one in people[1:]:
        if one.email == found[-1].email:
            found[-1] = found[-1].with_more(one)
        else:
            found.append(one)
    return found
