"""Find the picture of a feed item."""

import re
from html import unescape
from itertools import islice
from typing import Any

from digest.collect.parse.feeds.elements import Children, children, local, relation, text_in
from digest.collect.parse.links import is_picture, link_of
from digest.text.sanitise import inline

MEDIA = frozenset({"thumbnail", "content", "enclosure", "image", "group"})
IN_TEXT = re.compile(r"<img\b([^<>]{1,2000})>", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"""(?<![\w-])(src|alt|width|height|data-(?:lazy-)?src|data-original)\s{0,5}=\s{0,5}(?:"([^"<>]{1,2000})"|'([^'<>]{1,2000})'|([^\s"'<>=]{1,2000}))""",
    re.IGNORECASE,
)
SOURCES = ("data-src", "data-lazy-src", "data-original", "src")
"""Where a picture's address stands: pages that load it late have something empty in `src`."""
MOST_LOOKED_AT = 5


def named_picture(found: Children, base: str) -> tuple[str | None, str | None]:
    """The first picture that an item names (enclosure, Media RSS, itunes), and what it shows if somebody
    says.
    """
    nodes = [node for name in MEDIA if name in found for node in found[name]]
    for node in nodes:
        for child in node.iter():
            if not isinstance(child.tag, str):
                continue
            name = local(child.tag)
            address = child.get("url") or (_address(child) if name in {"thumbnail", "image"} else None)
            kind = child.get("type") or child.get("medium") or ""
            if address and (name in {"thumbnail", "image"} or is_picture(address, kind)):
                about = children(node)
                alt = inline(text_in(about, "description", "title")) if node is not child or len(node) else ""
                return link_of(address, base), alt or None
    return None, None


def enclosed_picture(links: list[Any], base: str) -> str | None:
    """The picture that an Atom entry links to."""
    for link in links:
        if relation(link) == "enclosure" and is_picture(link.get("href"), link.get("type") or ""):
            return link_of(link.get("href"), base)
    return None


def picture_in_text(html: str, base: str) -> tuple[str, str | None] | None:
    """The first picture in an item's text that is no counter of a point's size, and what it shows."""
    for found in islice(IN_TEXT.finditer(html), MOST_LOOKED_AT):
        attributes = {
            name.lower(): unescape("".join(values)) for name, *values in ATTRIBUTE.findall(found[1])
        }
        if not {attributes.get("width"), attributes.get("height")}.isdisjoint({"0", "1"}):
            continue
        for source in SOURCES:
            if address := link_of(attributes.get(source), base):
                return address, inline(attributes.get("alt", "")) or None
    return None


def _address(node: Any) -> str | None:
    """The address of an element such as <image>: its href, its <url>, or its own text."""
    text = text_in(children(node), "url") or (node.text or "").strip()
    return node.get("href") or (text if text.lower().startswith("http") or is_picture(text) else None)
