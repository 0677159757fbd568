"""The sample articles: they go the road of real feeds, and make news on any day."""

import asyncio
import json
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from digest.collect import samples
from digest.collect.fetch.http import Http
from digest.collect.readers import folder
from digest.curate.events.cluster import group
from digest.model import Article, Source, SourceKind
from digest.settings import CollectSettings

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
TODAY = date(2026, 1, 5)
SECTIONS = {"politics", "economy", "sport", "technology", "health", "culture"}


def collected(path: Path, now: datetime = NOW, day: date = TODAY) -> tuple[Article, ...]:
    samples.write_feeds(path, now, day)
    source = Source(kind=SourceKind.FOLDER, location=str(path), created_at=now)
    http = Http(CollectSettings(readers=0), "1.0")
    found = asyncio.run(folder.read(path, source, http, now))
    assert found.problems == ()
    return found.articles


def test_four_outlets_publish_in_four_formats(tmp_path: Path):
    told = collected(tmp_path)
    assert 24 <= len(told) <= 28
    assert {article.source_name for article in told} == {
        "صحيفة المرفأ",
        "صحيفة الضحى",
        "موقع نوافذ",
        "وكالة السهل للأنباء",
    }
    assert {channel.format for channel in samples.channels(NOW, TODAY).values()} == set(samples.WRITERS)


def test_every_article_comes_out_whole(tmp_path: Path):
    for article in collected(tmp_path):
        words = sum(len(paragraph.split()) for paragraph in article.paragraphs)
        assert 60 <= words <= 145, (article.title, words)
        assert article.url
        assert ".example/2026/01/05/" in article.url
        assert article.language == "ar"
        assert not any("تابعونا" in paragraph or "<" in paragraph for paragraph in article.paragraphs)


def test_the_outlets_own_words_give_all_six_sections(tmp_path: Path):
    told = collected(tmp_path)
    assert {article.section for article in told} == SECTIONS
    assert all(article.section_confidence == 1.0 for article in told)


def test_one_item_is_breaking_news(tmp_path: Path):
    breaking = [article for article in collected(tmp_path) if article.breaking]
    assert len(breaking) == 1
    assert "عاجل" not in breaking[0].title


def test_all_lie_in_the_window_before_now(tmp_path: Path):
    for article in collected(tmp_path):
        assert article.published_at is not None
        assert NOW - timedelta(hours=15) < article.published_at < NOW


def test_a_day_that_is_over_gets_articles_of_that_day(tmp_path: Path):
    told = collected(tmp_path, NOW, date(2026, 1, 2))
    assert {article.published_at.date() for article in told if article.published_at} == {date(2026, 1, 2)}


def test_the_same_day_and_hour_give_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        samples.write_feeds(tmp_path / name, NOW, TODAY)
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert one == two


def test_tomorrow_has_other_articles(tmp_path: Path):
    today = collected(tmp_path / "today")
    tomorrow = collected(tmp_path / "tomorrow", NOW + timedelta(days=1), TODAY + timedelta(days=1))
    for mark in ("url_key", "content_hash"):
        assert not {getattr(one, mark) for one in today} & {getattr(one, mark) for one in tomorrow}


def test_an_event_told_by_several_outlets_becomes_one_story(tmp_path: Path):
    events = {
        item.url: item.event for channel in samples.channels(NOW, TODAY).values() for item in channel.items
    }
    stories = [{events[str(article.url)] for article in told} for told in group(collected(tmp_path))]
    assert all(len(told) == 1 for told in stories)
    assert Counter(event for told in stories for event in told) == Counter(set(events.values()))


def test_five_events_or_more_are_told_in_other_words_by_others():
    tellers: defaultdict[str, set[str]] = defaultdict(set)
    texts: list[str] = []
    for channel in samples.channels(NOW, TODAY).values():
        for item in channel.items:
            tellers[item.event].add(channel.outlet)
            texts += item.paragraphs[:3]
    assert sorted(map(len, tellers.values()), reverse=True)[:7] == [4, 3, 3, 3, 2, 2, 2]
    assert len(set(texts)) == len(texts)


def test_the_json_feed_is_one(tmp_path: Path):
    samples.write_feeds(tmp_path, NOW, TODAY)
    feed = json.loads((tmp_path / "sahl-1.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [item["date_published"] for item in feed["items"]] == sorted(
        (item["date_published"] for item in feed["items"]), reverse=True
    )
