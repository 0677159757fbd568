"""One database behind one door: SQLite or PostgreSQL, the same code."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ConfigError, StoreError
from digest.storage.errors import REMEDIES, explained
from digest.storage.sync_session import at_once

Done = TypeVar("Done")
Given = ParamSpec("Given")

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_041_914_063
"""Any number will do for PostgreSQL's advisory lock, as long as it stays the same."""


class Database:
    """A database, opened by URL: `sqlite:///PATH` or `postgresql://…`.

    `begin` gives a session in one transaction: committed when the block ends, rolled back when it raises. On SQLite
    every transaction begins IMMEDIATE, because a deferred one that reads and then writes fails as soon as there is
    another writer. Errors of the database become `StoreError`s that say what to do.
    """

    def __init__(self, url: str, *, busy_seconds: float = 30) -> None:
        self._url = _parsed(url)
        self.busy_ms = int(busy_seconds * 1000)
        self._engine = self._async_engine()
        self._writer = self._sync_engine()
        self.turn = Lock()
        self._connections: list[Any] = []
        self._closed = False

    @property
    def url(self) -> str:
        """The address, with its password."""
        return self._url.render_as_string(hide_password=False)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._url.get_backend_name()

    @property
    def embedded(self) -> bool:
        """Whether the database is a file of ours, which migrates by itself."""
        return self.dialect == "sqlite"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction.

        Raises:
            StoreError: the database is locked, read-only, full, away, or its schema is not this version's.
        """
        with explained():
            async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
                yield session

    async def write(self, work: Callable[[Connection], Done]) -> Done:
        """Do a short piece of work in one transaction, in a thread: one hop, however many statements it has.

        Raises:
            StoreError: as `begin`.
        """
        return await asyncio.to_thread(self.write_here, work)

    async def at_once(
        self,
        work: Callable[Concatenate[AsyncSession, Given], Coroutine[Any, Any, Done]],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Done:
        """Do work with a session as `begin` gives one, in one hop to a thread; it may wait for nothing but the session.

        Raises:
            StoreError: as `begin`.
        """
        return await self.write(
            lambda connection: at_once(connection, lambda session: work(session, *given, **named))
        )

    def write_here(self, work: Callable[[Connection], Done]) -> Done:
        """Do as `write` in this thread; the ledger's recorder has one of its own.

        Raises:
            StoreError: as `begin`.
        """
        # One writer at a time is all that SQLite takes; in one process we take turns without its sleeping and trying.
        with explained(), self.turn if self.embedded else nullcontext(), self._writer.begin() as connection:
            return work(connection)

    def group(self, work: Callable[[Any, str], Done]) -> Done:
        """Do work that takes the driver's own connection and the dialect, and ends its own transactions; in this thread.

        The connection stays open for the next group: what is around it would cost more than the group.

        Raises:
            StoreError: as `begin`.
        """
        driver: Any = self._writer.dialect.loaded_dbapi
        with explained(), self.turn if self.embedded else nullcontext():
            connection = self.lend()
            try:
                return work(connection, self.dialect)
            except driver.Error as error:
                raise DBAPIError.instance("", None, error, driver.Error) from error
            finally:
                self.keep(connection)

    def keep(self, connection: Any) -> None:
        """Keep a connection for the next group; what an error left open is rolled back, and a broken one is let go."""
        try:
            connection.rollback()
        except self._writer.dialect.loaded_dbapi.Error:
            connection.close()
        else:
            self._connections.append(connection)
            if self._closed:
                self._let_go()

    def lend(self) -> Any:
        """Return a connection of the driver, without transactions of its own; to be given back by `keep`.

        Raises:
            DatabaseError: there is none to be had.
        """
        if self._connections:
            return self._connections.pop()
        taken = self._writer.raw_connection()
        connection: Any = taken.driver_connection
        taken.detach()
        if not self.embedded:
            connection.autocommit = True
        return connection

    async def upgrade(self) -> None:
        """Bring the schema to this version. Two processes may do it at once: one waits for the other."""
        await asyncio.to_thread(self._upgrade)

    async def go_back(self, revision: str) -> None:
        """Take the schema back to an older revision, for an older version; what only a newer one knows is dropped."""

        def migrate(connection: Connection) -> None:
            _migrate(connection, revision, back=True)

        await asyncio.to_thread(self._with_connection, migrate, references=False)

    async def revision(self) -> str | None:
        """Return the schema's revision, None when there is none."""
        return await asyncio.to_thread(self._with_connection, _revision)

    async def require_current(self) -> None:
        """Make sure that the schema is this version's.

        Raises:
            StoreError: it is older or newer.
        """
        found = await self.revision()
        wanted = _head()
        if found != wanted:
            raise StoreError(
                f"The database's schema is {found or 'empty'}, this version needs {wanted}.",
                remedy=REMEDIES["missing"],
            )

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()
        self._writer.dispose()
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        while self._connections:
            self._connections.pop().close()

    def _upgrade(self) -> None:
        if self.embedded and self._url.database:
            with suppress(OSError):
                # People's addresses are in it: the file, and the log that SQLite keeps beside it, are their owner's alone.
                Path(self._url.database).touch(mode=0o600)
        head = _head()

        def migrate(connection: Connection) -> None:
            if self.dialect == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
            if _revision(connection) != head:
                _migrate(connection, head)

        if self._with_connection(_revision) != head:
            self._with_connection(migrate, references=False)

    def _with_connection(self, work: Any, *, references: bool = True) -> Any:
        engine = self._sync_engine(references=references)
        try:
            with explained(), engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()

    def _async_engine(self) -> AsyncEngine:
        if self.embedded:
            engine = create_async_engine(self._url.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
            self._prepare_sqlite(engine.sync_engine)
            return engine
        return create_async_engine(
            self._url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True
        )

    def _sync_engine(self, *, references: bool = True) -> Engine:
        if self.embedded:
            engine = create_engine(self._url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
            self._prepare_sqlite(engine, references=references)
            return engine
        return create_engine(self._url.set(drivername="postgresql+psycopg"), hide_parameters=True)

    def _prepare_sqlite(self, engine: Engine, *, references: bool = True) -> None:
        @event.listens_for(engine, "connect")
        def pragmas(connection: Any, _record: object) -> None:
            # The driver must not begin transactions by itself: that would be a deferred BEGIN.
            connection.isolation_level = None
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={self.busy_ms}")
            cursor.execute("PRAGMA journal_mode=WAL")
            # SQLite changes a table by making another and dropping the first: with its references on, that would take
            # along whatever refers to a row of it.
            cursor.execute(f"PRAGMA foreign_keys={'ON' if references else 'OFF'}")
            # In kilobytes, each connection's own. The system keeps the file's pages, too, and a sender has some connections.
            cursor.execute("PRAGMA cache_size=-1000")
            # FULL, not NORMAL: what the ledger has acknowledged must survive a power cut.
            cursor.execute("PRAGMA synchronous=FULL")
            # What is deleted is overwritten: an erased person's address must not stay readable in the file.
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.close()

        @event.listens_for(engine, "begin")
        def immediate(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigError(
            f"database.url {url!r} is no database address.",
            remedy="Use sqlite:///PATH or postgresql://USER@HOST/NAME.",
        ) from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigError(
            f"database.url names {parsed.get_backend_name()}, which Mujaz does not know.",
            remedy="Use sqlite:///PATH or postgresql://USER@HOST/NAME.",
        )
    return parsed


def _head() -> str:
    """The newest revision: the files of the migrations begin with theirs, and follow one another."""
    return max(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py")).partition("_")[0]


def _migrate(connection: Connection, revision: str, *, back: bool = False) -> None:
    # Only here, which is once a version: alembic takes ten megabytes.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    (command.downgrade if back else command.upgrade)(config, revision)
    _require_references(connection)


def _require_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise StoreError(
                f"A row of {broken[0]} refers to nothing.", remedy="Restore a backup; nothing was changed."
            )


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return None if found is None else str(found)
