"""When a list's alerts keep still: its night, the rest between two, and how many a day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from digest.errors import InputError
from digest.model import AtNight
from digest.services.schedule.local_time import clock_time, instant

REST = timedelta(minutes=30)
"""Between two alerts of a list."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A stretch of each local day, from the first time to the second; over midnight when the second is the
    earlier one.
    """

    begin: time
    end: time

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read hours written HH:MM-HH:MM; None: there are none.

        Raises:
            InputError: they are written otherwise.
        """
        if not text.strip():
            return None
        first, _, second = text.partition("-")
        try:
            begin, end = clock_time(first.strip()), clock_time(second.strip())
        except InputError:
            raise InputError(
                f"{text!r} are no quiet hours.",
                remedy="Write them as HH:MM-HH:MM, for example 23:00-07:00, or leave them empty.",
            ) from None
        return None if begin == end else cls(begin, end)

    def until(self, now: datetime, where: ZoneInfo) -> datetime | None:
        """Return when the hours that `now` lies in end, in UTC; None: it lies in none.

        A time that the clock jumps over is the first instant after the jump; one that comes twice is its
        first.
        """
        today = now.astimezone(where).date()
        for day in (today - timedelta(days=1), today):
            over_midnight = self.end < self.begin
            ends = instant(day + timedelta(days=over_midnight), self.end, where)
            if instant(day, self.begin, where) <= now < ends:
                return ends
        return None


def is_held(at_night: AtNight, *, is_big: bool) -> bool:
    """Say whether an alert that is found in the quiet hours waits for the morning."""
    return at_night is AtNight.HOLD or (at_night is AtNight.BIG and not is_big)


def is_too_soon(now: datetime, alerts: Sequence[datetime]) -> bool:
    """Say whether the last alert is too recent for another.

    One that a wrong clock put a little ahead counts as well.
    """
    return any(abs(now - one) < REST for one in alerts)
