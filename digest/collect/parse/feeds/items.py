"""Values that feed parsers return."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

MOST_ITEMS = 50_000
"""Items read of one feed; what stands below is older."""
LONGEST_KEY = 2_000
"""Bytes of what identifies an article; PostgreSQL indexes at most 2,700."""


MOST_NAMED = 20
"""Items left out that are named one by one; of the others the number is told."""


def left_out(lines: list[str]) -> tuple[str, ...]:
    """Return lines about items that were left out, the first of them and how many more there are."""
    more = len(lines) - MOST_NAMED
    return (
        (*lines[:MOST_NAMED], f"{more} more items were left out for such reasons.")
        if more > 0
        else tuple(lines)
    )


def identifier(given: str | None) -> str | None:
    """Return what others identify an item by, as the store can index it: a long one is cut and told apart by
    its hash.
    """
    if not given:
        return None
    written = given.encode("utf-8", "replace")
    return given if len(written) <= LONGEST_KEY else f"{given[:100]}:{sha256(written).hexdigest()}"


class FeedItem(NamedTuple):
    """One item as its feed tells it. Texts may hold HTML; addresses are absolute and safe, or None.

    `title` is empty where only the item's own page can tell it (a sitemap, a list of links). A tuple, because
    a feed has thousands of them and a frozen dataclass takes a fifth of the time in which one is read.
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
    key: str | None = None
    """What tells the item from others at its address, itself an address; None where the address is enough."""
    breaking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, its items in their order.

    A page has no items, and in `announced` the feeds that it names; a sitemap index has them in `parts`,
    newest first. `set_aside` has a line for each item that was left out, with the reason. `sitemap` says that
    it is one, or an index of them. `min_seconds` is the shortest time between two visits that the publisher
    asks for.
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
    set_aside: tuple[str, ...] = ()
    sitemap: bool = False
