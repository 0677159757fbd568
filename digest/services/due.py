"""When a list's edition is due: pure rules over local dates, so that daylight saving can neither skip nor repeat one."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.errors import InputError
from digest.model import MailingList

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
        return time.fromisoformat(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is no time of day.", remedy="Write it as HH:MM, for example 06:30."
        ) from error


def instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """Return the one UTC instant of a local time.

    A time that the clock jumps over becomes the first instant after the jump; a time that comes twice is its first.
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


def due_day(
    mailing: MailingList, now: datetime, weekdays: Collection[int] | None = None
) -> tuple[date, datetime] | None:
    """Return the latest local date whose edition should have gone out by `now`, and its instant.

    `weekdays` are those on which it goes out; None: the list's. None is returned when none of them has come since the list was made. One candidate is enough: an older day
    that was missed is never made up for.
    """
    where = zone(mailing.timezone)
    at = clock_time(mailing.send_at)
    today = now.astimezone(where).date()
    days = mailing.weekdays if weekdays is None else weekdays
    for back in range(8):
        day = today - timedelta(days=back)
        moment = instant(day, at, where)
        if day.weekday() in days and moment <= now:
            return (day, moment) if moment >= mailing.created_at else None
    return None


def next_due(mailing: MailingList, now: datetime) -> datetime | None:
    """Return the next instant at which the list goes out, or None when it has no weekday at all."""
    where = zone(mailing.timezone)
    at = clock_time(mailing.send_at)
    today = now.astimezone(where).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = instant(day, at, where)
        if day.weekday() in mailing.weekdays and moment > now:
            return moment
    return None


def whole_day(day: date, where: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the UTC instants at which a local day begins and ends."""
    return instant(day, time(0), where), instant(day + timedelta(days=1), time(0), where)
