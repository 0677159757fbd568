"""`digest serve` and `digest mailbox`: the long-running commands."""

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import Annotated

import typer
from starlette.types import ASGIApp

from digest.bootstrap import opened
from digest.entrypoints.api.routes import machine_routes
from digest.entrypoints.api.v1.app import build_api
from digest.entrypoints.api.v1.table import ROOT
from digest.entrypoints.cli.screen import say, settings
from digest.entrypoints.desk.app import beside, build_desk
from digest.entrypoints.listening import address, answer, bound
from digest.entrypoints.loop import run
from digest.entrypoints.mailbox_pages import answer_mailbox
from digest.entrypoints.watching import watched
from digest.entrypoints.web.app import build
from digest.runtime.distributed import ProcrastinateQueue
from digest.runtime.inprocess import InProcessQueue
from digest.runtime.scheduler import ticking
from digest.services.accounts.staff import is_staffed
from digest.services.app import App
from digest.services.audience import sample_readers
from digest.services.bounces import reports
from digest.services.copies import watch
from digest.settings import Settings


def serve() -> None:
    """Run the scheduler and the public pages until stopped; the work too, unless `digest worker` processes do
    it.
    """
    chosen = settings(lasting=True).settings

    async def go() -> None:
        distributed = chosen.run.engine == "procrastinate"
        queue = _distributed(chosen) if distributed else InProcessQueue()
        async with opened(chosen, queue=queue) as app, queue, AsyncExitStack() as services:
            sock = bound(chosen.web.host, chosen.web.port)
            await _open(app, services)
            await watch.look(app, thorough=True)
            if asks := await sample_readers.reminder(app):
                say(asks)
            if isinstance(queue, InProcessQueue):
                queue.start(app)
            scheduler = ticking(app)
            scheduler.start()
            services.callback(scheduler.shutdown, wait=False)
            say(f"Mujaz runs: {address(sock)} (Ctrl-C stops it)")
            await answer(await _pages(app), sock)

    run(go, chosen.run)


async def _pages(app: App) -> ASGIApp:
    """All that is answered: the public pages, the JSON interface, and the desk."""
    public: ASGIApp = build(app, machine_routes())
    if app.settings.api.enabled:
        public = beside(public, build_api(app), ROOT)
    if not app.settings.desk.enabled:
        return public
    if not await is_staffed(app):
        say("Nobody can log in at the desk yet: `digest desk invite --owner` prints a link for the first.")
    return beside(public, build_desk(app))


def _distributed(chosen: Settings) -> ProcrastinateQueue:
    return ProcrastinateQueue(chosen.database.url, connect_seconds=chosen.database.connect_seconds)


async def _open(app: App, services: AsyncExitStack) -> None:
    """Open what the settings want besides the pages: the bounce server, the metrics."""
    server = reports.bounce_server(app)
    if server is not None:
        await services.enter_async_context(server)
        say(f"The bounce server listens on port {server.port}.")
    await services.enter_async_context(watched(app, app.settings.run.metrics_port))


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
    asyncio.run(answer_mailbox(chosen, sock))
