"""RSS 0.9 to 2.0, RDF and Atom, from a mended tree to items."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from digest.collect.clean.titles import opening_of
from digest.collect.parse.feeds.elements import (
    ALTERNATE,
    Children,
    children,
    is_own,
    is_plain,
    line_in,
    local,
    markup_in,
    name_of,
    relation,
    text_in,
    text_inside,
)
from digest.collect.parse.feeds.items import MOST_ITEMS, Feed, FeedItem, left_out
from digest.collect.parse.feeds.pictures import MEDIA, enclosed_picture, named_picture, picture_in_text
from digest.collect.parse.links import link_of
from digest.text.dates.dates import parse_date
from digest.text.sanitise import inline
from digest.text.words.normalise import clean

BASE = "{http://www.w3.org/XML/1998/namespace}base"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
DATES = ("pubdate", "published", "date", "issued", "updated", "modified", "created")
ITEMS = frozenset({"item", "entry"})
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
SUBJECTS = frozenset({"category", "subject", "section"})

TITLES = re.compile(r"dublincore|purl\.org/dc/|itunes", re.IGNORECASE)
"""Vocabularies whose title stands in for a missing one. That of Media RSS is a picture's."""
MAILED = re.compile(r"^[^\s@]{1,100}@[^\s@]{1,100}(?:\s*\(([^()]{1,80})\))?$")


def read(root: Any, url: str, zone: str, now: datetime) -> Feed:
    """Read a feed's tree. An item without a title, a text and a link is set aside; a date after `now` becomes
    `now`.
    """
    top = children(root)
    channel = top["channel"][0] if "channel" in top else root
    inside = children(channel) if channel is not root else top
    base = _base(root, url)
    base = _site_base(inside, base, has_own=bool(root.get(BASE) or channel.get(BASE)))
    nodes = _item_nodes(root, channel)
    items = [_item(node, base, zone, now, place) for place, node in enumerate(nodes[:MOST_ITEMS])]
    aside = [
        f"Item {item.position + 1}: it has no title, no text and no link."
        for item in items
        if _is_empty(item)
    ]
    if len(nodes) > MOST_ITEMS:
        aside.append(f"{len(nodes) - MOST_ITEMS} items below the first {MOST_ITEMS} were not read.")
    links = {relation(link): link_of(link.get("href"), base) for link in reversed(inside.get("link", []))}
    return Feed(
        title=inline(text_in(inside, "title")),
        url=url,
        language=text_in(inside, "language")[:2].lower() or None,
        rights=line_in(inside, "rights", "copyright"),
        items=tuple(item for item in items if not _is_empty(item)),
        set_aside=left_out(aside),
        hub=links.get("hub"),
        topic=links.get("self"),
        min_seconds=_pace(inside),
    )


def _is_empty(item: FeedItem) -> bool:
    """Whether an item tells nothing, and names no page that could."""
    return not item.title and not item.url


def _item_nodes(root: Any, channel: Any) -> list[Any]:
    """The items of a feed: beside the channel, in it, or in one more element within it (<items>)."""
    places = [channel] if channel is root else [channel, root]
    nodes = [node for place in places for node in place if _is_item(node)]
    if nodes:
        return nodes
    return [node for place in places for within in place for node in within if _is_item(node)]


def _is_item(node: Any) -> bool:
    return isinstance(node.tag, str) and local(node.tag) in ITEMS


def _site_base(inside: Children, base: str, *, has_own: bool) -> str:
    """What relative links stand against: the site's address where the feed lies with another host, or in a
    file.
    """
    if has_own:
        return base
    for link in inside.get("link", ()):
        site = link_of(link.get("href") or text_inside(link), "") if relation(link) == ALTERNATE else None
        if site:
            return site if urlsplit(site).hostname != urlsplit(base).hostname else base
    return base


def _pace(inside: Children) -> int | None:
    """The ttl, or the period of the syndication module (RSS 1.0)."""
    ttl = text_in(inside, "ttl")
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 7:
        return int(ttl) * 60
    period = PERIODS.get(text_in(inside, "updateperiod").lower())
    often = text_in(inside, "updatefrequency")
    if period is None:
        return None
    return period // max(1, int(often)) if often.isascii() and often.isdigit() and len(often) < 5 else period


