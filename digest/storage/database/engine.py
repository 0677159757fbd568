"""Open SQLite or PostgreSQL with the same code."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import StoreConflictError, StoreError, TemporaryStoreError
from digest.storage.database import schema
from digest.storage.database.connections import READING, Ways, parsed
from digest.storage.database.errors import REMEDIES, explained
from digest.storage.database.outage import Outage
from digest.storage.database.sync_session import at_once

Done = TypeVar("Done")
Given = ParamSpec("Given")

TRIES = 3
"""How often work is done again that another writer came in the way of."""


class Database:
    """A database, opened by URL: `sqlite:///PATH` or `postgresql://…`.

    `begin` gives a session in one transaction: committed when the block ends, rolled back when it raises. On
    SQLite every transaction begins IMMEDIATE, because a deferred one that reads and then writes fails as soon
    as there is another writer. Errors of the database become `StoreError`s that say what to do.
    """

    def __init__(self, url: str, *, busy_seconds: float = 30, connect_seconds: float = 10) -> None:
        self._url = parsed(url)
        self.busy_ms = int(busy_seconds * 1000)
        self._ways = Ways(self._url, self.busy_ms, connect_seconds)
        self._engine = self._ways.async_engine()
        self._writer = self._ways.sync_engine()
        self.writer = Lock()
        self.outage = Outage()
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
        self.outage.over()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction that only reads: on SQLite it waits for no writer.

        Raises:
            StoreError: as `begin`.
        """
        with explained():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                _ = await session.connection(execution_options={READING: True})
                yield session
        self.outage.over()

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
        """Do work with a session as `begin` gives one, in one hop to a thread; it may wait for nothing but
        the session.

        Raises:
            StoreError: as `begin`.
        """
        return await asyncio.to_thread(lambda: self.at_once_here(work, *given, **named))

    def at_once_here(
        self,
        work: Callable[Concatenate[AsyncSession, Given], Coroutine[Any, Any, Done]],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Done:
        """Do as `at_once` in this thread.

        Raises:
            StoreError: as `begin`.
        """
        return self.write_here(
            lambda connection: at_once(connection, lambda session: work(session, *given, **named))
        )

    async def read_at_once(
        self,
        work: Callable[Concatenate[AsyncSession, Given], Coroutine[Any, Any, Done]],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Done:
        """Do as `at_once` what only reads: on SQLite it waits for no writer.

        Raises:
            StoreError: as `begin`.
        """

        def reading() -> Done:
            with explained(), self._writer.connect().execution_options(**{READING: True}) as connection:
                return at_once(connection, lambda session: work(session, *given, **named))

        return await asyncio.to_thread(reading)

    def write_here(self, work: Callable[[Connection], Done]) -> Done:
        """Do as `write` in this thread; the ledger's recorder has one of its own.

        What another writer came in the way of (a deadlock, a row that both make) is done again, from its
        beginning.

        Raises:
            StoreError: as `begin`.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                with explained(), self._only_writer(), self._writer.begin() as connection:
                    done = work(connection)
            except StoreConflictError:
                if not tries_left:
                    raise
            else:
                self.outage.over()
                return done
        raise AssertionError("The last try ends it.")  # pragma: no cover

    @contextmanager
    def _only_writer(self) -> Iterator[None]:
        """Wait for this process's turn to write. One writer at a time is all that SQLite takes: without its
        sleeping and trying.
        """
        if not self.embedded:
            yield
            return
        if not self.writer.acquire(timeout=self._ways.patience_ms() / 1000):
            raise TemporaryStoreError("The database is locked.", remedy=REMEDIES["locked"])
        try:
            yield
        finally:
            self.writer.release()

    def group(self, work: Callable[[Any, str], Done]) -> Done:
        """Do work that takes the driver's own connection and the dialect, and ends its own transactions; in
        this thread.

        The connection stays open for the next group: what is around it would cost more than the group.

        Raises:
            StoreError: as `begin`.
        """
        driver: Any = self._writer.dialect.loaded_dbapi
        with explained(), self._only_writer():
            connection = self.lend()
            try:
                return work(connection, self.dialect)
            except driver.Error as error:
                raise DBAPIError.instance("", None, error, driver.Error) from error
            finally:
                self.keep(connection)

    def keep(self, connection: Any) -> None:
        """Keep a connection for the next group; what an error left open is rolled back, and a broken one is
        let go.
        """
        try:
            connection.rollback()
        except self._writer.dialect.loaded_dbapi.Error:
            with suppress(self._writer.dialect.loaded_dbapi.Error):
                connection.close()
        else:
            self._connections.append(connection)
            if self._closed:
                self._let_go()

    def lend(self) -> Any:
        """Return a connection of the driver, without transactions of its own; to be given back by `keep`.

        Raises:
            StoreError: there is none to be had.
        """
        if self._connections:
            return self._connections.pop()
        driver: Any = self._writer.dialect.loaded_dbapi
        with explained():
            try:
                taken = self._writer.raw_connection()
                connection: Any = taken.driver_connection
                taken.detach()
                if not self.embedded:
                    connection.autocommit = True
            except driver.Error as error:
                # Asked for so, the engine lets the driver's own errors through.
                raise DBAPIError.instance("", None, error, driver.Error) from error
        return connection

    async def upgrade(self) -> None:
        """Bring the schema to this version. Two processes may do it at once: one waits for the other."""
        await asyncio.to_thread(self._upgrade)

    async def go_back(self, revision: str) -> None:
        """Take the schema back to an older revision, for an older version; what only a newer one knows is
        dropped.
        """

        def migrate(connection: Connection) -> None:
            schema.migrate(connection, revision, back=True)

        await asyncio.to_thread(self._with_connection, migrate, references=False)

    async def revision(self) -> str | None:
        """Return the schema's revision, None when there is none."""
        return await asyncio.to_thread(self._with_connection, schema.revision)

    async def require_current(self) -> None:
        """Make sure that the schema is this version's.

        Raises:
            StoreError: it is older or newer.
        """
        found = await self.revision()
        wanted = schema.head()
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
                # People's addresses are in it: the file, and the log that SQLite keeps beside it, are their
                # owner's alone.
                Path(self._url.database).touch(mode=0o600)
        if self._with_connection(schema.revision) != schema.head():
            self._with_connection(schema.raise_to_head, references=False)

    def _with_connection(self, work: Any, *, references: bool = True) -> Any:
        engine = self._ways.sync_engine(references=references)
        try:
            with explained(), engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()
