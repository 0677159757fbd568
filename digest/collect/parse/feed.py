"""From a feed's bytes to its items: RSS, Atom, RDF, JSON Feed, sitemaps, and pages that announce a feed."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import lxml.html

from digest.collect.parse import feed_json, feed_xml, sitemap
from digest.collect.parse.feed_items import Feed
from digest.collect.parse.feed_repair import text_of, tree_of
from digest.errors import SourceError
from digest.text.sanitise import safe_url

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
)
FEED_ENDS = ("/rss", "/feed", ".rss", "rss.xml", "feed.xml", "atom.xml", "/rss.php", "feed.json")
LONGEST_HEAD = 1_000_000
BEGINS = re.compile(r"(?:<\?xml[^<>]{0,200}>\s{0,20})?<(?:rss|feed|rdf:RDF)[\s>]")
"""How nearly all feeds begin; any other is looked at for a page's marks."""
ROOTS = frozenset({"rss", "feed", "rdf", "channel"})


def parse(body: bytes, *, url: str, zone: str = "Asia/Riyadh", now: datetime) -> Feed:
    """Read a feed of at most 50,000 items. What its server or its first line says about it is believed last.

    Dates without a zone are taken in `zone`; a date after `now` becomes `now`.

    Raises:
        SourceError: it is neither a feed nor a page that announces one.
    """
    text = text_of(body)
    if not text:
        raise SourceError(
            "The feed is empty.", location=url, remedy="Try again later; if it stays so, remove the source."
        )
    if text.startswith(("{", "[")):
        return feed_json.read(text, url, zone, now)
    start = max(text.find("<"), 0)
    head = "" if BEGINS.match(text, start) else text[start : start + 2000].lower()
    if "<html" in head or "<!doctype html" in head:
        return _page(text[start:], url)
    root = tree_of(text[start:], url)
    name = feed_xml.local(root.tag) if isinstance(root.tag, str) else ""
    if name == "urlset":
        return sitemap.read(root, url, zone, now)
    if name == "sitemapindex":
        return sitemap.read_index(root, url, zone, now)
    if name not in ROOTS:
        raise SourceError(
            "This is no feed.", location=url, remedy="Give the address of an RSS, Atom or JSON feed."
        )
    return feed_xml.read(root, url, zone, now)


def _page(text: str, url: str) -> Feed:
    announced = tuple(dict.fromkeys(announced_in(text, url)))
    if not announced:
        raise SourceError(
            "This is a web page, not a feed, and it announces none.",
            location=url,
            remedy="Give the feed's own address.",
        )
    return Feed(url=url, announced=announced)


def announced_in(text: str, url: str) -> Iterator[str]:
    """Yield the feeds that a page names in its head, then those that its links look like."""
    try:
        tree: Any = lxml.html.document_fromstring(
            text[:LONGEST_HEAD].encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError):
        return
    for link in tree.iter("link"):
        kind, relation = (link.get(name) or "" for name in ("type", "rel"))
        is_feed = kind.strip().lower() in FEED_TYPES and "alternate" in (relation or "alternate").lower()
        if is_feed and (found := safe_url(link.get("href"), url)):
            yield found
    for link in tree.iter("a"):
        path = (link.get("href") or "").lower().partition("?")[0].rstrip("/")
        if path.endswith(FEED_ENDS) and (found := safe_url(link.get("href"), url)):
            yield found
