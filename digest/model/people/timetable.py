"""When the hour of an edition's readers comes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

OwnTime = tuple[str, int | None]
"""Zone and hour as a subscription has them: an empty zone is the list's, no hour is the list's time."""
OWN_TIME_WITHIN = timedelta(hours=26)
"""A reader's time comes within so long after the edition's: a day, with what clocks jump."""
NO_OWN: OwnTime = ("", None)


@dataclass(frozen=True, slots=True)
class ReaderDue:
    """When an edition is due for readers with one time of their own, in UTC, and on which local day of the
    week that is; Monday is 0.
    """

    at: datetime
    weekday: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """When an edition of a local date is due for those who chose a time of their own; for all others at once,
    on that date.

    `misfire_hours` is how long after its own time a mail may still go out by itself.
    """

    day: date
    times: Mapping[OwnTime, ReaderDue] = field(default_factory=dict)
    misfire_hours: float = 0

    @property
    def weekday(self) -> int:
        """The day of the week on which those get it who chose no time."""
        return self.day.weekday()
