"""Look for the embedded database's file without making it."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError


def missing_file(url: str) -> Path | None:
    """Return the file of an embedded database that is not there yet, or is empty; None for any other
    database.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    file = Path(parsed.database)
    return None if file.is_file() and file.stat().st_size else file.absolute()
