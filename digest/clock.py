"""Time comes in from outside: every rule takes `now`, and only this file reads the clock."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

# Where there is one, the clock that also counts while the machine sleeps.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def steady(self) -> float:
        """Return seconds since some instant, counted evenly: setting the clock does not change them."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def steady(self) -> float:
        """Return the machine's seconds since it was started."""
        return time.clock_gettime(_STEADY)


class FixedClock:
    """A clock that stands where it is put; for replays of a past day and for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)
        self._seconds = 0.0

    def now(self) -> datetime:
        """Return the instant at which the clock was put."""
        return self.at

    def forward(self, by: timedelta) -> None:
        """Move the clock on."""
        self.at += by
        self._seconds += by.total_seconds()

    def steady(self) -> float:
        """Return how many seconds the clock was moved on."""
        return self._seconds

    def jump(self, by: timedelta) -> None:
        """Set the clock, as somebody or something does whose time is wrong."""
        self.at += by
