"""JSON Feed 1.0 and 1.1 (jsonfeed.org)."""

import json
import re
from datetime import datetime
from typing import Any

from digest.collect.parse.feed_items import MOST_ITEMS, Feed, FeedItem
from digest.errors import SourceError
from digest.text.dates import parse_date
from digest.text.sanitise import inline, safe_url

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
"""What JSON can escape and XML and the databases refuse: control characters and halves of characters."""


def read(text: str, url: str, zone: str, now: datetime) -> Feed:
    """Read a JSON Feed. Items that are no objects or have no title are left out.

    Raises:
        SourceError: it is no JSON, or no feed.
    """
    try:
        data = json.loads(text)
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
        items=tuple(item for item in items if item.title),
        hub=safe_url(_string(hubs[0].get("url")), url) if hubs else None,
        topic=safe_url(_string(data.get("feed_url")), url),
    )


def _item(raw: dict[str, Any], url: str, zone: str, now: datetime, place: int) -> FeedItem:
    published = None
    for key in ("date_published", "date_modified"):
        if published := parse_date(_string(raw.get(key)), zone=zone, now=now):
            break
    authors = [*_list(raw.get("authors")), raw.get("author")]
    names = [inline(_string(one.get("name"))) for one in authors if isinstance(one, dict)]
    guid = raw.get("id")
    return FeedItem(
        title=inline(_string(raw.get("title"))),
        url=safe_url(_string(raw.get("url")) or _string(raw.get("external_url")), url),
        guid=_string(str(guid)) or None if isinstance(guid, str | int) else None,
        published_at=min(published, now) if published else None,
        summary_html=_string(raw.get("summary")),
        content_html=_string(raw.get("content_html")) or _string(raw.get("content_text")),
        author=next(filter(None, names), None),
        categories=tuple(filter(None, (inline(_string(tag)) for tag in _list(raw.get("tags"))))),
        image_url=safe_url(_picture(raw), url),
        position=place,
    )


def _picture(raw: dict[str, Any]) -> str:
    attached = [one for one in _list(raw.get("attachments")) if isinstance(one, dict)]
    pictures = [
        _string(one.get("url")) for one in attached if _string(one.get("mime_type")).startswith("image/")
    ]
    named = (_string(raw.get("image")), _string(raw.get("banner_image")), *pictures)
    return next(filter(None, named), "")


def _string(value: object) -> str:
    return UNSTORABLE.sub("", value) if isinstance(value, str) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
