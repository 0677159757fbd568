"""RSS 0.9 to 2.0, RDF and Atom, from a mended tree to items."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from digest.collect.items import MOST_ITEMS, Feed, FeedItem
from digest.text.dates import parse_date
from digest.text.sanitise import inline, safe_url

BASE = "{http://www.w3.org/XML/1998/namespace}base"
DATES = ("pubdate", "published", "date", "issued", "updated", "modified", "created")
ITEMS = frozenset({"item", "entry"})
PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
MEDIA = frozenset({"thumbnail", "content", "enclosure", "image", "group"})

Children = dict[str, list[Any]]


@lru_cache(maxsize=2048)
def local(tag: str) -> str:
    """Return a tag's name without its namespace, in lower case."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def children(node: Any) -> Children:
    """Return the children of a node by their local names."""
    found: Children = {}
    for child in node:
        if isinstance(child.tag, str):
            found.setdefault(local(child.tag), []).append(child)
    return found


def text_in(found: Children, *names: str) -> str:
    """Return the text of the first child of these names that has one."""
    for name in names:
        for child in found.get(name, ()):
            if value := _text(child):
                return value
    return ""


def _text(node: Any) -> str:
    if len(node):
        return "".join(node.itertext()).strip()
    return (node.text or "").strip()


def _markup(found: Children, *names: str) -> str:
    """The text of a child, or its markup where XHTML stands in it."""
    for name in names:
        for child in found.get(name, ()):
            if len(child):
                parts = "".join(etree.tostring(part, encoding="unicode") for part in child)
                return (child.text or "") + parts
            if value := (child.text or "").strip():
                return value
    return ""


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
        rights=inline(text_in(inside, "rights", "copyright")) or None,
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


def _link(found: Children, base: str) -> str | None:
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
    return safe_url(text_in(found, "origlink"), base)


def _item(node: Any, base: str, zone: str, now: datetime, place: int) -> FeedItem:
    found = children(node)
    published = None
    for name in DATES:
        if name in found and (published := parse_date(text_in(found, name), zone=zone, now=now)):
            break
    base = _base(node, base)
    image, alt = (None, None) if MEDIA.isdisjoint(found) else _image(found, base)
    summary = _markup(found, "description", "summary")
    content = ""
    if "content" in found:
        # Media RSS has a content element as well, which only points to a file.
        content = _markup({"content": [node for node in found["content"] if not node.get("url")]}, "content")
    return FeedItem(
        title=inline(_markup(found, "title")) or _opening(summary or content),
        url=_link(found, base),
        guid=text_in(found, "guid", "id") or None,
        published_at=min(published, now) if published else None,
        summary_html=summary,
        content_html=_markup(found, "encoded") or content,
        author=inline(text_in(found, "creator", "author")) or None,
        categories=tuple(_categories(found)),
        image_url=image,
        image_alt=alt,
        rights=inline(text_in(found, "rights", "copyright")) or None,
        position=place,
    )


def _opening(html: str) -> str:
    """The first words of a text, as the title of an item that has none."""
    words = inline(html[:2000]).split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "") if len(words) >= 3 else ""


def _categories(found: Children) -> Iterator[str]:
    for name in ("category", "subject", "section"):
        for child in found.get(name, ()):
            if value := inline(_text(child) or child.get("term") or child.get("label") or ""):
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