def _base(node: Any, url: str) -> str:
    own = node.get(BASE)
    try:
        return urljoin(url, own) if own else url
    except ValueError:
        return url


def _link(found: Children, base: str, about: str | None) -> str | None:
    named = [link for link in found.get("link", ()) if link.get("href") and relation(link) == ALTERNATE]
    # A page before what is only for machines: JSON, another feed, plain text.
    for link in sorted(named, key=_is_for_machines):
        if address := link_of(link.get("href"), _base(link, base)):
            return address
    for link in found.get("link", ()):
        # Links are escaped twice by some, and stand in CDATA with others.
        if relation(link) == ALTERNATE and (address := link_of(text_inside(link), _base(link, base))):
            return address
    for guid in (*found.get("guid", ()), *found.get("id", ())):
        value = text_inside(guid)
        is_link = (guid.get("isPermaLink") or "true").strip().lower() != "false"
        if value[:4].lower() == "http" and is_link and (address := link_of(value, base)):
            return address
    return link_of(text_in(found, "origlink"), base) or link_of(about, base)


def _is_for_machines(link: Any) -> bool:
    kind = (link.get("type") or "html").lower()
    return "html" not in kind


def _item(node: Any, base: str, zone: str, now: datetime, place: int) -> FeedItem:
    found = children(node)
    published = None
    for name in DATES:
        if name in found and (published := parse_date(text_in(found, name), zone=zone, now=now)):
            break
    base = _base(node, base)
    url = _link(found, base, node.get(ABOUT))
    image, alt = (None, None) if MEDIA.isdisjoint(found) else named_picture(found, base)
    if image is None and len(found.get("link", ())) > 1:
        image = enclosed_picture(found["link"], base)
    summary = markup_in(found, "description", "summary")
    contents = found.get("content", [])
    # Media RSS has a content element as well, which only points to a file.
    contents = [one for one in contents if not one.get("url")]
    whole = markup_in(found, "encoded") or markup_in({"content": contents}, "content")
    if image is None and ("<img" in whole or "<img" in summary):
        page = _page_base([*contents, *found.get("summary", ())], base, url, is_set=bool(node.get(BASE)))
        image, alt = picture_in_text(whole, page) or picture_in_text(summary, page) or (None, None)
    return FeedItem(
        title=_title(found) or opening_of(summary) or opening_of(whole),
        url=url,
        guid=text_in(found, "guid", "id") or None,
        published_at=min(published, now) if published else None,
        summary_html=summary,
        content_html=whole,
        author=_author(found),
        categories=() if SUBJECTS.isdisjoint(found) else tuple(_categories(found)),
        image_url=image,
        image_alt=alt,
        rights=line_in(found, "rights", "copyright"),
        position=place,
    )


def _page_base(nodes: list[Any], base: str, url: str | None, *, is_set: bool) -> str:
    """What a text's relative addresses stand against: an xml:base that is set, else the item's own page."""
    for node in nodes:
        if node.get(BASE):
            return _base(node, base)
    return base if is_set else url or base


def _title(found: Children) -> str:
    """The item's own title; without one that of Dublin Core or itunes, never a picture's."""
    for node in found.get("title", ()):
        if not is_own(node.tag) and not TITLES.search(node.tag):
            continue
        if is_plain(node):
            title = clean("".join(node.itertext()))
        else:
            title = inline(markup_in({"title": [node]}, "title"))
        if title:
            return title
    return ""


def _author(found: Children) -> str | None:
    """The author's name: of an Atom person without the address, of RSS's «a@b.c (NAME)» what stands in
    brackets.
    """
    for node in found.get("author", ()) if "creator" not in found else ():
        if len(node):
            return line_in(children(node), "name")
    name = line_in(found, "creator", "author")
    mailed = MAILED.match(name) if name and "@" in name else None
    return mailed[1] if mailed else name


def _categories(found: Children) -> Iterator[str]:
    for name in ("category", "subject", "section"):
        for child in found.get(name, ()):
            if value := name_of(text_inside(child) or child.get("term") or child.get("label") or ""):
                yield value
