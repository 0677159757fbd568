"""RSS 0.9 to 2.0, RDF and Atom, from a mended tree to items."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from html import escape, unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

from lxml import etree

from digest.collect.clean.titles import opening_of
from digest.collect.parse.feed_items import MOST_ITEMS, Feed, FeedItem, left_out
from digest.collect.parse.links import is_picture, link_of
from digest.text.dates import parse_date
from digest.text.normalise import clean
from digest.text.sanitise import inline, safe_url

ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
DATES = ("pubdate", "published", "date", "issued", "updated", "modified", "created")
ITEMS = frozenset({"item", "entry"})
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
MEDIA = frozenset({"thumbnail", "content", "enclosure", "image", "group"})
SUBJECTS = frozenset({"category", "subject", "section"})

OWN = frozenset(
    {
        "",
        "http://www.w3.org/2005/Atom",
        "http://purl.org/atom/ns#",
        "http://purl.org/rss/1.0/",
        "http://purl.org/rss/1.0/modules/content/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://channel.netscape.com/rdf/simple/0.9/",
        "http://backend.userland.com/rss2",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "http://www.w3.org/1999/xhtml",
    }
)
"""The vocabularies of the formats themselves."""
OWN_PREFIXES = frozenset({"a", "atom", "rss", "rdf", "content"})
TITLES = re.compile(r"dublincore|purl\.org/dc/|itunes", re.IGNORECASE)
"""Vocabularies whose title stands in for a missing one. That of Media RSS is a picture's."""
ALTERNATE = "alternate"
RELATIONS = re.compile(r"^https?://www\.iana\.org/assignments/(?:link-)?relations?/(?:#)?")

