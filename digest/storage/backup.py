"""A copy of the embedded database, taken while others write."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import make_url

from digest.errors import InputError, StoreError

PAGES = 1024
"""How many pages are copied before others may write again."""


def back_up(url: str, target: Path, progress: Callable[[float], None] = lambda _: None) -> int:
    """Copy the SQLite file of `url` to a new file, readable by its owner alone, and return its bytes.

    The copy is of one moment, whatever is written meanwhile. `progress` hears which share is done, 0 to 1.

    Raises:
        InputError: the target exists, or its folder does not; the database is a server's.
        StoreError: the database does not exist or cannot be read, or the target cannot be written.
    """
    source = _source(url)
    if target.exists():
        raise InputError(f"{target} exists already.", remedy="Name a file that does not exist yet.")
    if not target.absolute().parent.is_dir():
        raise InputError(f"There is no folder {target.absolute().parent}.", remedy="Make it first.")
    try:
        target.touch(mode=0o600, exist_ok=False)
        _copy(source, target, progress)
    except (OSError, sqlite3.Error) as error:
        target.unlink(missing_ok=True)
        raise StoreError(
            f"{source} could not be copied to {target}: {error}.",
            remedy="Look at the free space and the permissions of both.",
        ) from error
    return target.stat().st_size


def _source(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise InputError(
            "The database is PostgreSQL, which has tools of its own for this.",
            remedy="Use pg_dump, or the base backups of your server.",
        )
    path = Path(parsed.database or "")
    if not path.is_file():
        raise StoreError(f"There is no database {path} yet.", remedy="Run the command where the database is.")
    return path


def _copy(source: Path, target: Path, progress: Callable[[float], None]) -> None:
    reader, writer = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reader.backup(
            writer, pages=PAGES, progress=lambda _, left, whole: progress(1 - left / whole if whole else 1)
        )
    finally:
        writer.close()
        reader.close()
