"""Prepared messages, kept up to a size."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from digest.render.message.mime import PreparedMessage


class MessageCache:
    """Keeps prepared messages up to a size, the least recently used going first. May be used from several
    threads.
    """

    def __init__(self, octets: int) -> None:
        self._room = octets
        self._kept: OrderedDict[str, PreparedMessage] = OrderedDict()
        self._looking, self._making = Lock(), Lock()
        self.octets = 0
        """About how much memory the kept messages take."""

    def take(self, key: str, make: Callable[[], PreparedMessage]) -> PreparedMessage:
        """Return what is kept under a key; when it is not there it is made, once, and kept."""
        found = self._find(key)
        if found is not None:
            return found
        with self._making:  # one at a time: two threads that miss the same choice must not both render it
            found = self._find(key)
            if found is None:
                found = make()
                self._put(key, found)
            return found

    def _find(self, key: str) -> PreparedMessage | None:
        with self._looking:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def _put(self, key: str, made: PreparedMessage) -> None:
        with self._looking:
            self._kept[key] = made
            self.octets += made.octets
            while self.octets > self._room and len(self._kept) > 1:
                self.octets -= self._kept.popitem(last=False)[1].octets
