"""`digest worker`: one of many processes, on one of many machines, that do the work."""

import asyncio
import signal
from contextlib import suppress

from digest.bootstrap import opened
from digest.entrypoints.cli.screen import say, settings
from digest.runtime.distributed import ProcrastinateQueue


def worker() -> None:
    """Do the work that is due (news, editions, batches of mail) until stopped; needs PostgreSQL."""
    chosen = settings().settings

    async def go() -> None:
        async with ProcrastinateQueue(chosen.database.url) as queue, opened(chosen, queue=queue) as app:
            work = asyncio.create_task(queue.work(app))
            # A stop is a cancellation: the batch in hand waits for its replies, records them and is given back.
            for one in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(one, work.cancel)
            say("This worker runs (Ctrl-C stops it).")
            with suppress(asyncio.CancelledError):
                await work

    asyncio.run(go())