MAILED = re.compile(r"^[^\s@]{1,100}@[^\s@]{1,100}(?:\s*\(([^()]{1,80})\))?$")
IN_TEXT = re.compile(r"<img\b([^<>]{1,2000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""\b(src|alt|width|height)\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)
MOST_LOOKED_AT = 5
LONGEST_NAME = 200

Children = dict[str, list[Any]]


@lru_cache(maxsize=2048)
def local(tag: str) -> str:
    """Return a tag's name without its namespace, in lower case."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


@lru_cache(maxsize=2048)
def is_own(tag: str) -> bool:
    """Say whether an element is a feed's own, not one of another vocabulary such as itunes:title or media:description."""
    space, _, name = tag.rpartition("}")
    if space:
        return space[1:] in OWN
    prefix, colon, _ = name.rpartition(":")
    return not colon or prefix.lower() in OWN_PREFIXES


def children(node: Any) -> Children:
    """Return the children of a node by their local names; the feed's own before those of other vocabularies."""
    found: Children = {}
    foreign: Children = {}
    for child in node:
        tag = child.tag
        if isinstance(tag, str):
            into = found if is_own(tag) else foreign
            name = local(tag)
            if name in into:
                into[name].append(child)
            else:
                into[name] = [child]
    for name, nodes in foreign.items():
        found[name] = found[name] + nodes if name in found else nodes
    return found


def text_in(found: Children, *names: str) -> str:
    """Return the text of the first child of these names that has one."""
    for name in names:
        if name in found:
            for child in found[name]:
                if value := _text(child):
                    return value
    return ""


def _line(found: Children, *names: str) -> str | None:
    """The text of the first child of these names that has one, as one clean line; None when there is none."""
    text = text_in(found, *names)
    return (_name(text) or None) if text else None


def _name(text: str) -> str:
    """A section's or an author's name as one clean line: they come again with every item, and are remembered if not long."""
    return _remembered(text) if len(text) <= LONGEST_NAME else inline(text)


@lru_cache(maxsize=1024)
def _remembered(text: str) -> str:
    return inline(text)


def _text(node: Any) -> str:
    if len(node):
        return "".join(node.itertext()).strip()
    return (node.text or "").strip()


def _markup(found: Children, *names: str) -> str:
    """The text of a child, or its markup where XHTML stands in it."""
    for name in names:
        for child in found.get(name, ()):
            if len(child):
                return (child.text or "") + "".join(map(_xhtml, child))
            if value := (child.text or "").strip():
                return escape(value, quote=False) if is_plain(child) else value
    return ""


def _xhtml(node: Any) -> str:
    """An element as HTML has it: without the prefixes of its namespaces."""
    for one in node.iter():
        if isinstance(one.tag, str):
            # What stands behind a prefix may be no name at all («a:», «a:1»).
            with suppress(ValueError):
                one.tag = local(one.tag)
    plain = ET if isinstance(node, ET.Element) else etree
    try:
        return str(plain.tostring(node, encoding="unicode"))
    except RecursionError:
        # Nested without an end: what it says is left, and the other items.
        return escape("".join(node.itertext()) + (node.tail or ""))


def read(root: Any, url: str, zone: str, now: datetime) -> Feed:
    """Read a feed's tree. An item without a title, a text and a link is set aside; a date after `now` becomes `now`."""
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
    links = {relation(link): safe_url(link.get("href"), base) for link in reversed(inside.get("link", []))}
    return Feed(
        title=inline(text_in(inside, "title")),
        url=url,
        language=text_in(inside, "language")[:2].lower() or None,
        rights=_line(inside, "rights", "copyright"),
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
    """What relative links stand against: the site's address where the feed lies with another host, or in a file."""
    if has_own:
        return base
    for link in inside.get("link", ()):
        site = link_of(link.get("href") or _text(link), "") if relation(link) == ALTERNATE else None
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


def relation(link: Any) -> str:
    """Return a link's relation in lower case and without IANA's address; "alternate" when it names none."""
    return RELATIONS.sub("", (link.get("rel") or "").strip().lower()) or ALTERNATE


def _link(found: Children, base: str, about: str | None) -> str | None:
    named = [link for link in found.get("link", ()) if link.get("href") and relation(link) == ALTERNATE]
    # A page before what is only for machines: JSON, another feed, plain text.
    for link in sorted(named, key=_is_for_machines):
        if address := link_of(link.get("href"), _base(link, base)):
            return address
    for link in found.get("link", ()):
        # Links are escaped twice by some, and stand in CDATA with others.
        if relation(link) == ALTERNATE and (address := link_of(_text(link), _base(link, base))):
            return address
    for guid in (*found.get("guid", ()), *found.get("id", ())):
        value = _text(guid)
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
    image, alt = (None, None) if MEDIA.isdisjoint(found) else _image(found, base)
    if image is None and len(found.get("link", ())) > 1:
        image = _enclosed(found["link"], base)
    summary = _markup(found, "description", "summary")
    contents = found.get("content", [])
    # Media RSS has a content element as well, which only points to a file.
    contents = [one for one in contents if not one.get("url")]
    whole = _markup(found, "encoded") or _markup({"content": contents}, "content")
    if image is None and ("<img" in whole or "<img" in summary):
        page = _page_base([*contents, *found.get("summary", ()), node], base, url)
        image, alt = _in_text(whole, page) or _in_text(summary, page) or (None, None)
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
        rights=_line(found, "rights", "copyright"),
        position=place,
    )


def _page_base(nodes: list[Any], base: str, url: str | None) -> str:
    """What a text's relative addresses stand against: an xml:base that is set, else the item's own page."""
    for node in nodes:
        if node.get(BASE):
            return _base(node, base)
    return url or base


def _title(found: Children) -> str:
    """The item's own title; without one that of Dublin Core or itunes, never a picture's."""
    for node in found.get("title", ()):
        if not is_own(node.tag) and not TITLES.search(node.tag):
            continue
        if is_plain(node):
            title = clean("".join(node.itertext()))
        else:
            title = inline(_markup({"title": [node]}, "title"))
        if title:
            return title
    return ""


def is_plain(node: Any) -> bool:
    """Say whether an Atom text says of itself that it is no markup (RFC 4287 §3.1.1.1), and is none."""
    kind = (node.get("type") or "").strip().lower()
    return kind in {"text", "text/plain"} and not len(node)


def _author(found: Children) -> str | None:
    """The author's name: of an Atom person without the address, of RSS's «a@b.c (NAME)» what stands in brackets."""
    for node in found.get("author", ()) if "creator" not in found else ():
        if len(node):
            return _line(children(node), "name")
    name = _line(found, "creator", "author")
    mailed = MAILED.match(name) if name and "@" in name else None
    return mailed[1] if mailed else name


def _categories(found: Children) -> Iterator[str]:
    for name in ("category", "subject", "section"):
        for child in found.get(name, ()):
            if value := _name(_text(child) or child.get("term") or child.get("label") or ""):
                yield value


def _image(found: Children, base: str) -> tuple[str | None, str | None]:
    """The first picture that an item names (enclosure, Media RSS, itunes), and what it shows if somebody says."""
    nodes = [node for name in MEDIA if name in found for node in found[name]]
    for node in nodes:
        for child in node.iter():
            if not isinstance(child.tag, str):
                continue
            name = local(child.tag)
            address = child.get("url") or (child.get("href") if name == "image" else None)
            kind = child.get("type") or child.get("medium") or ""
            if address and (name in {"thumbnail", "image"} or is_picture(address, kind)):
                about = children(node)
                alt = inline(text_in(about, "description", "title")) if node is not child or len(node) else ""
                return link_of(address, base), alt or None
    return None, None


def _enclosed(links: list[Any], base: str) -> str | None:
    """The picture that an Atom entry links to."""
    for link in links:
        if relation(link) == "enclosure" and is_picture(link.get("href"), link.get("type") or ""):
            return link_of(link.get("href"), base)
    return None


def _in_text(html: str, base: str) -> tuple[str, str | None] | None:
    """The first picture in an item's text that is no counter of a point's size, and what it shows."""
    for found in islice(IN_TEXT.finditer(html), MOST_LOOKED_AT):
        told = {name.lower(): unescape(value) for name, value in ATTRIBUTE.findall(found[1])}
        if {told.get("width"), told.get("height")}.isdisjoint({"0", "1"}) and (
            address := link_of(told.get("src"), base)
        ):
            return address, inline(told.get("alt", "")) or None
    return None
