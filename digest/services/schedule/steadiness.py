"""Watch the clock beside a monotonic one."""

from datetime import datetime, timedelta

DRIFT = timedelta(seconds=30)
"""By so much both clocks may differ between two looks; a clock that is slowly set right stays below it."""
CALM = 60.0
"""Seconds for which a clock that jumped must go evenly before it is believed again."""
LONG_AWAY = timedelta(hours=12)
"""A process that begins so long after the clock was last right first watches it for a while."""
FIRST_LOOK = 10.0
"""Seconds of that while."""


class ClockWatch:
    """Watches a clock in one process. Pure but for what it remembers."""

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._began = 0.0
        self._jumped: float | None = None

    def look(self, now: datetime, steady: float, *, last_right: datetime | None = None) -> str:
        """Return why the clock is not to be believed at this moment, in a sentence; empty when it is.

        `last_right` is when the clock was last known to be right, by this process or another.
        """
        if self._last is None:
            self._began = steady
        else:
            then, before = self._last
            drift = (now - then) - timedelta(seconds=steady - before)
            if abs(drift) > DRIFT:
                self._jumped = steady
        self._last = now, steady
        if self._jumped is not None and steady - self._jumped < CALM:
            return "the clock jumped; it must go evenly for a minute before an edition is made"
        if last_right is not None and now - last_right > LONG_AWAY and steady - self._began < FIRST_LOOK:
            return (
                f"the clock says {now - last_right} since it was last right; it is watched for some seconds"
            )
        return ""


def apart(now: datetime, elsewhere: datetime) -> str:
    """Return that two clocks which should agree do not, in a sentence; empty when they do."""
    if abs(now - elsewhere) <= DRIFT:
        return ""
    return (
        f"this machine's clock says {now:%Y-%m-%d %H:%M:%S} UTC, the database's {elsewhere:%Y-%m-%d %H:%M:%S}"
    )
