"""Make deleted data unreadable in the files of an embedded database."""

import asyncio
import sqlite3
from contextlib import closing

from sqlalchemy import make_url

from digest.errors import StoreError
from digest.storage.database.engine import Database
from digest.storage.database.errors import REMEDIES

LARGE_FILE = 256_000_000
"""Octets; to write a file anew takes a second for each hundred megabytes, and nobody else writes meanwhile.
"""


async def overwrite_deleted(database: Database) -> None:
    """Write an embedded database's file anew without what was deleted, and empty the log beside it.

    A large file is not written anew: what this version deletes is overwritten anyway, what earlier ones did
    may stay.

    Raises:
        StoreError: others are at the file.
    """
    path = make_url(database.url).database
    if database.embedded and path:
        await asyncio.to_thread(_overwrite, path, database.busy_ms / 1000)


def _overwrite(path: str, seconds: float) -> None:
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=seconds)) as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            size = pages * connection.execute("PRAGMA page_size").fetchone()[0]
            if size < LARGE_FILE:
                connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreError("The database is locked.", remedy=REMEDIES["locked"]) from error
