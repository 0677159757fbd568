"""Read zones, times of day and local dates."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.errors import InputError

SECOND = timedelta(seconds=1)


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone.

    Raises:
        InputError: there is no zone of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"There is no time zone {name!r}.", remedy="Use an IANA name such as Asia/Riyadh."
        ) from error


def clock_time(text: str) -> time:
    """Read a local time written HH:MM.

    Raises:
        InputError: it is no such time.
    """
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or ":" not in text:
        raise InputError(f"{text!r} is no time of day.", remedy="Write it as HH:MM, for example 06:30.")
    return found


def hour_of(hour: int) -> time:
    """Return a whole hour as a local time.

    Raises:
        InputError: a day has no such hour.
    """
    if not 0 <= hour <= 23:
        raise InputError(f"{hour} is no hour of the day.", remedy="Choose one from 0 to 23.")
    return time(hour)


def instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """Return the one UTC instant of a local time.

    A time that the clock jumps over becomes the first instant after the jump; a time that comes twice is its
    first.
    """
    first = datetime.combine(day, at, where).replace(fold=0).astimezone(UTC)
    if first.astimezone(where).replace(tzinfo=None) == datetime.combine(day, at):
        return first
    late = first
    early = datetime.combine(day, at, where).replace(fold=1).astimezone(UTC)
    before = early.astimezone(where).utcoffset()
    while late - early > SECOND:
        middle = early + (late - early) / 2
        if middle.astimezone(where).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


def coming(at: time, where: ZoneInfo, now: datetime) -> datetime:
    """Return the next UTC instant at which it is that time of day: today, or else tomorrow."""
    today = now.astimezone(where).date()
    first = instant(today, at, where)
    return first if first >= now else instant(today + timedelta(days=1), at, where)


def whole_day(day: date, where: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC instants at which a local day begins and ends."""
    return instant(day, time(0), where), instant(day + timedelta(days=1), time(0), where)
