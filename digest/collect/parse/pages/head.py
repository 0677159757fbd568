"""What a page says about itself: JSON-LD, meta elements, headings."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from digest.collect.clean.article import squeezed
from digest.collect.clean.rules import Rulebook
from digest.collect.parse.announced import base_of
from digest.collect.parse.links import link_of
from digest.collect.parse.pages.linked_data import article_in
from digest.text.sanitise import inline
from digest.text.words.normalise import clean

SEPARATOR = re.compile(r"\s+[|\-–—»«:·•]+\s+|\s*\|\s*")
TITLES = ("og:title", "twitter:title", "dc.title", "title")


@dataclass(frozen=True, slots=True)
class Head:
    """The linked data of the page's article (empty without any), its meta elements by lower-case name, and
    its tree.
    """

    linked: dict[str, Any]
    meta: dict[str, str]
    tree: Any
    url: str | None = None
    canonical: str | None = None
    sites: frozenset[str] = field(default=frozenset())
    """The site's names, squeezed, by which a title's tail is known."""
    base: str = ""


def head_of(tree: Any, url: str | None) -> Head:
    """Read a page's head; relative addresses stand against its <base>, else its own address."""
    linked = article_in(tree, url)
    base = base_of(tree, url or "")
    meta: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = node.get("property") or node.get("name") or node.get("itemprop")
        if key and (node.get("content") or "").strip():
            meta.setdefault(key.lower().strip(), node.get("content").strip())
    canonical = None
    for node in tree.iter("link"):
        if "canonical" in (node.get("rel") or "").lower().split() and canonical is None:
            canonical = link_of(node.get("href"), base)
    return Head(linked, meta, tree, url, canonical, frozenset(_sites(linked, meta, url)), base)


def _name(value: object) -> str:
    """The name in a piece of linked data: a string, an object's name, or that of the first of a list that has
    one.
    """
    if isinstance(value, list):
        return next(filter(None, map(_name, value[:20])), "")
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value")
        return _name(value) if isinstance(value, list) else inline(value) if isinstance(value, str) else ""
    return inline(value) if isinstance(value, str) else ""


def _sites(linked: dict[str, Any], meta: dict[str, str], url: str | None) -> Iterator[str]:
    names = [
        _name(linked.get("publisher")),
        meta.get("og:site_name"),
        meta.get("application-name"),
        meta.get("author"),
    ]
    names += [meta.get("publisher"), meta.get("copyright"), meta.get("twitter:site")]
    host = urlsplit(url or "").hostname or ""
    for name in (*names, host, host.removeprefix("www."), *host.split(".")[:-1]):
        if name and len(squeezed(name)) >= 3:
            yield squeezed(name)


def title_of(head: Head, book: Rulebook) -> str:
    """Return the article's title: the heading that the other titles of the page agree with, without the
    site's name.

    Empty when the page has none.
    """
    titles = [inline(value) for value in _stated_titles(head) if value]
    headings = [
        text
        for text in (clean(node.text_content()) for name in ("h1", "h2") for node in head.tree.iter(name))
        if len(squeezed(text)) >= 3 and not book.is_noise(text)
    ]
    for heading in headings:
        same = squeezed(heading)
        if any(_agree(same, squeezed(one)) for one in titles) and same not in head.sites:
            return heading
    if parted := max(_parted(titles, headings, head.tree), key=len, default=""):
        return parted
    first = next((without_site(one, head.sites) for one in titles if without_site(one, head.sites)), "")
    return first or max((one for one in headings if len(one.split()) >= 3), key=len, default="")


def _parted(titles: list[str], headings: list[str], tree: Any) -> Iterator[str]:
    """Those parts of titles («OUTLET : TITLE») that the page prints by themselves, or in a heading beside its
    section's label.
    """
    wholes = [squeezed(one) for one in headings]
    spoken = {squeezed(node.text) for node in tree.iter() if isinstance(node.tag, str) and _is_line(node)}
    for one in titles:
        for part in SEPARATOR.split(one) if SEPARATOR.search(one) else ():
            same = squeezed(part)
            if len(part.split()) >= 4 and (same in spoken or any(same in whole for whole in wholes)):
                yield part.strip()


