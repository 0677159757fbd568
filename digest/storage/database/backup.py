"""Copy and restore the embedded database."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
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


def restore(url: str, copy: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the SQLite file of `url`; returns where the file that was there is kept,
    None if none was.

    The mark beside it stays: the next start compares, and holds what may have gone out since the copy.

    Raises:
        InputError: the copy is not there or is no database of ours, or the database is a server's.
        StoreError: somebody works with the database, or a file cannot be written.
    """
    target = _file(url)
    _require_ours(copy)
    if target.exists() and copy.exists() and copy.samefile(target):
        raise InputError(f"{copy} is the database itself.", remedy="Name a copy of it.")
    fresh = target.with_name(f"{target.name}.restoring")
    kept: Path | None = None
    try:
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        _copy(copy, fresh, lambda _: None)
        if target.exists():
            _close(target)
            kept = _aside(target, now)
        fresh.replace(target)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        if kept is not None and not target.exists():
            kept.replace(target)
        raise StoreError(
            f"{copy} could not be put in the place of {target}: {error}.",
            remedy="Look at the free space and the permissions of both.",
        ) from error
    return kept


def _require_ours(copy: Path) -> None:
    if not copy.is_file():
        raise InputError(f"There is no file {copy}.", remedy="`digest db backup FILE` makes a copy.")
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            whole = opened.execute("PRAGMA quick_check(1)").fetchone()
            ours = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise InputError(
            f"{copy} is no copy of a database of Mujaz: {error}.", remedy="Nothing was changed."
        ) from error
    if whole != ("ok",) or ours is None:
        raise InputError(f"{copy} is damaged: {whole[0]}.", remedy="Take an older copy; nothing was changed.")


def _close(file: Path) -> None:
    """Bring all into the one file, which nobody else may have open for that."""
    try:
        with closing(sqlite3.connect(file, timeout=0)) as opened:
            mode = opened.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "locked" not in str(error):
            return  # a damaged file: all the more reason to put it aside
        mode = "wal"
    if mode == "wal":
        raise StoreError(
            f"Somebody works with {file}.",
            remedy="Stop `digest serve` and all other commands, then try again.",
        )


def _aside(file: Path, now: datetime) -> Path:
    kept = file.with_name(f"{file.name}.before-{now:%Y%m%d-%H%M%S}")
    number = 1
    while kept.exists():
        number += 1
        kept = file.with_name(f"{file.name}.before-{now:%Y%m%d-%H%M%S}-{number}")
    file.replace(kept)
    for left in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + left).replace(kept.with_name(kept.name + left))
    return kept


def _file(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise InputError(
            "The database is PostgreSQL, which has tools of its own for this.",
            remedy="Use pg_dump and pg_restore, or the base backups of your server.",
        )
    return Path(parsed.database or "")


def _source(url: str) -> Path:
    path = _file(url)
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
