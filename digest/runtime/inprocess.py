"""The embedded engine: an asyncio queue and a few workers in this process."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.services.app import App
from digest.services.tasks import TASKS, attempt

SEVERAL = {"poll_source": 20, "send_notice": 2, "post_webhook": 4}
WORKERS: dict[str, int] = {name: SEVERAL.get(name, 1) for name in TASKS}
"""Workers a task; every task has one. One sender is enough: it keeps all connections of the server busy by
itself.
"""


class InProcessQueue:
    """A queue that lives and dies with the process; what it loses, the next `run_due` finds again.

    A job that is already waiting or running is not taken twice. Without `start`, jobs only gather: that is
    how a command that does its work by itself uses it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Queue[int]] = {name: asyncio.Queue() for name in TASKS}
        self._known: set[tuple[str, int]] = set()
        self._workers: list[asyncio.Task[None]] = []

    async def enqueue(self, task: str, row_id: int) -> None:
        """Put a job in line, unless it stands there already."""
        self._put(task, row_id)

    async def enqueue_with(self, session: AsyncSession, task: str, row_ids: Sequence[int]) -> None:
        """Put many jobs in line once the session's transaction is committed."""

        def committed(_session: Session) -> None:
            for row_id in row_ids:
                self._put(task, row_id)

        event.listen(session.sync_session, "after_commit", committed, once=True)

    def start(self, app: App) -> None:
        """Begin to work on what is in line and on what will come."""
        self._workers = [
            asyncio.create_task(self._work(app, name), name=f"{name}-{number}")
            for name, count in WORKERS.items()
            for number in range(count)
        ]

    async def idle(self) -> None:
        """Wait until nothing is in line or running."""
        for waiting in self._waiting.values():
            await waiting.join()

    async def stop(self) -> None:
        """Stop the workers. What they had in hand is picked up by the next process."""
        for worker in self._workers:
            worker.cancel()
        for worker in self._workers:
            with suppress(asyncio.CancelledError):
                await worker
        self._workers = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _put(self, task: str, row_id: int) -> None:
        if (task, row_id) not in self._known:
            self._known.add((task, row_id))
            self._waiting[task].put_nowait(row_id)

    async def _work(self, app: App, name: str) -> None:
        waiting = self._waiting[name]
        while True:
            row_id = await waiting.get()
            try:
                await attempt(app, name, row_id)
            finally:
                self._known.discard((name, row_id))
                waiting.task_done()
