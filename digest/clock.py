"""Time comes in from outside: every rule takes `now`, and only this file reads the clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Protocol

SLACK = timedelta(seconds=2)
"""Two readings may differ so much: clocks are slewed, and a thread may sleep between the two."""


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place


class SteadyClock:
    """A clock that a jump of the machine's does not disturb, unless it stays.

    While a process lives, time goes on by the counter that only goes forward. Where the machine's clock differs by more
    than `SLACK` it was set: that is believed when it has stayed so for `belief_seconds`. `jumps` counts those believed.
    """

    def __init__(
        self, machine: Clock, *, belief_seconds: float = 60.0, counter: Callable[[], float] | None = None
    ) -> None:
        self._machine = machine
        self._belief = belief_seconds
        self._counter = counter or _counter
        self._lock = Lock()
        self._at, self._read = machine.now(), self._counter()
        self._differs_since: float | None = None
        self.jumps = 0

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        read, said = self._counter(), self._machine.now()
        with self._lock:
            own = self._at + timedelta(seconds=read - self._read)
            if abs(said - own) <= SLACK:
                self._differs_since = None
            elif self._differs_since is None:
                self._differs_since = read
                return own
            elif read - self._differs_since < self._belief:
                return own
            else:
                self._differs_since = None
                self.jumps += 1
            self._at, self._read = said, read
            return said


def _counter() -> float:
    # Where there is one, the counter that goes on while the machine sleeps.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class FixedClock:
    """A clock that stands where it is put; for replays of a past day and for tests."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant at which the clock was put."""
        return self.at

    def forward(self, by: timedelta) -> None:
        """Move the clock on."""
        self.at += by
