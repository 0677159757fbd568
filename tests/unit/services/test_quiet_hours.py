"""Quiet hours over midnight and over the days on which a clock is set."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from digest.errors import InputError
from digest.model import AtNight
from digest.services.schedule.quiet import QuietHours, is_held, is_too_soon

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        ("23:00-07:00", "Asia/Riyadh", "2026-01-05 19:59", None),
        ("23:00-07:00", "Asia/Riyadh", "2026-01-05 20:00", "2026-01-06 04:00"),
        ("23:00-07:00", "Asia/Riyadh", "2026-01-06 03:59", "2026-01-06 04:00"),
        ("23:00-07:00", "Asia/Riyadh", "2026-01-06 04:00", None),
        ("13:00-15:30", "Asia/Riyadh", "2026-01-05 10:00", "2026-01-05 12:30"),
        ("13:00-15:30", "Asia/Riyadh", "2026-01-05 12:30", None),
        # Cairo: 24 April 2026, 00:00 becomes 01:00; the night is an hour shorter.
        ("23:00-07:00", "Africa/Cairo", "2026-04-23 21:00", "2026-04-24 04:00"),
        ("00:30-07:00", "Africa/Cairo", "2026-04-23 21:59", None),
        ("00:30-07:00", "Africa/Cairo", "2026-04-23 22:00", "2026-04-24 04:00"),
        # Cairo: 30 October 2026, 00:00 becomes 23:00 again; the night is an hour longer.
        ("23:00-07:00", "Africa/Cairo", "2026-10-29 20:00", "2026-10-30 05:00"),
        ("23:00-07:00", "Africa/Cairo", "2026-10-29 21:30", "2026-10-30 05:00"),
        # Beirut: 29 March 2026, 00:00 becomes 01:00.
        ("22:00-00:30", "Asia/Beirut", "2026-03-28 21:59", "2026-03-28 22:00"),
        ("22:00-00:30", "Asia/Beirut", "2026-03-28 22:00", None),
    ],
)
def test_quiet_hours_end_once_whatever_the_clock_does(hours: str, zone: str, now: str, until: str | None):
    found = QuietHours.read(hours).until(at(now), ZoneInfo(zone))
    assert found == (at(until) if until else None)


@pytest.mark.parametrize("text", ["", "  ", "07:00-07:00"])
def test_no_hours_are_quiet_when_none_are_written(text: str):
    assert QuietHours.read(text) is None


@pytest.mark.parametrize("text", ["23:00", "23-07-00", "late", "25:00-07:00", "23:00–07:00", "-"])
def test_other_hours_are_refused_in_a_sentence(text: str):
    with pytest.raises(InputError, match="no quiet hours"):
        QuietHours.read(text)


@pytest.mark.parametrize(
    ("at_night", "is_big", "held"),
    [
        (AtNight.HOLD, True, True),
        (AtNight.HOLD, False, True),
        (AtNight.BIG, True, False),
        (AtNight.BIG, False, True),
        (AtNight.ALL, False, False),
    ],
)
def test_what_waits_for_the_morning(at_night: AtNight, is_big: bool, held: bool):
    assert is_held(at_night, is_big=is_big) is held


@pytest.mark.parametrize(
    ("minutes", "soon"), [(0, True), (29, True), (30, False), (-10, True), (-600, False)]
)
def test_two_alerts_are_half_an_hour_apart_though_a_clock_went_back(minutes: int, soon: bool):
    assert is_too_soon(NOW, [NOW - timedelta(minutes=minutes)]) is soon
