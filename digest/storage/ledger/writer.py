"""Group commits that a loop does not wait for.

Threads take turns at Python's lock, and each turn costs a sender more than what is written. So the statements
go out from the loop's own thread, which never waits: on SQLite only COMMIT, which is the wait for the disk,
is another thread's; PostgreSQL's answer comes as an event. Whatever does not go this way at once, goes the
patient way.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from digest.errors import StoreError
from digest.storage.database.engine import Database
from digest.storage.ledger import group_commits, outcomes
from digest.storage.ledger.group_commits import Change
from digest.storage.ledger.outcomes import ClaimStatus

Done = Callable[[ClaimStatus | None], None]
"""Is told in the loop's thread when a change is durable; None: nothing is known to be written, so that it is
to be written again, which harms nothing.
"""
Elsewhere = Callable[[Callable[[], None]], None]
"""Has something done by another thread."""


class GroupCommit(Protocol):
    """Writes one change at a time."""

    def begin(self, change: Change, done: Done) -> bool:
        """Begin to write; False: it does not go now, and nothing was written."""

    def close(self) -> None:
        """Give back what was taken."""


def group_commit(database: Database, elsewhere: Elsewhere) -> GroupCommit:
    """Return what writes to a database from this thread's loop."""
    return (OnSqlite if database.embedded else OnPostgresql)(database, elsewhere)


class OnSqlite:
    """Writes where nobody else is writing just now."""

    def __init__(self, database: Database, elsewhere: Elsewhere) -> None:
        self._database = database
        self._elsewhere = elsewhere
        self._loop = asyncio.get_running_loop()
        self._connection: Any = None

    def begin(self, change: Change, done: Done) -> bool:
        """See `GroupCommit.begin`."""
        if not self._database.writer.acquire(blocking=False):
            return False
        try:
            found = self._written(change)
        except Exception:  # noqa: BLE001 - whatever it is, the patient way meets it again and says what it is
            found = None
        if found is None or found is ClaimStatus.LOST:
            self._roll_back()
            self._database.writer.release()
            if found is None:
                return False
            self._loop.call_soon(done, found)
            return True
        self._elsewhere(lambda: self._commit(found, done))
        return True

    def close(self) -> None:
        """See `GroupCommit.close`."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.execute(f"PRAGMA busy_timeout={self._database.busy_ms}")
            self._database.keep(self._connection)
            self._connection = None

    def _written(self, change: Change) -> ClaimStatus | None:
        if self._connection is None:
            self._connection = self._database.lend()
            # The loop waits for no other process.
            self._connection.execute("PRAGMA busy_timeout=0")
        return group_commits.written(self._connection, change)

    def _commit(self, found: ClaimStatus, done: Done) -> None:
        durable: ClaimStatus | None = found
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            durable = None
            self._roll_back()
        finally:
            self._database.writer.release()
        self._loop.call_soon_threadsafe(done, durable)

    def _roll_back(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.rollback()


class OnPostgresql:
    """Writes over a connection of its own, whose socket the loop watches."""

    def __init__(self, database: Database, elsewhere: Elsewhere) -> None:
        self._database = database
        self._elsewhere = elsewhere
        self._loop = asyncio.get_running_loop()
        self._connection: Any = None
        self._socket = -1
        self._opening = self._closed = False
        self._done: Done | None = None
        self._answer: str | None = None
        self._right = True

    def begin(self, change: Change, done: Done) -> bool:
        """See `GroupCommit.begin`."""
        if change.columns != outcomes.RECORD:
            return False
        if self._connection is None:
            if not self._opening:
                self._opening = True
                self._elsewhere(self._open)
            return False
        values = [str(value).encode() for value in group_commits.given(change)]
        self._done, self._answer, self._right = done, None, True
        try:
            self._connection.pgconn.send_query_prepared(_NAME, values)
            self._flush()
        except _driver_error():
            self._done = None
            self._drop()
            return False
        return True

    def close(self) -> None:
        """See `GroupCommit.close`."""
        self._closed = True
        if self._done is not None:
            self._done = None
            self._drop()  # the answer to what is on its way is for nobody else
        if self._connection is not None:
            self._loop.remove_reader(self._socket)
            self._connection.pgconn.nonblocking = 0
            self._database.keep(self._connection)
            self._connection = None

    def _open(self) -> None:
        """Make a connection ready; in another thread."""
        try:
            connection = self._database.lend()
            connection.pgconn.prepare(_NAME, _numbered(group_commits.booked(outcomes.RECORD)))
            connection.pgconn.nonblocking = 1
        except (_driver_error(), StoreError):
            # Until it can be made, all goes the patient way, which says what is wrong.
            self._opening = False
        else:
            self._loop.call_soon_threadsafe(self._opened, connection)

    def _opened(self, connection: Any) -> None:
        self._opening = False
        if self._closed:
            connection.pgconn.nonblocking = 0
            self._database.keep(connection)
            return
        self._connection = connection
        self._socket = connection.fileno()
        self._loop.add_reader(self._socket, self._heard)

    def _flush(self) -> None:
        if self._connection.pgconn.flush():
            self._loop.add_writer(self._socket, self._flush_on)

    def _flush_on(self) -> None:
        self._loop.remove_writer(self._socket)
        try:
            self._flush()
        except _driver_error():
            self._drop()

    def _heard(self) -> None:
        """Take in what the server sent; with the end of the answer the change is durable, or refused."""
        pgconn = self._connection.pgconn
        try:
            pgconn.consume_input()
            while self._done is not None and not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:
                    done, self._done = self._done, None
                    done(group_commits.claim_status(self._answer) if self._right else None)
                elif result.error_message:
                    self._right = False
                elif result.ntuples:
                    self._answer = result.get_value(0, 0).decode()
        except _driver_error():
            self._drop()

    def _drop(self) -> None:
        """Let a broken connection go. Whether the change was written, nobody knows: it is written again."""
        connection, self._connection = self._connection, None
        # By its number, while it is still open: a broken connection does not tell it any more.
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        connection.close()
        done, self._done = self._done, None
        if done is not None:
            done(None)


_NAME = b"mujaz_group"


def _numbered(statement: str) -> bytes:
    first, *rest = statement.split("%s")
    return (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))).encode()


def _driver_error() -> type[Exception]:
    import psycopg

    return psycopg.Error
