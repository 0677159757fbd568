"""What a connection may take of the pages' server: so much time to say what it wants, and a place among so
many.

The server underneath has no limit for a connection that says nothing, or says it letter by letter; some
hundred of them would take all descriptors of the process, which its mail needs.
"""

import asyncio
import resource
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0
"""From the connection, or the last answer, until the head of a request is there."""
REQUEST_SECONDS = 60.0
"""From then until its body is there."""
ANSWER_SECONDS = 60.0
"""How long a client may take nothing of an answer that is ready for it."""
MOST = 400
"""Connections at once, where the process may open descriptors enough."""
SHARE = 3
"""At most a third of the descriptors is for the pages."""


def most_connections() -> int:
    """Return how many connections the pages may have at once."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else max(8, min(MOST, soft // SHARE))


class LimitedHttp(H11Protocol):
    """HTTP with limits. When all places are taken, the connection that has said nothing for longest makes
    room.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._timer: asyncio.TimerHandle | None = None
        self.since = 0.0
        self._left_to_write = 0

    @property
    def waits(self) -> bool:
        """Whether no request is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place."""
        others = cast("set[LimitedHttp]", self.connections)
        if len(others) >= most_connections():
            silent = [one for one in others if one.waits and not one.transport.is_closing()]
            if silent:
                min(silent, key=lambda one: one.since).give_way()
            else:
                transport.abort()
        super().connection_made(transport)
        self._watch(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request, if there is one."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._watch(HEAD_SECONDS)

    def give_way(self) -> None:
        """End the connection, and free its place at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _watch(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self.since = self.loop.time()
        self._timer = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        """End what was given time enough; what is being answered is looked at again."""
        left = self.transport.get_write_buffer_size()
        stuck = left > 0 and left == self._left_to_write
        late = not self.waits and self.cycle.more_body and self.loop.time() - self.since >= REQUEST_SECONDS
        if self.waits or stuck or late:
            self.transport.abort()
            return
        self._left_to_write = left
        again = min(HEAD_SECONDS, REQUEST_SECONDS) if self.cycle.more_body else ANSWER_SECONDS
        self._timer = self.loop.call_later(again, self._look)
