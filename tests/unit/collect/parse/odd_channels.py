"""Channels of feeds, written out, and how these tests read them."""

from datetime import UTC, datetime

from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.items import Feed, FeedItem

NOW = datetime(2026, 1, 5, tzinfo=UTC)
HERE = "https://marfa.example/rss/feed.xml"
TITLE = "البلدية تفتح الحديقة الجديدة أمام الزوار"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def channel(*items: str, spaces: str = "", site: str = "https://marfa.example/") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {spaces}><channel><title>المرفأ</title><link>{site}</link>{inside}</channel></rss>'


def entry(inside: str, *, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {more}><title>م</title><entry><id>a</id>{inside}</entry></feed>'


def read(text: str | bytes, url: str = HERE) -> Feed:
    return feed.parse(text if isinstance(text, bytes) else text.encode(), url=url, now=NOW)


def only(text: str | bytes, url: str = HERE) -> FeedItem:
    (item,) = read(text, url).items
    return item
