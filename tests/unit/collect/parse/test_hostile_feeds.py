"""What means harm costs its reader less than half a second."""

import gc
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.parse.feeds import feed
from digest.errors import SourceError
from tests.integration.collect.hostile_site import HANDLERS, LEADS, RAW
from tests.unit.collect.hostile_feeds import BODIES, POISONED

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SECONDS = 0.5
"""Processor time; the best of three, because the tests share their processor with others."""
PAGE = Path(__file__).resolve().parents[4] / "docs" / "why" / "feeds.md"


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_feed_is_refused_in_less_than_half_a_second(body: bytes):
    took = []
    gc.disable()  # what other tests have left is not looked through meanwhile
    try:
        while not took or (min(took) >= SECONDS and len(took) < 3):
            started = time.process_time()
            with pytest.raises(SourceError) as caught:
                feed.parse(body, url="https://marfa.example/feed", zone="UTC", now=NOW)
            took.append(time.process_time() - started)
            assert str(caught.value).strip()
    finally:
        gc.enable()
    assert min(took) < SECONDS


def test_there_are_more_than_thirty_and_each_stands_in_the_table():
    assert len(BODIES) >= 30
    told = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*BODIES, *HANDLERS, *RAW, *LEADS) if f"| {name} |" not in told] == []


def test_items_that_no_database_takes_are_mended():
    items = feed.parse(POISONED.encode(), url="https://marfa.example/feed", zone="UTC", now=NOW).items
    assert [item.guid for item in items[:3]] == [None, "ab", "3"]
    for item in items:
        f"{item.guid}{item.title}{item.summary_html}{item.content_html}".encode()
        assert "\x00" not in item.content_html


@pytest.mark.parametrize("name", ["title", "description"])
@pytest.mark.parametrize("deep", [2000, 50_000])
def test_an_item_that_nests_without_an_end_leaves_the_others(name: str, deep: int):
    item = f"<item><{name}>{'<b>' * deep}خبر من الميناء{'</b>' * deep}</{name}></item>"
    body = f"<rss><channel>{item}<item><title>خبر آخر</title></item></channel></rss>"
    found = feed.parse(body.encode(), url="https://marfa.example/feed", zone="UTC", now=NOW)
    assert "خبر آخر" in [one.title for one in found.items]


@pytest.mark.parametrize("name", ["a:", "a:1", "a:-", "x:y:1"])
def test_an_element_whose_name_is_none_without_its_prefix_is_kept(name: str):
    body = f"<rss><channel><item><title><{name}>خبر من الميناء</{name}></title></item></channel></rss>"
    found = feed.parse(body.encode(), url="https://marfa.example/feed", zone="UTC", now=NOW)
    assert [one.title for one in found.items] == ["خبر من الميناء"]
