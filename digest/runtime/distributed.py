"""The engine for many machines: procrastinate, in the PostgreSQL that holds the ledger.

A job brings (task, row id) and nothing else. Those of an edition's batches are written in the transaction
that freezes the edition; a rolled-back edition leaves none. What a killed worker had in hand becomes due
again in the ledger, and the next `run_due` asks for it again: procrastinate's own stalled jobs are only
cleared away.

Its workers end when the database goes away. Ours begin anew when it is back, however long that takes; a batch
in hand is waited for, and holds what the mail server took until it can be recorded.
"""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self, cast

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ConfigError, StoreError, TemporaryStoreError
from digest.runtime.scheduler import ticking
from digest.services.app import App
from digest.services.tasks import TASKS, attempt
from digest.storage.database.connections import dial
from digest.storage.database.schema import MIGRATION_LOCK

LANES: dict[str, int] = {"send": 1, "alert": 1, "other": 20}
"""Jobs at once in one worker, a lane. One sender keeps all its connections to the server busy by itself."""
SENDING = {"send_batch": "send", "send_alert": "alert", "check_alerts": "alert"}
STALLED_SECONDS = 60
AGAIN_SECONDS = 1.0
"""Between two tries to work while the database is away."""
POLL_SECONDS = 5.0
"""Workers are woken by NOTIFY; this is for when a notice was lost."""


class ProcrastinateQueue:
    """A queue in the database. To be used as a context manager; `work` makes the process a worker.

    Raises:
        ConfigError: the database is no PostgreSQL.
        StoreError: it cannot be reached.
    """

    def __init__(self, url: str, *, connect_seconds: float = 10) -> None:
        if not url.startswith("postgresql"):
            raise ConfigError(
                "Many machines need PostgreSQL, and database.url names something else.",
                remedy="Set database.url to postgresql://…, or run.engine to inprocess.",
            )
        connector = procrastinate.PsycopgConnector(
            conninfo=_conninfo(url),
            timeout=connect_seconds,
            # A later attempt is made by who asks next; without an end, the waits between them would grow to
            # hours.
            reconnect_timeout=connect_seconds,
            kwargs=dial(connect_seconds),
        )
        self._engine = procrastinate.App(connector=connector)
        self._jobs: dict[str, Any] = {
            name: self._engine.task(name=name, queue=lane_of(name), pass_context=True)(_task(name))
            for name in TASKS
        }

    async def enqueue(self, task: str, row_id: int) -> None:
        """Put a job in line, unless one for the same row waits there already."""
        job = self._jobs[task].configure(queueing_lock=f"{task}:{row_id}")
        try:
            await job.defer_async(row_id=row_id)
        except AlreadyEnqueued:
            return
        except ConnectorException as error:
            raise _away() from error

    async def enqueue_with(self, session: AsyncSession, task: str, row_ids: Sequence[int]) -> None:
        """Put many jobs in line in the session's transaction: rolled back, there are none."""
        if not row_ids:
            return
        raw = await (await session.connection()).get_raw_connection()
        connection = cast("psycopg.AsyncConnection", raw.driver_connection)
        # Without a lock: a clash would spoil the transaction, and a doubled job finds nothing to claim.
        job = self._jobs[task].configure(connection=connection)
        try:
            await job.batch_defer_async(*({"row_id": row_id} for row_id in row_ids))
        except ConnectorException as error:
            raise _away() from error

    async def work(self, app: App) -> None:
        """Work until cancelled, and ask for due work every `run.tick_seconds`.

        Any number of processes may do so on any number of machines.
        """
        scheduler = ticking(app)
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                for lane, at_once in LANES.items():
                    group.create_task(self._lasting(app, lane, at_once))
        finally:
            scheduler.shutdown(wait=False)

    async def _lasting(self, app: App, lane: str, at_once: int) -> None:
        """Work in a lane until cancelled, again after each outage of the database."""
        while True:
            try:
                await self._clear_stalled()
                await self._engine.run_worker_async(
                    queues=[lane],
                    concurrency=at_once,
                    name=lane,
                    wait=True,
                    fetch_job_polling_interval=POLL_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    additional_context={"digest": app},
                )
            except (ConnectorException, psycopg.Error, StoreError) as error:
                app.database.outage.failed(error)
            # Told to stop while the database was away: its error took the place of the cancellation.
            stopping = asyncio.current_task()
            if stopping is not None and stopping.cancelling():
                raise asyncio.CancelledError
            await asyncio.sleep(AGAIN_SECONDS)

    async def waiting(self) -> int:
        """Return how many jobs stand in line."""
        return len(list(await self._engine.job_manager.list_jobs_async(status="todo")))

    async def _clear_stalled(self) -> None:
        manager = self._engine.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def __aenter__(self) -> Self:
        try:
            await self._engine.open_async()
        except (ConnectorException, psycopg.Error) as error:
            raise _away() from error
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._engine.close_async()


def lane_of(task: str) -> str:
    """Return the lane that a task's jobs wait in: mail does not stand behind slow sources, nor alerts behind
    other mail.
    """
    return SENDING.get(task, "other")


def apply_schema(url: str) -> bool:
    """Make procrastinate's tables, if they are not there. False: they were. Two processes may do it at once.

    Raises:
        StoreError: the database cannot be reached.
    """
    try:
        with psycopg.connect(_conninfo(url)) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATION_LOCK,))
            known = connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()
            if known is not None and known[0] is not None:
                return False
            connection.execute(SchemaManager.get_schema())
            return True
    except psycopg.OperationalError as error:
        raise _away() from error


def _task(name: str) -> Any:
    async def run(context: procrastinate.JobContext, row_id: int) -> None:
        app = cast("App", context.additional_context["digest"])
        await attempt(app, name, row_id)

    return run


def _conninfo(url: str) -> str:
    start, mark, rest = url.partition("://")
    return f"{start.partition('+')[0]}{mark}{rest}"


def _away() -> TemporaryStoreError:
    return TemporaryStoreError(
        "The job queue in the database cannot be reached, or has no tables.",
        remedy="Start the server, and run `digest db upgrade`.",
    )
