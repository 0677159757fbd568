"""When an edition is due, over daylight saving and downtime."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from digest.errors import InputError
from digest.model import MailingList
from digest.services.schedule.due import due_day, next_due
from digest.services.schedule.local_time import clock_time, instant, whole_day, zone

ARAB_ZONES = [
    "Africa/Algiers", "Africa/Cairo", "Africa/Casablanca", "Africa/Djibouti", "Africa/Khartoum", "Africa/Mogadishu",
    "Africa/Nouakchott", "Africa/Tripoli", "Africa/Tunis", "Asia/Aden", "Asia/Amman", "Asia/Baghdad", "Asia/Bahrain",
    "Asia/Beirut", "Asia/Damascus", "Asia/Dubai", "Asia/Gaza", "Asia/Kuwait", "Asia/Muscat", "Asia/Qatar",
    "Asia/Riyadh", "Indian/Comoro",
]  # fmt: skip


def a_daily(**fields: object) -> MailingList:
    return MailingList(
        **{
            "slug": "daily",
            "name": "موجز",
            "timezone": "Africa/Cairo",
            "send_at": "06:30",
            "created_at": datetime(2020, 1, 1, tzinfo=UTC),
            **fields,
        }
    )


def test_a_time_that_the_clock_jumps_over_is_the_first_instant_after_the_jump():
    # Cairo went from 00:00 to 01:00 on 24 April 2026.
    moment = instant(date(2026, 4, 24), time(0, 30), ZoneInfo("Africa/Cairo"))
    assert moment == datetime(2026, 4, 23, 22, 0, tzinfo=UTC)
    assert moment.astimezone(ZoneInfo("Africa/Cairo")).hour == 1


def test_a_time_that_comes_twice_counts_once_the_first_time():
    moment = instant(date(2026, 10, 29), time(23, 30), ZoneInfo("Africa/Cairo"))
    assert moment == datetime(2026, 10, 29, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ARAB_ZONES)
@pytest.mark.parametrize("at", ["00:00", "00:30", "02:30", "06:30", "23:30"])
def test_every_local_date_has_exactly_one_instant_and_they_grow(name: str, at: str):
    where = zone(name)
    day = date(2024, 1, 1)
    before = None
    while day < date(2030, 1, 1):
        moment = instant(day, clock_time(at), where)
        assert moment.astimezone(where).date() == day
        assert before is None or moment > before
        before = moment
        day += timedelta(days=1)


def test_before_its_time_yesterdays_edition_is_the_one_that_should_be_out():
    mailing_list = a_daily()
    due = due_day(mailing_list, datetime(2026, 1, 10, 4, 29, tzinfo=UTC))
    assert due == (date(2026, 1, 9), datetime(2026, 1, 9, 4, 30, tzinfo=UTC))
    due = due_day(mailing_list, datetime(2026, 1, 10, 4, 30, tzinfo=UTC))
    assert due is not None
    assert due[0] == date(2026, 1, 10)


def test_a_new_list_does_not_send_for_the_hours_before_it_was_made():
    mailing_list = a_daily(created_at=datetime(2026, 1, 10, 12, tzinfo=UTC))
    assert due_day(mailing_list, datetime(2026, 1, 10, 12, 5, tzinfo=UTC)) is None
    assert due_day(mailing_list, datetime(2026, 1, 11, 5, tzinfo=UTC)) is not None


def test_days_off_are_left_out():
    mailing_list = a_daily(weekdays=[6])  # Sundays only
    due = due_day(mailing_list, datetime(2026, 1, 14, 12, tzinfo=UTC))
    assert due is not None
    assert due[0] == date(2026, 1, 11)
    following = next_due(mailing_list, datetime(2026, 1, 14, 12, tzinfo=UTC))
    assert following == datetime(2026, 1, 18, 4, 30, tzinfo=UTC)


def test_a_list_without_days_is_never_due():
    mailing_list = a_daily(weekdays=[])
    assert due_day(mailing_list, datetime(2026, 1, 14, tzinfo=UTC)) is None
    assert next_due(mailing_list, datetime(2026, 1, 14, tzinfo=UTC)) is None


def test_a_whole_day_is_as_long_as_the_zone_makes_it():
    start, end = whole_day(date(2026, 4, 24), ZoneInfo("Africa/Cairo"))
    assert end - start == timedelta(hours=23)


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_said_so(name: str):
    with pytest.raises(InputError, match="no time zone"):
        zone(name)


@pytest.mark.parametrize("text", ["25:00", "morning", ""])
def test_a_time_that_is_none_is_said_so(text: str):
    with pytest.raises(InputError, match="HH:MM"):
        clock_time(text)
