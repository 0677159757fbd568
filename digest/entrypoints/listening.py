"""Listening on an address of this machine."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.entrypoints.http_limits import LimitedHttp
from digest.errors import ConfigError
from digest.storage.database.connections import in_a_hurry

ACCEPTED_AT_ONCE = 64
"""Connections that are taken before the limits look at them: asyncio takes as many as may wait, in one go,
and with the 2,048 that uvicorn lets wait it would run out of descriptors.
"""
PAGE_SECONDS = 5.0
"""How long a page waits for a locked database before it says so."""


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one.

    Raises:
        ConfigError: the address is taken or is not this machine's.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise ConfigError(
            f"{host}:{port} cannot be listened on: {error.strerror}.",
            remedy="Stop what uses it, or set another port.",
        ) from error


def address(sock: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def answer(app: ASGIApp, sock: socket.socket) -> None:
    """Answer requests until the process is told to stop."""
    await uvicorn.Server(_config(app)).serve(sockets=[sock])


@asynccontextmanager
async def answering(app: ASGIApp, sock: socket.socket) -> AsyncIterator[None]:
    """Answer requests beside whatever else is done, while the block lasts."""
    server = _Beside(_config(app))
    task = asyncio.create_task(server.serve(sockets=[sock]))
    try:
        yield
    finally:
        server.should_exit = True
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            # Whoever stops this process stops the wait, not the server: it ends by itself, in order.
            await asyncio.wait({task})
            raise
        task.result()


class _Beside(uvicorn.Server):
    """A server that leaves the process's signals to whatever it runs beside."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        _hurried(app),
        http=LimitedHttp,
        backlog=ACCEPTED_AT_ONCE,
        ws="none",
        log_level="warning",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )


def _hurried(app: ASGIApp) -> ASGIApp:
    """Answer soon, even where the database is locked: then the answer is that it is."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        with in_a_hurry(PAGE_SECONDS):
            await app(scope, receive, send)

    return answered
