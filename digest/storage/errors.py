"""The database's errors, in sentences that say what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, OperationalError

from digest.errors import StoreError

REMEDIES = {
    "locked": "Another process is writing; try again, or raise database.busy_seconds.",
    "readonly": "Give the file and its folder back their write permission.",
    "full": "Free some disk space; nothing that was recorded is lost.",
    "open": "Name a file in a folder that exists and can be written, in database.url.",
    "connect": "Start the server, or correct database.url.",
    "missing": "Run `digest db upgrade`.",
}


@contextmanager
def explained() -> Iterator[None]:
    """Turn the driver's errors into sentences that say what to do."""
    try:
        yield
    except DatabaseError as error:
        raise _explanation(error) from error


def _explanation(error: DatabaseError) -> StoreError | DatabaseError:
    text = str(error.orig or error).lower()
    original = error.orig
    if "no such table" in text or ("does not exist" in text and "relation" in text):
        return StoreError("The database has no tables of this version.", remedy=REMEDIES["missing"])
    if "locked" in text or "busy" in text:
        return StoreError("The database is locked.", remedy=REMEDIES["locked"])
    if "readonly" in text or "read-only" in text:
        return StoreError("The database is read-only.", remedy=REMEDIES["readonly"])
    if "disk is full" in text or "no space left" in text or "disk full" in text:
        return StoreError("The disk is full.", remedy=REMEDIES["full"])
    if "unable to open" in text:
        return StoreError("The database file cannot be opened.", remedy=REMEDIES["open"])
    if "not a database" in text or "malformed" in text:
        return StoreError(
            "The database file is damaged or no database.", remedy="Restore a backup, or name another file."
        )
    if isinstance(error, OperationalError) and not isinstance(original, sqlite3.Error):
        return StoreError("The database server cannot be reached or broke off.", remedy=REMEDIES["connect"])
    return error
