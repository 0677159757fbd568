"""Parse a feed of any format into items."""

import re
from dataclasses import replace
from datetime import datetime

from digest.collect.parse.announced import announced_in
from digest.collect.parse.feeds import json_feed, sitemap, xml_feed
from digest.collect.parse.feeds.elements import local
from digest.collect.parse.feeds.identity import distinguish
from digest.collect.parse.feeds.items import Feed
from digest.collect.parse.feeds.repair import text_of, tree_of
from digest.collect.parse.unpack import unpacked
from digest.errors import SourceError

BEGINS = re.compile(r"(?:<\?xml[^<>]{0,200}>\s{0,20})?<(?:rss|feed|rdf:RDF)[\s>]")
"""How nearly all feeds begin; in any other the beginning is looked for."""
ROOT = re.compile(
    r"<(?:[a-z][a-z0-9]{0,9}:)?(?:rss|feed|rdf|channel|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE
)
PAGE = re.compile(r"<(?:html|!doctype\s{1,20}html)(?=[\s>])", re.IGNORECASE)
JSON_FEED = re.compile(r"\{\s{0,200}\"(?:version|title|items|home_page_url|feed_url)\"\s{0,50}:")
LONGEST_WARNING = 100_000
"""Characters that programs may print before a feed: warnings, notices, blank lines."""
ROOTS = frozenset({"rss", "feed", "rdf", "channel"})


def parse(body: bytes, *, url: str, zone: str = "Asia/Riyadh", now: datetime) -> Feed:
    """Read a feed of at most 50,000 items. What its server or its first line says about it is believed last.

    Dates without a zone are taken in `zone`; a date after `now` becomes `now`.

    Raises:
        SourceError: it is neither a feed nor a page that announces one.
    """
    text = text_of(unpacked(body, url))
    if not text:
        raise SourceError(
            "The feed is empty.", location=url, remedy="Try again later; if it stays so, remove the source."
        )
    if text.startswith(("{", "[")):
        return _distinguish(json_feed.read(text, url, zone, now))
    start = feed_start(text)
    if start is None:
        if _is_page(text):
            return _page(text[max(text.find("<"), 0) :], url)
        if JSON_FEED.search(text[:LONGEST_WARNING]):
            return _distinguish(json_feed.read(text[text.find("{") :], url, zone, now))
        start = max(text.find("<"), 0)
    return _distinguish(_xml(text[start:], url, zone, now))


def _distinguish(found: Feed) -> Feed:
    """The feed with keys for those of its items whose addresses do not tell them apart."""
    return replace(found, items=distinguish(found.items))


def feed_start(text: str) -> int | None:
    """Return where the XML of a feed begins, behind warnings that a server printed first; None for what
    begins otherwise.
    """
    if BEGINS.match(text):
        return 0
    head = text[:LONGEST_WARNING]
    root, page = ROOT.search(head), PAGE.search(head)
    if root is None or (page and page.start() < root.start()):
        return None
    declaration = head.rfind("<?xml", 0, root.start())
    return declaration if declaration >= 0 else root.start()


def _is_page(text: str) -> bool:
    return bool(PAGE.search(text[:LONGEST_WARNING]))


def _xml(text: str, url: str, zone: str, now: datetime) -> Feed:
    root = tree_of(text, url)
    name = local(root.tag) if isinstance(root.tag, str) else ""
    if name == "urlset":
        return sitemap.read(root, url, zone, now)
    if name == "sitemapindex":
        return sitemap.read_index(root, url, zone, now)
    if name not in ROOTS:
        raise SourceError(
            "This is no feed.", location=url, remedy="Give the address of an RSS, Atom or JSON feed."
        )
    return xml_feed.read(root, url, zone, now)


def _page(text: str, url: str) -> Feed:
    announced = tuple(dict.fromkeys(announced_in(text, url)))
    if not announced:
        raise SourceError(
            "This is a web page, not a feed, and it announces none.",
            location=url,
            remedy="Give the feed's own address.",
        )
    return Feed(url=url, announced=announced)
