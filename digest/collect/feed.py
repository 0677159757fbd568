"""From a feed's bytes to its items: RSS, Atom, RDF, JSON Feed and news sitemaps."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from digest.collect import clean as rules
from digest.collect import sections
from digest.collect.decode import decode
from digest.collect.page import assembled, canonical
from digest.errors import SourceError
from digest.model import Article, Source
from digest.text.dates import parse_date
from digest.text.normalise import fold
from digest.text.sanitise import inline, plain, safe_url

MOST_ITEMS = 200
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BARE_AMP = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31});")
XML_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
ANNOUNCED = re.compile(
    r"<link\b(?=[^>]*\btype\s*=\s*[\"']application/(?:rss\+xml|atom\+xml|feed\+json|json)[\"'])[^>]*>",
    re.IGNORECASE,
)
HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
CHANNEL_WORDS = re.compile(r"[\s|\-–—:،]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One item as the feed tells it. Texts may hold HTML; addresses are absolute and safe, or None."""

    title: str
    url: str | None
    guid: str | None
    published_at: datetime | None
    summary_html: str = ""
    content_html: str = ""
    author: str | None = None
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    rights: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, items as they stand in it. An HTML page has no items, and in `announced` the feeds that it names."""

    title: str = ""
    url: str = ""
    language: str | None = None
    items: tuple[FeedItem, ...] = ()
    announced: tuple[str, ...] = ()
    hub: str | None = None
    ttl_seconds: int | None = None


def parse(body: bytes, *, url: str, content_type: str = "", zone: str = "Asia/Riyadh", now: datetime) -> Feed:
    """Read a feed. Items without a title are left out; dates after `now` become `now`; at most 200 items.

    Raises:
        SourceError: it is neither a feed nor a page that announces one.
    """
    del content_type  # servers say anything; the body itself is looked at
    text = decode(body).strip().lstrip("\ufeff")
    if not text:
        raise SourceError(
            "The feed is empty.", location=url, remedy="Try again later; if it stays so, remove the source."
        )
    if text.startswith(("{", "[")):
        return _json_feed(text, url, zone, now)
    start = text.find("<")
    head = text[start : start + 2000].lower()
    if "<html" in head or "<!doctype html" in head:
        announced = tuple(
            dict.fromkeys(filter(None, (safe_url(html.unescape(one), url) for one in _announced(text))))
        )
        if not announced:
            raise SourceError(
                "This is a web page, not a feed, and it announces none.",
                location=url,
                remedy="Give the feed's own address.",
            )
        return Feed(url=url, announced=announced)
    root = _root(text[start:], url)
    return _sitemap(root, url, zone, now) if _name(root) == "urlset" else _xml_feed(root, url, zone, now)


def _announced(text: str) -> Iterable[str]:
    for link in ANNOUNCED.findall(text):
        if found := HREF.search(link):
            yield found[1]


def _root(text: str, url: str) -> Any:
    repaired = DOCTYPE.sub("", XML_DECLARATION.sub("", text), count=1)
    repaired = ILLEGAL.sub("", repaired)
    repaired = NAMED.sub(_entity, BARE_AMP.sub("&amp;", repaired))
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(repaired.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"The feed cannot be read: {error.msg}.", location=url) from error
    if root is None or _name(root) not in {"rss", "feed", "rdf", "urlset", "channel"}:
        raise SourceError(
            "This is no feed.", location=url, remedy="Give the address of an RSS, Atom or JSON feed."
        )
    return root


def _entity(found: re.Match[str]) -> str:
    return html.escape(html.unescape(found[0]), quote=False)


def _name(node: Any) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _children(node: Any, *names: str) -> list[Any]:
    return [child for child in node if _name(child) in names]


def _text(node: Any, *names: str) -> str:
    for name in names:
        for child in _children(node, name):
            if value := "".join(child.itertext()).strip():
                return value
    return ""


def _markup(node: Any, *names: str) -> str:
    """The text of a child, or its markup where XHTML stands in it."""
    for name in names:
        for child in _children(node, name):
            if len(child):
                return "".join(etree.tostring(part, encoding="unicode") for part in child)
            if value := "".join(child.itertext()).strip():
                return value
    return ""


def _xml_feed(root: Any, url: str, zone: str, now: datetime) -> Feed:
    channels = _children(root, "channel")
    channel = channels[0] if channels else root
    nodes = [
        *_children(channel, "item", "entry"),
        *(_children(root, "item", "entry") if channel is not root else []),
    ]
    base = _base(root, url)
    items = [_item(node, base, zone, now, place) for place, node in enumerate(nodes[:MOST_ITEMS])]
    return Feed(
        title=inline(_text(channel, "title")),
        url=url,
        language=_text(channel, "language")[:2].lower() or None,
        items=tuple(item for item in items if item.title),
        hub=next(
            (
                safe_url(link.get("href"), base)
                for link in _children(channel, "link")
                if link.get("rel") == "hub"
            ),
            None,
        ),
        ttl_seconds=int(ttl) * 60 if (ttl := _text(channel, "ttl")).isascii() and ttl.isdigit() else None,
    )


def _base(node: Any, url: str) -> str:
    own = node.get("{http://www.w3.org/XML/1998/namespace}base")
    return urljoin(url, own) if own else url


def _link(node: Any, base: str) -> str | None:
    for link in _children(node, "link"):
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return safe_url(link.get("href"), _base(node, base))
    if plain_link := _text(node, "link"):
        return safe_url(plain_link, base)
    guid = _text(node, "guid", "id")
    return safe_url(guid) if guid.startswith("http") else None


def _item(node: Any, base: str, zone: str, now: datetime, place: int) -> FeedItem:
    published = None
    for name in ("pubdate", "published", "date", "issued", "updated", "modified", "created"):
        if (raw := _text(node, name)) and (published := parse_date(raw, zone=zone, now=now)):
            break
    categories = [
        _text_of(child) or child.get("term") or ""
        for child in _children(node, "category", "subject", "section")
    ]
    return FeedItem(
        title=inline(_markup(node, "title")),
        url=_link(node, base),
        guid=_text(node, "guid", "id") or None,
        published_at=min(published, now) if published else None,
        summary_html=_markup(node, "description", "summary"),
        content_html=_markup(node, "encoded", "content"),
        author=inline(_text(node, "creator", "author")) or None,
        categories=tuple(inline(one) for one in categories if one),
        image_url=_image(node, base),
        rights=inline(_text(node, "rights", "copyright")) or None,
        position=place,
    )


def _text_of(node: Any) -> str:
    return "".join(node.itertext()).strip()


def _image(node: Any, base: str) -> str | None:
    for child in node.iter():
        name = _name(child)
        kind = (child.get("type") or child.get("medium") or "") if name else ""
        if (
            name in {"thumbnail", "content", "enclosure"}
            and child.get("url")
            and ("image" in kind or name == "thumbnail")
        ):
            return safe_url(child.get("url"), base)
    return None


def _sitemap(root: Any, url: str, zone: str, now: datetime) -> Feed:
    items = []
    for place, node in enumerate(_children(root, "url")[:MOST_ITEMS]):
        news = next((child for child in node if _name(child) == "news"), None)
        if news is None:
            continue
        raw = _text(news, "publication_date")
        published = parse_date(raw, zone=zone, now=now) if raw else None
        items.append(
            FeedItem(
                title=inline(_text(news, "title")),
                url=safe_url(_text(node, "loc"), url),
                guid=None,
                published_at=min(published, now) if published else None,
                position=place,
            )
        )
    return Feed(url=url, items=tuple(item for item in items if item.title))


def _json_feed(text: str, url: str, zone: str, now: datetime) -> Feed:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SourceError("The JSON feed is broken.", location=url) from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise SourceError("This JSON is no feed.", location=url, remedy="A JSON Feed has a list named items.")
    items = []
    for place, raw in enumerate(data["items"][:MOST_ITEMS]):
        if not isinstance(raw, dict):
            continue
        published = parse_date(str(raw.get("date_published") or ""), zone=zone, now=now)
        authors = raw.get("authors")
        items.append(
            FeedItem(
                title=inline(str(raw.get("title") or "")),
                url=safe_url(str(raw.get("url") or raw.get("external_url") or ""), url),
                guid=str(raw["id"]) if raw.get("id") else None,
                published_at=min(published, now) if published else None,
                summary_html=str(raw.get("summary") or ""),
                content_html=str(raw.get("content_html") or raw.get("content_text") or ""),
                author=next(
                    (
                        inline(str(one.get("name")))
                        for one in (authors if isinstance(authors, list) else [])
                        if isinstance(one, dict) and one.get("name")
                    ),
                    None,
                ),
                categories=tuple(inline(str(tag)) for tag in raw.get("tags") or []),
                image_url=safe_url(str(raw.get("image") or ""), url),
                position=place,
            )
        )
    return Feed(
        title=inline(str(data.get("title") or "")),
        url=url,
        language=str(data.get("language") or "")[:2].lower() or None,
        items=tuple(item for item in items if item.title),
    )


def outlet_and_section(title: str) -> tuple[str, str | None]:
    """Split a channel's title into the outlet and the section that its last words name, if they do."""
    words = [word for word in CHANNEL_WORDS.split(title) if word]
    for count in (2, 1):
        if len(words) > count and (key := sections.named(" ".join(words[-count:]))):
            return " ".join(words[:-count]), key
    return title, None


def to_article(item: FeedItem, source: Source, now: datetime, *, feed_title: str = "") -> Article:
    """Make an article of a feed's item."""
    outlet, channel_section = outlet_and_section(feed_title)
    glued, title = rules.split_section(item.title)
    section = (
        source.section
        or next((key for key in map(sections.named, item.categories) if key), None)
        or glued
        or channel_section
        or (sections.from_url(item.url) if item.url else None)
    )
    lines = plain(item.content_html)
    summary = plain(item.summary_html)
    if sum(map(len, summary)) > sum(map(len, lines)):
        lines = summary
    article = assembled(title, lines, now=now, section=section, source=source.name or outlet)
    article.source_id = source.id
    article.url = canonical(item.url)
    article.guid = item.guid
    article.url_key = (
        article.url or item.guid or f"{fold(title)}:{(item.published_at or now).date().isoformat()}"
    )
    article.published_at = item.published_at
    article.byline = item.author
    article.image_url = item.image_url
    article.rights_line = item.rights
    article.position = item.position
    return article
