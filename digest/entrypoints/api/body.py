"""Read request bodies within limits of size, time and memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request

SECONDS = 30.0
"""How long one body may take."""
MOST_HELD = 32_000_000
"""Bytes of all bodies that are held at once."""


class RefusedBodyError(Exception):
    """A body that is not taken: 413 too long, 408 too slow, 503 when too many others are held."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


class Bodies:
    """The bodies that some routes are reading. Whoever may not post at all is to be refused before."""

    def __init__(self, *, most_held: int = MOST_HELD, seconds: float = SECONDS) -> None:
        self._most_held = most_held
        self._seconds = seconds
        self.held = 0

    @asynccontextmanager
    async def of(self, request: Request, most: int) -> AsyncIterator[bytes]:
        """Lend a request's body, of at most `most` bytes.

        Raises:
            RefusedBodyError: it is not taken; the rest of it was not read.
        """
        length = request.headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 18 or int(length) > most):
            raise RefusedBodyError(413, f"The body has more than {most} bytes.")
        body = bytearray()
        try:
            try:
                async with asyncio.timeout(self._seconds):
                    async for chunk in request.stream():
                        self.held += len(chunk)
                        body += chunk
                        self._measure(len(body), most)
            except TimeoutError:
                raise RefusedBodyError(408, f"The body took more than {self._seconds:g} seconds.") from None
            yield bytes(body)
        finally:
            self.held -= len(body)

    def _measure(self, size: int, most: int) -> None:
        if size > most:
            raise RefusedBodyError(413, f"The body has more than {most} bytes.")
        if self.held > self._most_held:
            raise RefusedBodyError(503, "Too much is being posted at once. Try again later.")
