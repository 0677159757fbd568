"""People of a file, one row each, kept in a temporary file of ours while the rest is read: memory stays
flat.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from digest.services.audience.imports.reading import Person
from digest.services.audience.imports.states import FileState

CHUNK = 5000
_STATES = tuple(FileState)


class Staging:
    """Keeps each address once: the worst state that the file says of it, and the first name."""

    def __init__(self) -> None:
        # An empty name: SQLite's own temporary file, which is gone when it is closed.
        self._store = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._store.execute("PRAGMA journal_mode=OFF")
        self._store.execute("PRAGMA synchronous=OFF")
        self._store.execute(
            "CREATE TABLE person (email TEXT PRIMARY KEY, name TEXT NOT NULL, state INTEGER NOT NULL, "
            "own TEXT NOT NULL, tags TEXT NOT NULL, choices TEXT NOT NULL) WITHOUT ROWID"
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
        self._store.executemany(
            "INSERT INTO person VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO UPDATE SET state = max(state, excluded.state), "
            "name = CASE WHEN name = '' THEN excluded.name ELSE name END, "
            "own = CASE WHEN own = '' THEN excluded.own ELSE own END, "
            "tags = CASE WHEN tags = '' THEN excluded.tags ELSE tags END, "
            "choices = CASE WHEN choices = '' THEN excluded.choices ELSE choices END",
            people,
        )

    def count(self) -> int:
        """Return how many people there are."""
        return int(self._store.execute("SELECT count(*) FROM person").fetchone()[0])

    def chunks(self) -> Iterator[list[Person]]:
        """Yield the people by address, some thousand at a time."""
        cursor = self._store.execute(
            "SELECT email, name, state, own, tags, choices FROM person ORDER BY email"
        )
        while some := cursor.fetchmany(CHUNK):
            yield [Person(email, name, _STATES[state], *more) for email, name, state, *more in some]
