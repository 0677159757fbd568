"""Two events of one kind are parted, one event in other words is joined: over invented pairs."""

from datetime import timedelta

from digest.curate.events.cluster import group
from digest.model import Article
from tests.builders import NOW
from tests.quality.event_pairs import Told, one_event, two_events

LEAST_PRECISION = 0.9
LEAST_RECALL = 0.85


def _article(told: Told, outlet: str, hours: float) -> Article:
    when = NOW + timedelta(hours=hours)
    return Article(
        url_key=f"{outlet} {told.title}",
        title=told.title,
        source_name=outlet,
        published_at=when,
        first_seen_at=when,
        paragraphs=[told.text],
    )


def _are_joined(one: Told, other: Told) -> bool:
    return len(group([_article(one, "المرفأ", 0), _article(other, "الضحى", 1)])) == 1


def test_there_are_enough_pairs_to_judge_by():
    assert len(two_events()) >= 100
    assert len(one_event()) >= 30


def test_what_is_joined_is_one_event_nine_times_in_ten():
    wrong = [(kind, one.title, other.title) for kind, one, other in two_events() if _are_joined(one, other)]
    right = sum(_are_joined(one, other) for one, other in one_event())
    assert right / (right + len(wrong)) >= LEAST_PRECISION, wrong


def test_one_event_in_other_words_is_one_story():
    missed = [one.title for one, other in one_event() if not _are_joined(one, other)]
    assert len(missed) <= (1 - LEAST_RECALL) * len(one_event()), missed
