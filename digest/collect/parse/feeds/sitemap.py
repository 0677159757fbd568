"""Sitemaps and indexes of sitemaps (sitemaps.org 0.9), with Google's news extension."""

from datetime import UTC, datetime
from typing import Any

from digest.collect.parse.feeds.elements import Children, children, local, text_in
from digest.collect.parse.feeds.items import MOST_ITEMS, Feed, FeedItem, left_out
from digest.collect.parse.links import link_of
from digest.text.dates.dates import parse_date
from digest.text.sanitise import inline

MOST_PARTS = 5
"""Sitemaps of one index that are read, the latest changed first."""
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def read(root: Any, url: str, zone: str, now: datetime) -> Feed:
    """Read a sitemap; entries without the news extension have an empty title and the date of their last
    change.
    """
    items = []
    name = ""
    for place, node in enumerate(_named(root, "url")[:MOST_ITEMS]):
        entry = children(node)
        news = children(entry["news"][0]) if "news" in entry else {}
        publication = children(news["publication"][0]) if "publication" in news else {}
        name = name or inline(text_in(publication, "name"))
        published = parse_date(
            text_in(news, "publication_date") or text_in(entry, "lastmod"), zone=zone, now=now
        )
        items.append(
            FeedItem(
                title=inline(text_in(news, "title")),
                url=link_of(text_in(entry, "loc"), url),
                published_at=min(published, now) if published else None,
                categories=tuple(filter(None, map(inline, text_in(news, "keywords").split(",")))),
                image_url=_picture(entry, url),
                position=place,
            )
        )
    aside = [
        f"Entry {item.position + 1} of the sitemap: it has no address." for item in items if not item.url
    ]
    kept = tuple(item for item in items if item.url)
    return Feed(title=name, url=url, items=kept, set_aside=left_out(aside), sitemap=True)


def read_index(root: Any, url: str, zone: str, now: datetime) -> Feed:
    """Read an index of sitemaps: the addresses of at most five, those with news in their names and the latest
    first.
    """
    parts = []
    for node in _named(root, "sitemap")[:MOST_ITEMS]:
        entry = children(node)
        if address := link_of(text_in(entry, "loc"), url):
            changed = parse_date(text_in(entry, "lastmod"), zone=zone, now=now) or NEVER
            parts.append(("news" in address.lower(), changed, address))
    parts.sort(reverse=True)
    if any(news for news, _, _ in parts):
        parts = [part for part in parts if part[0]]
    return Feed(url=url, sitemap=True, parts=tuple(address for _, _, address in parts[:MOST_PARTS]))


def _named(root: Any, name: str) -> list[Any]:
    return [node for node in root if isinstance(node.tag, str) and local(node.tag) == name]


def _picture(entry: Children, url: str) -> str | None:
    for image in entry.get("image", ()):
        if found := link_of(text_in(children(image), "loc"), url):
            return found
    return None
