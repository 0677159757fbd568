"""Log an outage of the database once a minute."""

import time
from math import inf
from threading import Lock

import structlog

log = structlog.get_logger()

EVERY_SECONDS = 60.0


class Outage:
    """Tells of a database that cannot be used, from its first failure until it answers again. For any
    thread.
    """

    def __init__(self, every_seconds: float = EVERY_SECONDS) -> None:
        self._every = every_seconds
        self._since: float | None = None
        self._reported_at = -inf
        self._lock = Lock()

    def failed(self, error: Exception) -> None:
        """Note that the database could not be used; said the first time, then once a minute."""
        now = time.monotonic()
        with self._lock:
            since = self._since = now if self._since is None else self._since
            if now - self._reported_at < self._every:
                return
            self._reported_at = now
        log.error("database.away", reason=str(error), seconds=round(now - since))

    def seconds(self) -> float:
        """Return how long the database has been away; 0: it is not."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def over(self) -> None:
        """Note that the database answers; said if it was said to be away."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        # A lock that comes and goes all the time is said once a minute, too.
        if since is not None and self._reported_at >= since:
            log.warning("database.back", seconds=round(time.monotonic() - since))
