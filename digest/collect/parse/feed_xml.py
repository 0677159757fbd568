"""RSS 0.9 to 2.0, RDF and Atom, from a mended tree to items."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from html import escape, unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from lxml import etree

from digest.collect.parse.feed_items import MOST_ITEMS, Feed, FeedItem
from digest.text.dates import parse_date
from digest.text.sanitise import inline, safe_url

ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
DATES = ("pubdate", "published", "date", "issued", "updated", "modified", "created")
ITEMS = frozenset({"item", "entry"})
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
MEDIA = frozenset({"thumbnail", "content", "enclosure", "image", "group"})
SUBJECTS = frozenset({"category", "subject", "section"})

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


def children(node: Any) -> Children:
    """Return the children of a node by their local names."""
    found: Children = {}
    for child in node:
        tag = child.tag
        if isinstance(tag, str):
            name = local(tag)
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
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
                return value
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
    """Read a feed's tree. Items that have neither a title nor a text are left out; a date after `now` becomes `now`."""
    top = children(root)
    channel = top["channel"][0] if "channel" in top else root
    inside = children(channel) if channel is not root else top
    base = _base(root, url)
    nodes = [node for node in channel if isinstance(node.tag, str) and local(node.tag) in ITEMS]
    if channel is not root:
        nodes += [node for node in root if isinstance(node.tag, str) and local(node.tag) in ITEMS]
    items = (_item(node, base, zone, now, place) for place, node in enumerate(nodes[:MOST_ITEMS]))
    links = {link.get("rel"): safe_url(link.get("href"), base) for link in reversed(inside.get("link", []))}
    return Feed(
        title=inline(text_in(inside, "title")),
        url=url,
        language=text_in(inside, "language")[:2].lower() or None,
        rights=_line(inside, "rights", "copyright"),
        items=tuple(item for item in items if item.title),
        hub=links.get("hub"),
        topic=links.get("self"),
        min_seconds=_pace(inside),
    )


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
    for link in found.get("link", ()):
        href = link.get("href")
        if href and link.get("rel", "alternate") == "alternate":
            return safe_url(href, _base(link, base))
    for link in found.get("link", ()):
        # Links are escaped twice by some, and stand in CDATA with others.
        if value := _text(link).replace("&amp;", "&"):
            return safe_url(value, base)
    for guid in (*found.get("guid", ()), *found.get("id", ())):
        value = _text(guid)
        if value.startswith("http") and guid.get("isPermaLink", "true") != "false":
            return safe_url(value)
    return safe_url(text_in(found, "origlink"), base) or safe_url(about, base)


def _item(node: Any, base: str, zone: str, now: datetime, place: int) -> FeedItem:
    found = children(node)
    published = None
    for name in DATES:
        if name in found and (published := parse_date(text_in(found, name), zone=zone, now=now)):
            break
    base = _base(node, base)
    image, alt = (None, None) if MEDIA.isdisjoint(found) else _image(found, base)
    if image is None and len(found.get("link", ())) > 1:
        image = _enclosed(found["link"], base)
    summary = _markup(found, "description", "summary")
    content = ""
    if "content" in found:
        # Media RSS has a content element as well, which only points to a file.
        content = _markup({"content": [node for node in found["content"] if not node.get("url")]}, "content")
    whole = _markup(found, "encoded") or content
    if image is None and ("<img" in whole or "<img" in summary):
        image, alt = _in_text(whole, base) or _in_text(summary, base) or (None, None)
    return FeedItem(
        title=inline(_markup(found, "title")) or _opening(summary or content),
        url=_link(found, base, node.get(ABOUT)),
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


def _author(found: Children) -> str | None:
    """The author's name: of an Atom person without the address, of RSS's «a@b.c (NAME)» what stands in brackets."""
    for node in found.get("author", ()) if "creator" not in found else ():
        if len(node):
            return _line(children(node), "name")
    name = _line(found, "creator", "author")
    mailed = MAILED.match(name) if name and "@" in name else None
    return mailed[1] if mailed else name


def _opening(html: str) -> str:
    """The first words of a text, as the title of an item that has none."""
    words = inline(html[:2000]).split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "") if len(words) >= 3 else ""


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
            if address and (name in {"thumbnail", "image"} or "image" in kind):
                about = children(node)
                alt = inline(text_in(about, "description", "title")) if node is not child or len(node) else ""
                return safe_url(address.replace("&amp;", "&"), base), alt or None
    return None, None


def _enclosed(links: list[Any], base: str) -> str | None:
    """The picture that an Atom entry links to."""
    for link in links:
        if link.get("rel") == "enclosure" and (link.get("type") or "").startswith("image/"):
            return safe_url(link.get("href"), base)
    return None


def _in_text(html: str, base: str) -> tuple[str, str | None] | None:
    """The first picture in an item's text that is no counter of a point's size, and what it shows."""
    for found in islice(IN_TEXT.finditer(html), MOST_LOOKED_AT):
        told = {name.lower(): unescape(value) for name, value in ATTRIBUTE.findall(found[1])}
        if {told.get("width"), told.get("height")}.isdisjoint({"0", "1"}) and (
            address := safe_url(told.get("src"), base)
        ):
            return address, inline(told.get("alt", "")) or None
    return None
