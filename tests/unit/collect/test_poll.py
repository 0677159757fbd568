"""When a source is visited next."""

from datetime import timedelta

import pytest

from digest.collect import schedule
from digest.errors import SourceError, TemporarySourceError
from digest.model.news.fetch_state import FetchState
from digest.settings import CollectSettings
from tests.builders import NOW, a_source, hours_ago

LIMITS = CollectSettings()


def test_a_source_with_news_is_visited_sooner_and_one_without_later():
    source = a_source(poll_seconds=3600)
    assert schedule.interval(source, 3, LIMITS) < 3600 < schedule.interval(source, 0, LIMITS)


def test_the_wait_stays_within_its_limits():
    assert schedule.interval(a_source(poll_seconds=1), 1, LIMITS) == LIMITS.min_minutes * 60
    assert schedule.interval(a_source(poll_seconds=10**7), 0, LIMITS) == LIMITS.max_minutes * 60


def test_what_the_publisher_asks_for_is_the_least():
    assert schedule.interval(a_source(poll_seconds=600), 5, LIMITS, floor=7200) == 7200
    assert schedule.interval(a_source(poll_seconds=600), 5, LIMITS, floor=10**9) == LIMITS.max_minutes * 60


def test_the_wait_follows_the_rhythm_of_publishing():
    busy = schedule.interval(a_source(poll_seconds=20_000), 0, LIMITS, items_a_day=96)
    quiet = schedule.interval(a_source(poll_seconds=600), 1, LIMITS, items_a_day=0.5)
    assert busy <= 3 * 450
    assert quiet >= 86_400 / 3


def test_the_rhythm_is_that_of_the_last_week():
    assert schedule.rhythm([hours_ago(hour) for hour in range(24)], NOW) == pytest.approx(24, rel=0.1)
    assert schedule.rhythm([hours_ago(24 * day) for day in range(60)], NOW) == pytest.approx(8 / 7, rel=0.05)
    assert schedule.rhythm([hours_ago(24 * day) for day in range(30, 60)], NOW) == 0
    assert schedule.rhythm([hours_ago(1), None, None], NOW) is None


def test_failures_back_off_and_never_beyond_a_day():
    waits = []
    source = a_source(poll_seconds=1800)
    for failures in range(12):
        source.failures = failures
        state = schedule.after_failure(source, SourceError("no"), NOW, LIMITS, 0.0)
        waits.append((state.fields["next_poll_at"] - NOW).total_seconds())
    assert waits[0] == 1800
    assert waits == sorted(waits)
    assert waits[-1] == LIMITS.max_minutes * 60


def test_being_asked_to_wait_is_no_failure_and_is_obeyed():
    error = TemporarySourceError("wait", status=429, retry_after=7200)
    state = schedule.after_failure(a_source(failures=2), error, NOW, LIMITS, 0.0)
    assert state.failures == 2
    assert state.fields["next_poll_at"] == NOW + timedelta(hours=2)
    assert "muted_reason" not in state.fields


def test_gone_for_good_mutes():
    state = schedule.after_failure(a_source(), SourceError("gone", status=410), NOW, LIMITS, 0.5)
    assert state.fields["muted_reason"] == "gone (410)"


def test_success_forgets_failures_and_keeps_what_was_read():
    state = schedule.after_success(
        a_source(failures=4), NOW, LIMITS, 0.5, new=1, state=FetchState(etag="x"), items_a_day=3.0
    )
    assert (state.failures, state.fields["etag"], state.fields["items_a_day"]) == (0, "x", 3.0)
    assert state.fields["last_item_at"] == NOW


def test_jitter_spreads_visits_by_a_tenth():
    source = a_source(poll_seconds=3600)
    early = schedule.after_success(source, NOW, LIMITS, 0.0, new=0).fields["next_poll_at"]
    late = schedule.after_success(source, NOW, LIMITS, 1.0, new=0).fields["next_poll_at"]
    assert (late - NOW) / (early - NOW) == pytest.approx(1.1 / 0.9, rel=0.01)


def test_a_permanent_move_is_believed_after_seven_days():
    source = a_source(location="https://old.example/feed")
    seen = schedule.moved(source, "https://new.example/feed", NOW)
    assert seen == {"moved_to": "https://new.example/feed", "moved_since": NOW}
    source.moved_to, source.moved_since = seen["moved_to"], seen["moved_since"]
    assert schedule.moved(source, "https://new.example/feed", NOW + timedelta(days=6)) == {}
    after = schedule.moved(source, "https://new.example/feed", NOW + timedelta(days=7))
    assert after["location"] == "https://new.example/feed"


def test_a_move_that_changes_its_mind_starts_again():
    source = a_source(
        location="https://old.example/f", moved_to="https://a.example/f", moved_since=hours_ago(24 * 30)
    )
    assert schedule.moved(source, "https://b.example/f", NOW) == {
        "moved_to": "https://b.example/f",
        "moved_since": NOW,
    }
    assert schedule.moved(source, None, NOW) == {"moved_to": None, "moved_since": None}


def test_https_is_believed_at_once():
    source = a_source(location="http://marfa.example/feed")
    assert (
        schedule.moved(source, "https://marfa.example/feed", NOW)["location"] == "https://marfa.example/feed"
    )


def test_a_source_is_silent_when_it_is_quieter_than_its_habit():
    assert schedule.silent_for(a_source(last_item_at=hours_ago(72)), NOW, LIMITS) == 3
    assert schedule.silent_for(a_source(last_item_at=hours_ago(71)), NOW, LIMITS) is None
    fortnightly = a_source(last_item_at=hours_ago(24 * 20), items_a_day=1 / 14)
    assert schedule.silent_for(fortnightly, NOW, LIMITS) is None
    assert (
        schedule.silent_for(a_source(last_item_at=hours_ago(900), muted_reason="gone (410)"), NOW, LIMITS)
        is None
    )


def test_what_a_visit_leaves_takes_the_place_of_all_that_the_last_one_left():
    before = a_source(etag="old", hub="https://hub.example", topic="https://t.example", cursor="1:3")
    state = schedule.after_success(before, NOW, LIMITS, 0.5, new=0, state=FetchState(etag="new"))
    assert state.fields["etag"] == "new"
    assert state.fields["hub"] is state.fields["topic"] is state.fields["cursor"] is None


def test_a_visit_begins_with_what_the_last_one_left():
    before = a_source(etag="old", hub="https://hub.example", cursor="1:3", rights_line="©")
    state = FetchState.of(before)
    assert (state.etag, state.hub, state.cursor, state.rights_line) == (
        "old",
        "https://hub.example",
        "1:3",
        "©",
    )
    assert state.body_hash is state.topic is state.last_modified is None
