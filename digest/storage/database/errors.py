"""The database's errors, in sentences that say what to do.

Whatever a driver or its pool says comes out as a `StoreError`: a `TemporaryStoreError` where the same may go
well a little later (locked, full, away, two at once), so that whoever holds something that must not be lost
keeps it and tries again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import exc

from digest.errors import StoreConflictError, StoreError, TemporaryStoreError

REMEDIES = {
    "locked": "Another process is writing; try again, or raise database.busy_seconds.",
    "readonly": "Give the file and its folder back their write permission.",
    "full": "Free some disk space; nothing that was recorded is lost.",
    "open": "Name a file in a folder that exists and can be written, in database.url.",
    "connect": "Start the server, or correct database.url.",
    "missing": "Run `digest db upgrade`.",
    "again": "Try again.",
}
CLASHES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes of serialization failures, deadlocks and locks not to be had: the same goes well when it
is done again.
"""
UNIQUE = frozenset({"23505", "23P01"})
FULL = frozenset({"53100"})
LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
OTHER_SCHEMA = frozenset({"42P01", "42703"})
"""PostgreSQL's codes of a table and of a column that is not there."""
OTHER_SCHEMA_WORDS = ("no such table", "no such column", "has no column named")
"""As SQLite says it, which has one number for all that is wrong with a statement."""


class UniqueRowError(StoreConflictError, exc.IntegrityError):
    """A row that another process wrote first. It is sqlalchemy's own error, too, by which its writers know
    it.
    """

    def __init__(self, error: exc.IntegrityError) -> None:
        Exception.__init__(self, "Another process wrote the same unique row first.")
        self.message, self.remedy = "Another process wrote the same unique row first.", REMEDIES["again"]
        self.statement, self.params, self.orig = error.statement, None, error.orig
        self.hide_parameters = True


@contextmanager
def explained() -> Iterator[None]:
    """Turn the errors of the driver and its pool into sentences that say what to do."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, exc.PendingRollbackError, exc.ResourceClosedError) as error:
        raise explanation(error) from error


def explanation(error: exc.SQLAlchemyError) -> StoreError | exc.SQLAlchemyError:
    """Return what an error means; itself where it is a fault of the program, not of the database."""
    if isinstance(error, exc.TimeoutError):
        return TemporaryStoreError("The database has no connection to spare.", remedy=REMEDIES["again"])
    if not isinstance(error, exc.DBAPIError):
        return _away()  # a connection that broke under a session's hands
    code = str(getattr(error.orig, "sqlstate", None) or "")
    if code in CLASHES:
        return StoreConflictError(
            "The database had two writers in each other's way.", remedy=REMEDIES["again"]
        )
    if isinstance(error, exc.IntegrityError):
        return UniqueRowError(error) if code in UNIQUE or _unique(error.orig) else error
    return _by_words(error, code)


def _by_words(error: exc.DBAPIError, code: str) -> StoreError | exc.SQLAlchemyError:
    text = str(error.orig or error).lower()
    if code in OTHER_SCHEMA or any(words in text for words in OTHER_SCHEMA_WORDS):
        return StoreError("The database's tables are not those of this version.", remedy=REMEDIES["missing"])
    if "readonly" in text or "read-only" in text:
        return StoreError("The database is read-only.", remedy=REMEDIES["readonly"])
    if code in FULL or "disk is full" in text or "no space left" in text or "disk full" in text:
        return TemporaryStoreError("The disk is full.", remedy=REMEDIES["full"])
    if "unable to open" in text:
        return StoreError("The database file cannot be opened.", remedy=REMEDIES["open"])
    if "not a database" in text or "malformed" in text:
        return StoreError(
            "The database file is damaged or no database.", remedy="Restore a backup, or name another file."
        )
    if isinstance(error.orig, sqlite3.Error):
        # By its number: names of ours stand in what SQLite says, and a table of blocked sign-ups is not
        # locked.
        if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in LOCKED:
            return TemporaryStoreError("The database is locked.", remedy=REMEDIES["locked"])
        return error
    if isinstance(error, exc.OperationalError | exc.InterfaceError) or error.connection_invalidated:
        return _away()
    return error


def _away() -> TemporaryStoreError:
    return TemporaryStoreError(
        "The database server cannot be reached or broke off.", remedy=REMEDIES["connect"]
    )


def _unique(original: Any) -> bool:
    return isinstance(original, sqlite3.IntegrityError) and original.sqlite_errorcode in {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    }
