"""What a feed says: values that the readers make and everything after them takes."""

from dataclasses import dataclass
from datetime import datetime

MOST_ITEMS = 50_000
"""Items read of one feed; what stands below is older."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item as its feed tells it. Texts may hold HTML; addresses are absolute and safe, or None.

    `title` is empty where only the item's own page can tell it (a sitemap, a list of links).
    """

    title: str
    url: str | None
    guid: str | None = None
    published_at: datetime | None = None
    summary_html: str = ""
    content_html: str = ""
    author: str | None = None
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    image_alt: str | None = None
    rights: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, its items in their order.

    A page has no items, and in `announced` the feeds that it names; a sitemap index has them in `parts`, newest first.
    `min_seconds` is the shortest time between two visits that the publisher asks for.
    """

    title: str = ""
    url: str = ""
    language: str | None = None
    rights: str | None = None
    items: tuple[FeedItem, ...] = ()
    announced: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    hub: str | None = None
    topic: str | None = None
    min_seconds: int | None = None
