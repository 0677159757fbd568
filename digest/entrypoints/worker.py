"""`digest worker`: one of many processes, on one of many machines, that do the work."""

import asyncio
import signal
from contextlib import suppress
from typing import Annotated

import typer

from digest.bootstrap import opened
from digest.entrypoints.cli.screen import say, settings
from digest.entrypoints.loop import run
from digest.entrypoints.watching import watched
from digest.runtime.distributed import ProcrastinateQueue
from digest.services.copies import watch


def worker(
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port",
            min=0,
            max=65535,
            help="Port for Prometheus; 0: none. Without it run.worker_metrics_port.",
        ),
    ] = None,
) -> None:
    """Do the work that is due (news, editions, batches of mail) until stopped; needs PostgreSQL."""
    chosen = settings().settings
    port = chosen.run.worker_metrics_port if metrics_port is None else metrics_port

    async def go() -> None:
        async with (
            ProcrastinateQueue(chosen.database.url, connect_seconds=chosen.database.connect_seconds) as queue,
            opened(chosen, queue=queue) as app,
            watched(app, port),
        ):
            await watch.look(app, thorough=True)
            work = asyncio.create_task(queue.work(app))
            # A stop is a cancellation: the batch in hand waits for its replies, records them and is given
            # back.
            for one in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(one, work.cancel)
            say("This worker runs (Ctrl-C stops it).")
            with suppress(asyncio.CancelledError):
                await work

    run(go, chosen.run)
