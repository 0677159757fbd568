"""The schema revision of a database, and its migration."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect

from digest.errors import StoreError

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_FOLLOWS = re.compile(r'^revision = "(\w+)"\ndown_revision = "?(\w+)"?$', re.MULTILINE)
MIGRATION_LOCK = 7_041_914_063
"""Any number will do for PostgreSQL's advisory lock, as long as it stays the same."""


@cache
def head() -> str:
    """Return the newest revision: the one that no other follows. Each file of the migrations says whom it
    follows.
    """
    follows = {
        found[1]: found[2]
        for path in (MIGRATIONS / "versions").glob("[0-9]*.py")
        if (found := _FOLLOWS.search(path.read_text(encoding="utf-8")))
    }
    (newest,) = set(follows) - set(follows.values())
    return newest


def revision(connection: Connection) -> str | None:
    """Return the revision that a database has, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return None if found is None else str(found)


def raise_to_head(connection: Connection) -> None:
    """Bring a database to the newest revision; of two processes that do so at once, one waits for the
    other.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    if revision(connection) != head():
        migrate(connection, head())


def migrate(connection: Connection, wanted: str, *, back: bool = False) -> None:
    """Bring a database to a revision, forth or back."""
    # Only here, which is once a version: alembic takes ten megabytes.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if back else command.upgrade)(config, wanted)
    _require_references(connection)


def _require_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError(
                f"A row of {broken[0]} refers to nothing.", remedy="Restore a backup; nothing was changed."
            )
