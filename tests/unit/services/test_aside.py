"""What is noted of items that were put aside is known again, and has a word in each language of the desk."""

from datetime import UTC, datetime

import pytest

from digest.collect.parse.feeds import json_feed
from digest.collect.parse.feeds.items import MOST_NAMED, left_out
from digest.entrypoints.desk.words import LANGUAGES, desk_words
from digest.services.sources.aside import KNOWN, aside_of

NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
URL = "https://marfa.example/feed"


def test_lines_of_feeds_are_known_by_their_kind():
    json = '{"version": "https://jsonfeed.org/version/1.1", "items": [7, {"id": "1"}]}'
    lines = json_feed.read(json, URL, "UTC", NOW).set_aside
    assert [aside_of(one) for one in lines] == [("broken", {"n": "1"}), ("empty", {"n": "2"})]
    more = left_out(["x"] * (MOST_NAMED + 3))[-1]
    assert aside_of(more) == ("more", {"n": "3"})


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("60 older items were left out: at most 200 are taken in one visit.", "older"),
        ("9 items below the first 50000 were not read.", "below"), ("Entry 2 of the sitemap: it has no address.", "no_address"),
        ("https://a.example/1: left out, neither it nor its page tells a title.", "untitled"),
        ("سباق الخيل: left out, no title.", "untitled"), ("سباق: put aside. It took too long.", "unread"), ("else", ""),
    ],
)  # fmt: skip
def test_lines_are_known_by_their_kind(line: str, kind: str):
    assert aside_of(line)[0] == kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_has_its_word(language: str):
    assert all(f"aside_{kind}" in desk_words(language) for kind, _ in KNOWN)
