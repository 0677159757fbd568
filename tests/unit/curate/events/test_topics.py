"""Stories of one event in other words become one topic; others do not."""

from digest.curate.events.topics import topics
from tests.unit.curate.telling import BRIDGE, BUDGET, told

STRIKE = (
    ("المرفأ", "عمال ميناء دلمونيا يبدأون إضرابا مفتوحا", "بدأ عمال ميناء دلمونيا إضرابا مفتوحا احتجاجا على تأخر الأجور."),
    ("الأفق", "إضراب في دلمونيا يوقف تفريغ السفن بالميناء", "توقف تفريغ السفن في ميناء دلمونيا بعد إضراب العمال احتجاجا على الأجور."),
)  # fmt: skip


def test_stories_that_other_words_kept_apart_are_joined():
    groups = [(told(*STRIKE[0]),), (told(*STRIKE[1]),), (told(*BRIDGE[0]),)]
    assert sorted(map(sorted, topics(groups))) == [[0, 1], [2]]


def test_other_events_stay_apart():
    groups = [(told(*BRIDGE[0]),), (told(*BUDGET[0]),), (told(*STRIKE[0]),)]
    assert sorted(topics(groups)) == [(0,), (1,), (2,)]


def test_the_story_of_most_outlets_comes_first():
    groups = [(told(*BRIDGE[0]),), (told(*BRIDGE[1]), told(*BRIDGE[2]))]
    assert topics(groups) == [(1, 0)]


def test_every_story_stands_in_one_topic():
    groups = [(told(*one),) for one in (*BRIDGE, *BUDGET, *STRIKE)]
    assert sorted(place for topic in topics(groups) for place in topic) == list(range(len(groups)))


def test_nothing_has_no_topics():
    assert topics([]) == []
