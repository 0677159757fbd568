"""Run the stage as pipes: parse, extract, date."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from digest.collect.clean.article import extract_text
from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.article import to_article
from digest.collect.parse.feeds.items import FeedItem
from digest.collect.parse.pages import page
from digest.collect.parse.pages.listing import posts_of
from digest.errors import DigestError, InputError
from digest.model import Source, SourceKind
from digest.text.dates.dates import parse_date

FAR = datetime(2100, 1, 1, tzinfo=UTC)
"""Pipes have no present: no date is in their future."""
CHANNEL_PAGE = re.compile(r"^https?://(?:t|telegram)\.me/s/\w{3,64}")


def parse_answer(item: dict[str, Any]) -> dict[str, Any]:
    """Answer {"id", "url", "base64"} with {"id", "outlet", "items"}: a feed's items, or a Telegram channel's
    posts.
    """
    url = str(item.get("url", ""))
    try:
        body = base64.b64decode(str(item.get("base64", "")), validate=True)
        outlet, items = _read(body, url)
    except (DigestError, binascii.Error) as error:
        return {"id": item.get("id"), "items": [], "error": str(error)}
    source = Source(kind=SourceKind.FEED, location=url, created_at=FAR)
    return {"id": item.get("id"), "outlet": outlet, "items": [_as_json(one, source, outlet) for one in items]}


def _read(body: bytes, url: str) -> tuple[str, tuple[FeedItem, ...]]:
    if CHANNEL_PAGE.match(url):
        return posts_of(body, url, FAR)
    found = feed.parse(body, url=url, zone="UTC", now=FAR)
    return found.title, found.items


def _as_json(item: FeedItem, source: Source, outlet: str) -> dict[str, Any]:
    try:
        paragraphs = to_article(item, source, FAR, feed_title=outlet).paragraphs
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        paragraphs = []  # one item that cannot be made an article costs no other
    return {
        "title": item.title,
        "url": item.url,
        "published_at": item.published_at.isoformat() if item.published_at else None,
        "picture": item.image_url,
        "summary": item.summary_html or item.content_html,
        "paragraphs": paragraphs,
    }


def date_answer(item: dict[str, Any]) -> dict[str, Any]:
    """Answer {"id", "text", "zone"?, "now"?} with {"id", "published_at"}: UTC, or null when it cannot be read
    for sure.
    """
    zone, now = item.get("zone") or "UTC", item.get("now")
    try:
        ZoneInfo(str(zone))
        until = datetime.fromisoformat(str(now)) if now else FAR
        when = parse_date(
            str(item.get("text") or ""),
            zone=str(zone),
            now=until if until.tzinfo else until.replace(tzinfo=UTC),
        )
    except (ValueError, OSError, ZoneInfoNotFoundError) as error:
        return {"id": item.get("id"), "error": f"zone or now cannot be read: {error}"}
    return {"id": item.get("id"), "published_at": when.isoformat() if when else None}


def extract_answer(item: dict[str, Any]) -> dict[str, Any]:
    """Answer {"id", "url"?, "html" | "text"} with a clean article."""
    try:
        url = item.get("url")
        if url is not None and not isinstance(url, str):
            raise InputError('"url" is not a string.')
        if item.get("html"):
            article = page.extract(str(item["html"]), url=url or None, now=FAR, zone="UTC")
        elif item.get("text"):
            title = f"{item['title']}\n\n" if item.get("title") else ""
            article = extract_text(title + str(item["text"]), now=FAR)
        else:
            raise InputError("There is neither html nor text.")
    except DigestError as error:
        return {"id": item.get("id"), "error": str(error)}
    return {
        "id": item.get("id"),
        "title": article.title,
        "section": article.section,
        "byline": article.byline,
        "source": article.source_name or None,
        "agency": article.agency,
        "language": article.language,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "paragraphs": article.paragraphs,
        "headings": article.headings,
        "image": article.image_url,
        "url": article.url,
    }
