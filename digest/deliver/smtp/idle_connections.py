"""Keep open connections for the next batch."""

import asyncio
from dataclasses import dataclass

from aiosmtplib import SMTP

from digest.deliver.smtp.connect import quit_politely

IDLE_SECONDS = 20.0
"""Older ones are not used again: servers hang up on the idle, some after half a minute, and may do so as we speak."""


@dataclass(slots=True)
class IdleConnection:
    """A connection, how many messages it has carried, and since when it has been idle."""

    client: SMTP
    carried: int = 0
    since: float = 0.0


class IdleConnections:
    """Idle connections by server. Nothing is kept until `open` is called, nor after `close`."""

    def __init__(self, servers: int, farewell_seconds: float) -> None:
        self._links: list[list[IdleConnection]] = [[] for _ in range(servers)]
        self._farewell = farewell_seconds
        self._open = False

    def open(self) -> None:
        """Begin to keep."""
        self._open = True

    def take(self, place: int) -> IdleConnection | None:
        """Return a connection of a server that is alive as far as one can tell; None when there is none."""
        now = asyncio.get_running_loop().time()
        while self._links[place]:
            link = self._links[place].pop()
            if link.client.is_connected and now - link.since < IDLE_SECONDS:
                return link
            link.client.close()
        return None

    async def put(self, place: int, link: IdleConnection) -> None:
        """Keep a connection, or say QUIT."""
        if self._open and link.client.is_connected:
            link.since = asyncio.get_running_loop().time()
            self._links[place].append(link)
        else:
            await self.quit(link)

    async def quit(self, link: IdleConnection) -> None:
        """Say QUIT. All is settled by then; the farewell is not worth RFC 5321's minutes."""
        await quit_politely(link.client, self._farewell)

    async def close(self) -> None:
        """Say QUIT to all that are kept, at once."""
        self._open = False
        links = [link for of_one in self._links for link in of_one]
        self._links = [[] for _ in self._links]
        await asyncio.gather(*(self.quit(link) for link in links))
