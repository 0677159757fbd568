"""What tells items of one feed apart when their addresses do not."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from urllib.parse import urlsplit

from digest.collect.clean.article import squeezed
from digest.collect.clean.url import canonical, own_address
from digest.collect.parse.feeds.items import FeedItem
from digest.text.words.normalise import fold

SAME_TITLE = 0.5
"""The share of common words from which two titles under one GUID are one item that was corrected."""
MOST_COMPARED = 20
"""Items of one GUID that another is compared with."""


def distinguish(items: Sequence[FeedItem]) -> tuple[FeedItem, ...]:
    """Return the items, those that share a page with others in `key` with an address of their own.

    A page may tell several things: a live page with anchors, a list of results, a page that scripts fill, a
    site whose feed links to its front page only. Items of one address are one when they have one GUID of
    their own, or one title; else each gets its own fragment, its whole query, or a fragment made of its GUID
    or title. Two items that are one share a key.
    """
    pages: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        if page := canonical(item.url):
            pages.setdefault(page, []).append(place)
    keys: dict[int, str] = {}
    for page, places in pages.items():
        if len(places) > 1 or _is_front(page):
            keys.update(_keys(page, places, items))
    if not keys:
        return tuple(items)
    return tuple(item._replace(key=keys.get(place)) for place, item in enumerate(items))


def _is_front(page: str) -> bool:
    """Whether an address is a site's front page, which no article has for its own."""
    if page.count("/") > 3:
        return False  # nearly all: without taking the address apart
    parts = urlsplit(page)
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def _keys(page: str, places: Sequence[int], items: Sequence[FeedItem]) -> dict[int, str]:
    groups = _groups(page, [(place, items[place]) for place in places])
    if len(groups) == 1 and not _is_front(page):
        return {}
    firsts = [items[group[0]] for group in groups]
    addresses = _addresses(page, firsts)
    return {place: address for group, address in zip(groups, addresses, strict=True) for place in group}


def _groups(page: str, members: Iterable[tuple[int, FeedItem]]) -> list[list[int]]:
    """Put together what is one item told twice."""
    groups: list[list[int]] = []
    by_title: dict[str, list[tuple[FeedItem, list[int]]]] = {}
    by_guid: dict[str, list[tuple[FeedItem, list[int]]]] = {}
    for place, item in members:
        title = squeezed(item.title)
        same = [group for other, group in by_title.get(title, [])[-MOST_COMPARED:] if _is_one(item, other)]
        if not same and item.guid:
            is_own = canonical(item.guid) != page
            others = by_guid.get(item.guid, [])[-MOST_COMPARED:]
            same = [group for other, group in others if is_own or _is_corrected(item, other)]
        group = same[0] if same else []
        if not same:
            groups.append(group)
        group.append(place)
        by_title.setdefault(title, []).append((item, group))
        if item.guid:
            by_guid.setdefault(item.guid, []).append((item, group))
    return groups


def _is_one(item: FeedItem, other: FeedItem) -> bool:
    """Whether two items of one title are one; a weekly title with another GUID, day and text is another
    item.
    """
    return (
        not (item.guid and other.guid)
        or item.guid == other.guid
        or item.published_at == other.published_at
        or (item.content_html or item.summary_html) == (other.content_html or other.summary_html)
    )


def _is_corrected(item: FeedItem, other: FeedItem) -> bool:
    """Whether a GUID that is only the page's address tells one item with a corrected title."""
    if item.published_at and item.published_at == other.published_at:
        return True
    first, second = set(fold(item.title).split()), set(fold(other.title).split())
    return len(first & second) >= SAME_TITLE * max(len(first | second), 1)


def _addresses(page: str, firsts: Sequence[FeedItem]) -> list[str]:
    """An address of its own for each of several items of one page."""
    whole = [own_address(item.url) or page for item in firsts]
    if len(set(whole)) == len(whole) and page not in whole:
        return whole
    guids = [item.guid for item in firsts]
    by_guid = all(guids) and len(set(guids)) == len(guids)
    seen: dict[str, int] = {}
    made = []
    for item in firsts:
        mark = f"#item-{sha256((str(item.guid) if by_guid else fold(item.title)).encode(errors='replace')).hexdigest()[:12]}"
        seen[mark] = seen.get(mark, 0) + 1
        address = f"{page}{mark}"
        if seen[mark] > 1:
            content = f"{item.published_at}{item.summary_html}".encode(errors="replace")
            address += f"-{sha256(content).hexdigest()[:8]}"
        made.append(address)
    return made
