"""The figures for Prometheus beside a process that works."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from digest.entrypoints.cli.screen import say
from digest.services.app import App


@asynccontextmanager
async def watched(app: App, port: int) -> AsyncIterator[None]:
    """Show the figures on `run.metrics_host` and a port while the block lasts; port 0 shows nothing.

    Raises:
        ConfigError: the address is taken or is not this machine's.
    """
    if not port:
        yield
        return
    # A web server, which a worker without figures does without.
    from digest.entrypoints.api.metrics import metrics_site
    from digest.entrypoints.listening import address, answering, bound

    sock = bound(app.settings.run.metrics_host, port)
    async with answering(metrics_site(app), sock):
        say(f"Figures for Prometheus: {address(sock)}metrics")
        yield
