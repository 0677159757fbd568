"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import re
from datetime import datetime
from html import escape
from typing import Any

from digest.collect.clean.titles import opening_of
from digest.collect.parse import loose_json
from digest.collect.parse.feeds.items import MOST_ITEMS, Feed, FeedItem, left_out
from digest.collect.parse.links import is_picture, link_of
from digest.errors import SourceError
from digest.text.dates.dates import parse_date
from digest.text.sanitise import inline, safe_url

MARKUP = re.compile(r"</[a-zA-Z]|&#?[a-zA-Z0-9]{1,31};|<(?:br|p|img)\b", re.IGNORECASE)
"""Marks of HTML in a summary, which should be plain text."""
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What JSON can escape and XML and the databases refuse: control characters and halves of characters."""


def read(text: str, url: str, zone: str, now: datetime) -> Feed:
    """Read a JSON Feed. What is no object, or has no title, text or link, is set aside.

    Raises:
        SourceError: it is no JSON, or no feed.
    """
    try:
        data = loose_json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError("The JSON feed is broken.", location=url) from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise SourceError("This JSON is no feed.", location=url, remedy="A JSON Feed has a list named items.")
    items = [
        _item(raw, url, zone, now, place)
        for place, raw in enumerate(data["items"][:MOST_ITEMS])
        if isinstance(raw, dict)
    ]
    hubs = [hub for hub in _list(data.get("hubs")) if isinstance(hub, dict) and hub.get("type") == "WebSub"]
    return Feed(
        title=inline(_string(data.get("title"))),
        url=url,
        language=_string(data.get("language"))[:2].lower() or None,
        items=tuple(item for item in items if item.title or item.url),
        set_aside=left_out(_aside(data["items"][:MOST_ITEMS], items)),
        hub=safe_url(_string(hubs[0].get("url")), url) if hubs else None,
        topic=safe_url(_string(data.get("feed_url")), url),
    )


def _aside(raw: list[Any], items: list[FeedItem]) -> list[str]:
    lines = [
        f"Item {place + 1}: it is no object." for place, one in enumerate(raw) if not isinstance(one, dict)
    ]
    empty = [item for item in items if not item.title and not item.url]
    return lines + [f"Item {item.position + 1}: it has no title, no text and no link." for item in empty]


def _item(raw: dict[str, Any], url: str, zone: str, now: datetime, place: int) -> FeedItem:
    published = None
    for key in ("date_published", "date_modified"):
        if published := parse_date(_string(raw.get(key)), zone=zone, now=now):
            break
    authors = [*_list(raw.get("authors")), raw.get("author")]
    names = [inline(_string(one.get("name"))) for one in authors if isinstance(one, dict)]
    guid = raw.get("id")
    summary = _string(raw.get("summary"))
    if not MARKUP.search(summary):
        summary = escape(summary, quote=False)
    content = _string(raw.get("content_html")) or escape(_string(raw.get("content_text")), quote=False)
    links = (link_of(_string(raw.get(key)), url) for key in ("url", "external_url"))
    return FeedItem(
        title=inline(_string(raw.get("title"))) or opening_of(content) or opening_of(summary),
        url=next(filter(None, links), None) or _permalink(guid),
        guid=_string(str(guid)) or None if isinstance(guid, str | int) else None,
        published_at=min(published, now) if published else None,
        summary_html=summary,
        content_html=content,
        author=next(filter(None, names), None),
        categories=tuple(filter(None, (inline(_string(tag)) for tag in _list(raw.get("tags"))))),
        image_url=link_of(_picture(raw), url),
        position=place,
    )


def _permalink(guid: object) -> str | None:
    """The address that an item's id is, where it has no other."""
    return safe_url(guid) if isinstance(guid, str) else None


def _picture(raw: dict[str, Any]) -> str:
    attached = [one for one in _list(raw.get("attachments")) if isinstance(one, dict)]
    pictures = [
        _string(one.get("url"))
        for one in attached
        if is_picture(_string(one.get("url")), _string(one.get("mime_type")))
    ]
    named = (_string(raw.get("image")), _string(raw.get("banner_image")), *pictures)
    return next(filter(None, named), "")


def _string(value: object) -> str:
    return UNSTORABLE.sub("", value) if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
