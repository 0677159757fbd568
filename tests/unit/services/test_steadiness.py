"""Whether a clock can be believed, by one that nobody sets."""

from datetime import timedelta

from digest.services.schedule.steadiness import ClockWatch, apart
from tests.builders import NOW


def test_a_clock_that_goes_evenly_is_believed_at_once():
    watch = ClockWatch()
    assert all(watch.look(NOW + timedelta(seconds=n), float(n)) == "" for n in range(0, 100, 20))
    assert (
        watch.look(NOW + timedelta(hours=9), 9 * 3600.0) == ""
    )  # a machine that slept counts while it sleeps


def test_a_clock_that_jumped_is_believed_after_a_minute_without_another_jump():
    watch = ClockWatch()
    watch.look(NOW, 0)
    assert "jumped" in watch.look(NOW + timedelta(days=1), 1)
    assert "jumped" in watch.look(NOW, 7)
    assert "jumped" in watch.look(NOW + timedelta(seconds=59), 66)
    assert watch.look(NOW + timedelta(seconds=61), 68) == ""


def test_a_clock_that_is_slowly_set_right_did_not_jump():
    watch = ClockWatch()
    assert all(watch.look(NOW + timedelta(seconds=21 * n), 20.0 * n) == "" for n in range(50))


def test_long_after_the_last_right_time_a_clock_is_watched_first():
    watch = ClockWatch()
    before = NOW - timedelta(hours=13)
    assert "watched" in watch.look(NOW, 100.0, last_right=before)
    assert watch.look(NOW + timedelta(seconds=11), 111.0, last_right=before) == ""
    assert ClockWatch().look(NOW, 100.0, last_right=NOW - timedelta(hours=11)) == ""


def test_two_clocks_that_disagree_are_said():
    assert apart(NOW, NOW + timedelta(seconds=20)) == ""
    assert "the database's" in apart(NOW, NOW + timedelta(seconds=40))
