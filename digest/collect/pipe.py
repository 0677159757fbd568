"""The stage as pipes: `digest tool parse` and `digest tool extract`."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any

from digest.collect.clean.article import extract_text
from digest.collect.parse import feed, page
from digest.errors import DigestError, InputError

FAR = datetime(2100, 1, 1, tzinfo=UTC)
"""Pipes have no present: no date is in their future."""


def parse_answer(item: dict[str, Any]) -> dict[str, Any]:
    """Answer {"id", "url", "base64"} with {"id", "items"}."""
    try:
        body = base64.b64decode(str(item.get("base64", "")), validate=True)
        found = feed.parse(body, url=str(item.get("url", "")), zone="UTC", now=FAR)
    except (DigestError, binascii.Error) as error:
        return {"id": item.get("id"), "items": [], "error": str(error)}
    return {
        "id": item.get("id"),
        "items": [
            {
                "title": one.title,
                "url": one.url,
                "published_at": one.published_at.isoformat() if one.published_at else None,
            }
            for one in found.items
        ],
    }


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
