"""Make database connections and limit how long one waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from digest.errors import ConfigError

READING = "mujaz_reading"
"""The execution option of transactions that only read: on SQLite they wait for no writer."""
SHORTEST_MS = 100
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def in_a_hurry(seconds: float) -> Iterator[None]:
    """Wait for a locked database no longer than that, all in all, in what is done inside: somebody sits
    before a page.
    """
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


@dataclass(frozen=True, slots=True)
class Ways:
    """How a database is reached.

    `busy_ms` is how long a writer waits for a locked SQLite file; `connect_seconds` how long anybody waits
    for the server, or for one of the pool's connections to be free.
    """

    url: URL
    busy_ms: int
    connect_seconds: float

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of ours."""
        return self.url.get_backend_name() == "sqlite"

    def patience_ms(self) -> int:
        """Return how long whoever asks now may wait for a lock."""
        until = _deadline.get()
        if until is None:
            return self.busy_ms
        return min(self.busy_ms, max(SHORTEST_MS, int((until - time.monotonic()) * 1000)))

    def async_engine(self) -> AsyncEngine:
        """Return what makes the sessions' connections."""
        # An error's text goes into logs, where nobody's address belongs.
        given: dict[str, Any] = {"hide_parameters": True, "pool_timeout": self.connect_seconds}
        if self.embedded:
            engine = create_async_engine(self.url.set(drivername="sqlite+aiosqlite"), **given)
            self._prepare_sqlite(engine.sync_engine)
            return engine
        return create_async_engine(
            self.url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args=self._dial(),
            **given,
        )

    def sync_engine(self, *, references: bool = True) -> Engine:
        """Return what makes the connections of threads; `references` False: SQLite does not check them."""
        if self.embedded:
            engine = create_engine(self.url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
            self._prepare_sqlite(engine, references=references)
            return engine
        return create_engine(
            self.url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            pool_pre_ping=True,
            pool_timeout=self.connect_seconds,
            connect_args=self._dial(),
        )

    def _dial(self) -> dict[str, Any]:
        return dial(self.connect_seconds) if "connect_timeout" not in self.url.query else {}

    def _prepare_sqlite(self, engine: Engine, *, references: bool = True) -> None:
        @event.listens_for(engine, "connect")
        def pragmas(connection: Any, _record: object) -> None:
            # The driver must not begin transactions by itself: that would be a deferred BEGIN.
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={self.busy_ms}")
            cursor.execute("PRAGMA journal_mode=WAL")
            # SQLite changes a table by making another and dropping the first: with its references on, that
            # would take
            # along whatever refers to a row of it.
            cursor.execute(f"PRAGMA foreign_keys={'ON' if references else 'OFF'}")
            # In kilobytes, each connection's own. The system keeps the file's pages, too, and a sender has
            # some connections.
            cursor.execute("PRAGMA cache_size=-1000")
            # FULL, not NORMAL: what the ledger has acknowledged must survive a power cut.
            cursor.execute("PRAGMA synchronous=FULL")
            # What is deleted is overwritten: an erased person's address must not stay readable in the file.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def immediate(connection: Connection) -> None:
            wanted = self.patience_ms()
            if connection.info.get("busy_ms", self.busy_ms) != wanted:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={wanted}")
                connection.info["busy_ms"] = wanted
            reading = connection.get_execution_options().get(READING)
            connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def dial(connect_seconds: float) -> dict[str, Any]:
    """Return what libpq is told of time: a server that went silent is noticed within a minute, not after
    hours.
    """
    return {
        # libpq takes whole seconds, and no fewer than two.
        "connect_timeout": max(2, round(connect_seconds)),
        "keepalives_idle": 20,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 45_000,
    }


def parsed(url: str) -> URL:
    """Read a database's address.

    Raises:
        ConfigError: it is none, or of a database that Mujaz does not know.
    """
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        # Not repeated, and no cause: in an address that cannot be read, the password may stand anywhere.
        raise ConfigError(
            "database.url is no database address.",
            remedy="Use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME; in a password, write @ as %40, / as %2F, "
            ": as %3A.",
        ) from None
    if found.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigError(
            f"database.url names {found.get_backend_name()}, which Mujaz does not know.",
            remedy="Use sqlite:///PATH or postgresql://USER@HOST/NAME.",
        )
    return found
