"""When an edition is due for a reader with a zone and an hour of their own. Pure."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from digest.errors import InputError
from digest.model import MailingList
from digest.model.people.timetable import NO_OWN, OwnTime, ReaderDue, Timetable
from digest.services.schedule.local_time import clock_time, hour_of, instant, zone


def issued_at(mailing_list: MailingList, day: date, now: datetime) -> datetime:
    """Return when the edition of a local date is due for the list; one made before its time is due when it is
    made.
    """
    planned = instant(day, clock_time(mailing_list.send_at), zone(mailing_list.timezone))
    return min(planned, now)


def due_for(mailing_list: MailingList, own: OwnTime, issued: datetime) -> ReaderDue:
    """Return when an edition is due for a reader: at the first instant, from the list's own on, at which it
    is the reader's hour in the reader's zone.

    Without an hour it is the list's time of day, without a zone the list's zone. An hour that the clock jumps
    over is the first instant after the jump; one that comes twice is its first.

    Raises:
        InputError: there is no such zone.
    """
    name, hour = own
    where = zone(name or mailing_list.timezone)
    at = clock_time(mailing_list.send_at) if hour is None else hour_of(hour)
    today = issued.astimezone(where).date()
    for ahead in range(-1, 3):
        moment = instant(today + timedelta(days=ahead), at, where)
        if moment >= issued:
            return ReaderDue(moment, moment.astimezone(where).weekday())
    raise AssertionError("an hour comes once in two days")


def timetable(mailing_list: MailingList, day: date, now: datetime, owns: Iterable[OwnTime]) -> Timetable:
    """Return when the edition of a local date is due for each of the times that its readers chose.

    A zone that is no more is the list's.
    """
    issued = issued_at(mailing_list, day, now)
    times: dict[OwnTime, ReaderDue] = {}
    for own in owns:
        if own != NO_OWN:
            times[own] = _due(mailing_list, own, issued)
    return Timetable(day, times, mailing_list.misfire_hours)


def _due(mailing_list: MailingList, own: OwnTime, issued: datetime) -> ReaderDue:
    try:
        return due_for(mailing_list, own, issued)
    except InputError:
        return due_for(mailing_list, ("", own[1]), issued)


def first_delivery(
    mailing_list: MailingList, own: OwnTime, now: datetime, *, wanted: Callable[[date, int], bool]
) -> datetime | None:
    """Return when the first edition that is still to be made reaches a reader; None when none ever does.

    `wanted` says whether the edition of a local date, delivered on a local day of the week, is the reader's.
    """
    where = zone(mailing_list.timezone)
    at = clock_time(mailing_list.send_at)
    today = now.astimezone(where).date()
    for ahead in range(16):
        day = today + timedelta(days=ahead)
        issued = instant(day, at, where)
        if issued <= now:
            continue
        due = ReaderDue(issued, day.weekday()) if own == NO_OWN else _due(mailing_list, own, issued)
        if wanted(day, due.weekday):
            return due.at
    return None
