"""One sender process: sends what is due until nothing is left to do and it is told so."""

import asyncio
import os
from contextlib import suppress
from multiprocessing.synchronize import Event
from typing import Any

from benchmarks.chaos.scene import settings
from digest.bootstrap import configure_logging, opened
from digest.errors import DigestError
from digest.runtime.distributed import ProcrastinateQueue
from digest.services.sending.batches import deliver_batch, due_batches
from digest.settings import Settings

IDLE_SECONDS = 0.02


def run(url: str, port: int, run_settings: dict[str, Any], over: Event) -> None:
    """Be a sender until `over` is set. May be killed at any moment: that is what it is for."""
    chosen = settings(url, port, **run_settings)
    configure_logging(chosen.run)
    distributed = chosen.run.engine == "procrastinate"
    asyncio.run(_distributed(chosen, over) if distributed else _work(chosen, over))


async def _distributed(chosen: Settings, over: Event) -> None:
    parent = os.getppid()
    async with ProcrastinateQueue(chosen.database.url) as queue, opened(chosen, queue=queue) as app:
        work = asyncio.create_task(queue.work(app))
        while not over.is_set() and os.getppid() == parent and not work.done():  # noqa: ASYNC110
            await asyncio.sleep(IDLE_SECONDS)
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


async def _work(chosen: Settings, over: Event) -> None:
    parent = os.getppid()
    async with opened(chosen) as app:
        while not over.is_set() and os.getppid() == parent:
            due = await due_batches(app, app.clock.now(), 1)
            if not due:
                await asyncio.sleep(IDLE_SECONDS)
                continue
            try:
                await deliver_batch(app, due[0])
            except DigestError:
                await asyncio.sleep(IDLE_SECONDS)
