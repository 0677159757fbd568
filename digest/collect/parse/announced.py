"""The feeds that a page announces, the articles' before those of comments."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import lxml.html

from digest.collect.parse.links import link_of

TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x-rss+xml",
        "application/x-atom+xml",
        "application/rss",
        "application/atom",
        "text/rss+xml",
        "text/atom+xml",
        "text/rss",
        "text/atom",
    }
)
LOOSE_TYPES = frozenset({"application/json", "text/xml", "application/xml", "text/json"})
"""Types of much else; what they name comes after the feeds that say so."""
ENDS = (
    "/rss", "/feed", ".rss", "rss.xml", "feed.xml", "feeds.xml", "atom.xml", "/rss.php", "feed.json", "/atom", ".atom", ".rdf",
    "/feeds/posts/default", "/rss2", "/feed.php", "index.xml",
)  # fmt: skip
IN_QUERY = re.compile(
    r"(?:^|[?&])(?:feed=(?:rss2?|atom|rdf|json)|format=feed|type=rss|output=rss)(?:&|$)", re.IGNORECASE
)
COMMENTS = re.compile(r"comment|تعليق|التعليقات|replies|نظرات", re.IGNORECASE)
LONGEST_HEAD = 1_000_000


def announced_in(text: str, url: str) -> Iterator[str]:
    """Yield the feeds that a page names in its head, then those that its links look like; those of comments
    last.
    """
    try:
        tree: Any = lxml.html.document_fromstring(
            text[:LONGEST_HEAD].encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError):
        return
    base = base_of(tree, url)
    found: list[tuple[bool, int, str]] = []
    for link in tree.iter("link", "a"):
        rank = _rank(link)
        if rank is not None and (address := link_of(link.get("href"), base)):
            words = f"{link.get('href')} {link.get('title') or ''} {(link.text or '')[:100]}"
            found.append((bool(COMMENTS.search(words)), rank, address))
    found.sort(key=lambda one: one[:2])
    yield from (address for _, _, address in found)


def base_of(tree: Any, url: str) -> str:
    """Return what a page's relative addresses stand against: its first <base href>, else its own address."""
    for node in tree.iter("base"):
        if href := (node.get("href") or "").strip():
            try:
                return str(urljoin(url, href))
            except ValueError:
                return url
    return url


def _rank(link: Any) -> int | None:
    """How surely a link is a feed's, 0 the surest; None when it is none."""
    relations = (link.get("rel") or "").lower().split()
    kind = (link.get("type") or "").partition(";")[0].strip().lower()
    if kind in TYPES and (not relations or not {"alternate", "feed", "home"}.isdisjoint(relations)):
        return 0
    if "feed" in relations and "html" not in kind:
        return 1
    if link.tag == "link":
        return 2 if kind in LOOSE_TYPES and "alternate" in relations else None
    path, _, query = (link.get("href") or "").strip().lower().partition("?")
    return 3 if path.rstrip("/").endswith(ENDS) or IN_QUERY.search(query) else None
