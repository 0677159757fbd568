"""When it is too late to mail something."""

from datetime import datetime, timedelta

import pytest

from digest.model.editions.lateness import deadline_after, is_late, latest, minutes_late, put_further
from tests.builders import NOW

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("hours", "passed", "late"),
    [
        (6, timedelta(hours=6) - SECOND, False),
        (6, timedelta(hours=6), False),
        (6, timedelta(hours=6) + SECOND, True),
        (0, timedelta(), False),
        (0, SECOND, True),
        (72, timedelta(days=2), False),
    ],
)
def test_an_edition_is_late_once_its_deadline_has_passed(hours: int, passed: timedelta, *, late: bool):
    assert is_late(deadline_after(NOW, hours), NOW + passed) is late


@pytest.mark.parametrize(
    ("after", "minutes"),
    [(timedelta(minutes=-5), 0), (SECOND * 59, 0), (SECOND * 61, 1), (timedelta(hours=2), 120)],
)
def test_minutes_after_a_deadline_are_counted_whole(after: timedelta, minutes: int):
    assert minutes_late(NOW, NOW + after) == minutes


def test_a_deadline_is_hours_of_time_not_of_the_clock_on_the_wall():
    begins = datetime.fromisoformat("2026-10-25T00:30:00+00:00")  # an hour that Europe has twice
    assert deadline_after(begins, 2) - begins == timedelta(hours=2)


def test_what_somebody_lets_go_on_may_go_out_longer_and_never_shorter():
    assert put_further(NOW, NOW + SECOND, 6) == NOW + SECOND + timedelta(hours=6)
    assert put_further(NOW, NOW - timedelta(days=1), 6) == NOW


def test_of_two_deadlines_the_later_counts():
    assert latest(NOW, NOW + SECOND) == NOW + SECOND
    assert latest(NOW, NOW - SECOND) == latest(NOW, None) == NOW
