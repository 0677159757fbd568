"""Run async storage functions synchronously in a worker thread.

Through an async driver every statement is several hops between threads, each of which costs more than the
statement. What `AsyncSession` awaits is done here when it is called, so that a function that waits for
nothing but its session runs to its end in one go.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable
from sqlmodel import Session
from sqlmodel.ext.asyncio.session import AsyncSession

Done = TypeVar("Done")


def at_once(connection: Connection, work: Callable[[AsyncSession], Coroutine[Any, Any, Done]]) -> Done:
    """Do work that is written for an `AsyncSession`, in this thread, on a connection that is in a
    transaction.

    Raises:
        RuntimeError: it waits for something else than its session.
    """
    with Session(connection, expire_on_commit=False) as session:
        running = work(cast("AsyncSession", _Session(session)))
        try:
            running.send(None)
        except StopIteration as end:
            session.flush()
            return cast("Done", end.value)
        running.close()
        raise RuntimeError("Work that is done at once may wait for nothing but its session.")


class _Session:
    """A session as storage functions use it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.add = session.add
        self.add_all = session.add_all
        self.get_bind = session.get_bind
        self.sync_session = session

    async def exec(self, statement: Any, **more: Any) -> Any:
        return self._session.exec(statement, **more)

    async def get(self, entity: Any, key: Any, **more: Any) -> Any:
        return self._session.get(entity, key, **more)

    async def flush(self) -> None:
        self._session.flush()

    async def connection(self) -> "_Connection":
        return _Connection(self._session.connection())


class _Connection:
    """Its connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Executable, values: Any = None) -> Any:
        return self._connection.execute(statement, values)

    async def run_sync(self, work: Callable[..., Done], *arguments: Any) -> Done:
        return work(self._connection, *arguments)
