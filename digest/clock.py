"""The one place that reads the clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

SLACK_SECONDS = 2.0
"""Two readings may differ so much: clocks are slewed, and a thread may sleep between the two."""

DISPUTED_SECONDS = 30.0
"""A clock that was set by less disturbs no edition."""

# Where there is one, the counter that goes on while the machine sleeps.
_COUNTER = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""

    def steady(self) -> float:
        """Return seconds since some instant, counted evenly: setting the clock does not change them."""

    def is_disputed(self) -> bool:
        """Say whether the machine's clock was set and `now` does not follow it yet."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place

    def steady(self) -> float:
        """Return the machine's seconds since it was started."""
        return time.clock_gettime(_COUNTER)

    def is_disputed(self) -> bool:
        """Never: it is the machine's clock."""
        return False


class SteadyClock:
    """A clock that a jump of the machine's does not disturb, unless it stays.

    While a process lives, time goes on by the counter that only goes forward. Where the machine's clock
    differs by more than `SLACK_SECONDS` it was set: that is believed when it has stayed so for
    `belief_seconds`. `jumps` counts those believed.
    """

    def __init__(
        self, machine: Clock, *, belief_seconds: float = 60.0, counter: Callable[[], float] | None = None
    ) -> None:
        self._machine = machine
        self._belief = belief_seconds
        self._counter = counter or machine.steady
        self._ahead = machine.now().timestamp() - self._counter()
        self._differs_since: float | None = None
        self.jumps = 0

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        read, said = self._counter(), self._machine.now()
        drift = said.timestamp() - read - self._ahead
        if -SLACK_SECONDS <= drift <= SLACK_SECONDS:
            self._differs_since = None
        else:
            if self._differs_since is None:
                self._differs_since = read
            if read - self._differs_since < self._belief:
                return said - timedelta(seconds=drift)
            self._differs_since = None
            self.jumps += 1
        self._ahead += drift
        return said

    def steady(self) -> float:
        """Return the seconds of the counter that only goes forward."""
        return self._counter()

    def is_disputed(self) -> bool:
        """Say whether the machine's clock was set by half a minute or more, less than `belief_seconds`
        ago.
        """
        return abs((self._machine.now() - self.now()).total_seconds()) > DISPUTED_SECONDS


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

    def is_disputed(self) -> bool:
        """Never: it stands where it is put."""
        return False

    def jump(self, by: timedelta) -> None:
        """Set the clock, as somebody or something does whose time is wrong."""
        self.at += by
