"""`digest serve` and `digest mailbox`: the long-running commands."""

import asyncio
import sys
from typing import Annotated

import typer

from digest.bootstrap import opened
from digest.entrypoints.cli.screen import say, settings
from digest.entrypoints.listening import address, answer, bound
from digest.entrypoints.web.app import build
from digest.entrypoints.web.mailbox import mailbox_app
from digest.runtime.distributed import ProcrastinateQueue
from digest.runtime.inprocess import InProcessQueue
from digest.runtime.scheduler import ticking
from digest.settings import Settings


def serve() -> None:
    """Run the scheduler and the public pages until stopped; the work too, unless `digest worker` processes do it."""
    chosen = settings(lasting=True).settings

    async def go() -> None:
        distributed = chosen.run.engine == "procrastinate"
        queue = ProcrastinateQueue(chosen.database.url) if distributed else InProcessQueue()
        async with opened(chosen, queue=queue) as app, queue:
            sock = bound(chosen.web.host, chosen.web.port)
            if isinstance(queue, InProcessQueue):
                queue.start(app)
            scheduler = ticking(app)
            scheduler.start()
            say(f"Mujaz runs: {address(sock)} (Ctrl-C stops it)")
            try:
                await answer(build(app), sock)
            finally:
                scheduler.shutdown(wait=False)

    asyncio.run(go())


def mailbox(
    unless_piped: Annotated[
        bool, typer.Option("--unless-piped", help="Where nobody watches, only say how to open it.")
    ] = False,
) -> None:
    """Show the embedded mailbox as a web page on this machine."""
    chosen: Settings = settings().settings
    if unless_piped and not sys.stdout.isatty():
        say(
            f"To read it as the subscribers do: digest mailbox, then open http://{chosen.mailbox.host}:{chosen.mailbox.port}/"
        )
        return
    sock = bound(chosen.mailbox.host, chosen.mailbox.port)
    say(f"The mailbox is open: {address(sock)} (Ctrl-C closes it)")
    asyncio.run(answer(mailbox_app(chosen.mailbox.folder), sock))
