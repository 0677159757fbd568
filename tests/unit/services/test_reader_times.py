"""When an edition is due for a reader with a zone and an hour of their own."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model.people.timetable import OWN_TIME_WITHIN
from digest.services.schedule.reader_times import due_for, first_delivery, issued_at, timetable
from tests.builders import a_list

ISSUED = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)  # 06:30 in Riyadh, a Monday
ZONES = (
    "",
    "Africa/Cairo",
    "Asia/Beirut",
    "Africa/Casablanca",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Chatham",
)


def local(zone: str, hour: int | None, issued: datetime = ISSUED) -> str:
    where = ZoneInfo(zone or "Asia/Riyadh")
    return due_for(a_list(), (zone, hour), issued).at.astimezone(where).isoformat()


def test_it_is_due_at_the_next_time_that_it_is_that_hour_there():
    assert local("", 20) == "2026-01-05T20:00:00+03:00"
    assert local("", 5) == "2026-01-06T05:00:00+03:00"
    assert local("America/New_York", 7) == "2026-01-05T07:00:00-05:00"
    assert local("America/New_York", None) == "2026-01-05T06:30:00-05:00"
    assert local("", None) == "2026-01-05T06:30:00+03:00"


@pytest.mark.parametrize(
    ("zone", "issued", "hour", "due"),
    [
        # The clock jumps over the hour: the first instant after it.
        ("Africa/Cairo", datetime(2026, 4, 23, 12, tzinfo=UTC), 0, "2026-04-24T01:00:00+03:00"),
        ("Asia/Beirut", datetime(2026, 3, 28, 12, tzinfo=UTC), 0, "2026-03-29T01:00:00+03:00"),
        ("Africa/Casablanca", datetime(2026, 3, 22, 1, tzinfo=UTC), 2, "2026-03-22T03:00:00+01:00"),
        # The hour comes twice: the first.
        ("Africa/Cairo", datetime(2026, 10, 29, 12, tzinfo=UTC), 23, "2026-10-29T23:00:00+03:00"),
        ("Asia/Beirut", datetime(2026, 10, 24, 12, tzinfo=UTC), 23, "2026-10-24T23:00:00+03:00"),
        ("Africa/Casablanca", datetime(2026, 2, 14, 22, tzinfo=UTC), 2, "2026-02-15T02:00:00+01:00"),
    ],
)
def test_summer_time_skips_no_day_and_doubles_none(zone: str, issued: datetime, hour: int, due: str):
    assert local(zone, hour, issued) == due


@given(
    st.sampled_from(ZONES),
    st.none() | st.integers(0, 23),
    st.integers(0, 3 * 365 * 24 * 4).map(lambda quarters: ISSUED + timedelta(minutes=15 * quarters)),
)
def test_it_comes_once_within_a_day_and_never_before_it_is_made(
    zone: str, hour: int | None, issued: datetime
):
    due = due_for(a_list(), (zone, hour), issued)
    assert issued <= due.at <= issued + OWN_TIME_WITHIN
    where = ZoneInfo(zone or "Asia/Riyadh")
    assert due.weekday == due.at.astimezone(where).weekday()


def test_an_edition_that_is_made_late_is_due_by_its_own_time():
    late = ISSUED + timedelta(hours=3)
    assert issued_at(a_list(), date(2026, 1, 5), late) == ISSUED
    table = timetable(a_list(), date(2026, 1, 5), late, [("", 8), ("", None), ("No/Where", 9)])
    assert table.times["", 8].at == ISSUED + timedelta(hours=1, minutes=30)
    assert table.times["No/Where", 9].at.hour == 6
    assert ("", None) not in table.times


def test_the_first_delivery_is_of_an_edition_still_to_be_made():
    def any_day(_day: date, _weekday: int) -> bool:
        return True

    first = first_delivery(a_list(), ("", 5), ISSUED, wanted=any_day)
    assert first == datetime(2026, 1, 7, 2, tzinfo=UTC)
    assert first_delivery(a_list(), ("", None), ISSUED, wanted=any_day) == ISSUED + timedelta(days=1)
    assert first_delivery(a_list(), ("", 5), ISSUED, wanted=lambda *_: False) is None