def _is_line(node: Any) -> bool:
    return node.tag not in {"title", "script", "style"} and len((node.text or "").split()) >= 4


def _stated_titles(head: Head) -> Iterator[str]:
    headline = head.linked.get("headline")
    if isinstance(headline, str):
        yield headline
    for name in TITLES:
        yield head.meta.get(name, "")
    yield head.tree.findtext(".//title") or ""


def _agree(heading: str, title: str) -> bool:
    """Whether a heading is a stated title, give or take the site's name at either end."""
    return (
        heading == title
        or (len(heading) >= 8 and heading in title)
        or (len(title) >= 12 and title in heading)
    )


def without_site(title: str, sites: Iterable[str]) -> str:
    """Return a title without the site's name at its end or start; empty when nothing else is in it."""
    title = " ".join(title.split())  # a run of blanks would be gone through from each of them
    names = set(sites)
    parts = SEPARATOR.split(title)
    marks = SEPARATOR.findall(title)
    start, end = 0, len(parts)
    while end - start > 1 and _is_site(parts[end - 1], names):
        end -= 1
    while end - start > 1 and _is_site(parts[start], names):
        start += 1
    kept = parts[start] + "".join(marks[place - 1] + parts[place] for place in range(start + 1, end))
    return "" if _is_site(kept, names) else kept.strip()


def _is_site(part: str, names: set[str]) -> bool:
    same = squeezed(part)
    return (
        not same
        or same in names
        or any(len(name) >= 5 and (name in same and len(same) <= 2 * len(name)) for name in names)
    )


def byline_of(head: Head) -> str | None:
    """Return the author by name, or None. The site's own name and addresses of profiles are no authors."""
    for value in (
        _name(head.linked.get("author")) or _name(head.linked.get("creator")),
        head.meta.get("article:author", ""),
        head.meta.get("author", ""),
        head.meta.get("dc.creator", ""),
    ):
        name = inline(value)
        if name and "/" not in name and len(name) <= 80 and not _names_site(name, head):
            return name
    return None


def _names_site(name: str, head: Head) -> bool:
    """Whether an author's name is the site's: it stands in the page's title, or is its host or publisher."""
    same = squeezed(name)
    other = _sites(head.linked, {key: value for key, value in head.meta.items() if key != "author"}, head.url)
    return same in squeezed(head.tree.findtext(".//title") or "") or same in set(other)


def outlet_of(head: Head) -> str:
    """Return the name by which the site calls itself, or an empty string."""
    named = _name(head.linked.get("publisher")) or inline(head.meta.get("og:site_name", ""))
    return "" if named.startswith("http") else named


def section_name(head: Head) -> str:
    """Return the name of the section as the page gives it, or an empty string."""
    return inline(head.meta.get("article:section", "")) or _name(head.linked.get("articleSection"))


def rights_of(head: Head) -> str | None:
    """Return the page's licence or rights line, or None."""
    value = head.linked.get("license") or head.linked.get("copyrightNotice") or head.meta.get("copyright")
    return inline(value)[:300] or None if isinstance(value, str) else None


def picture_of(head: Head) -> tuple[str | None, str | None]:
    """Return the lead picture's address and what it shows; None for what nobody says."""
    image = head.linked.get("image")
    if isinstance(image, list):
        image = image[0] if image else None
    linked = image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image
    for value in (
        head.meta.get("og:image:secure_url"),
        head.meta.get("og:image"),
        head.meta.get("twitter:image"),
        linked,
    ):
        if isinstance(value, str) and (found := link_of(value, head.base)):
            return found, inline(
                head.meta.get("og:image:alt") or head.meta.get("twitter:image:alt") or ""
            ) or None
    return None, None
