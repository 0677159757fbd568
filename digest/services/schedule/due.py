"""When an edition is due. Pure rules over local dates."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from digest.model import MailingList
from digest.services.schedule.local_time import clock_time, instant, zone


def due_day(
    mailing_list: MailingList, now: datetime, weekdays: Collection[int] | None = None
) -> tuple[date, datetime] | None:
    """Return the latest local date whose edition should have gone out by `now`, and its instant.

    `weekdays` are those on which it goes out; None: the list's. None is returned when none of them has come
    since the list was made. One candidate is enough: an older day that was missed is never made up for.
    """
    where = zone(mailing_list.timezone)
    at = clock_time(mailing_list.send_at)
    today = now.astimezone(where).date()
    days = mailing_list.weekdays if weekdays is None else weekdays
    for back in range(8):
        day = today - timedelta(days=back)
        moment = instant(day, at, where)
        if day.weekday() in days and moment <= now:
            return (day, moment) if moment >= mailing_list.created_at else None
    return None


def next_moments(mailing_list: MailingList, now: datetime, count: int) -> list[datetime]:
    """Return the next instants at which the list goes out; none when it has no weekday at all."""
    found: list[datetime] = []
    after = now
    while len(found) < count and (moment := next_due(mailing_list, after)) is not None:
        found.append(moment)
        after = moment
    return found


def next_due(mailing_list: MailingList, now: datetime) -> datetime | None:
    """Return the next instant at which the list goes out, or None when it has no weekday at all."""
    where = zone(mailing_list.timezone)
    at = clock_time(mailing_list.send_at)
    today = now.astimezone(where).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = instant(day, at, where)
        if day.weekday() in mailing_list.weekdays and moment > now:
            return moment
    return None
