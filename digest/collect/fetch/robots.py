"""Fetch and cache robots.txt, within limits of bytes and time."""

import time
from collections import OrderedDict
from collections.abc import Callable

LIVE = 86_400.0
"""Seconds for which a host's robots.txt is believed (RFC 9309 §2.4)."""
MOST_BYTES = 8_000_000
MOST_HOSTS = 5_000


class RobotsTexts:
    """Texts by origin; those that were not asked for longest go first, and all of them after a day."""

    def __init__(
        self,
        *,
        most_bytes: int = MOST_BYTES,
        most_hosts: int = MOST_HOSTS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._texts: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._most_bytes = most_bytes
        self._most_hosts = most_hosts
        self._clock = clock
        self.held_bytes = 0

    def known(self, origin: str) -> tuple[bool, bytes]:
        """Return whether a host's text is held, and the text; an empty one forbids nothing."""
        found = self._texts.get(origin)
        if found is None:
            return False, b""
        if found[0] < self._clock():
            self._drop(origin)
            return False, b""
        self._texts.move_to_end(origin)
        return True, found[1]

    def keep(self, origin: str, text: bytes) -> None:
        """Hold a host's text, and drop others when there are too many."""
        self._drop(origin)
        self._texts[origin] = self._clock() + LIVE, text
        self.held_bytes += len(text)
        while self._texts and (self.held_bytes > self._most_bytes or len(self._texts) > self._most_hosts):
            self._drop(next(iter(self._texts)))

    def _drop(self, origin: str) -> None:
        found = self._texts.pop(origin, None)
        if found is not None:
            self.held_bytes -= len(found[1])
