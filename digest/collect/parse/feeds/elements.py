"""Read names, texts and markup of feed elements."""

import re
from contextlib import suppress
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from lxml import etree

from digest.text.sanitise import inline
from digest.text.words.short_cache import cached_when_short

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
ALTERNATE = "alternate"
RELATIONS = re.compile(r"^https?://www\.iana\.org/assignments/(?:link-)?relations?/(?:#)?")

LONGEST_NAME = 200

Children = dict[str, list[Any]]


@cached_when_short(2048, longest=LONGEST_NAME)
def local(tag: str) -> str:
    """Return a tag's name without its namespace, in lower case."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


@cached_when_short(2048, longest=LONGEST_NAME)
def is_own(tag: str) -> bool:
    """Say whether an element is a feed's own, not one of another vocabulary such as itunes:title or
    media:description.
    """
    space, _, name = tag.rpartition("}")
    if space:
        return space[1:] in OWN
    prefix, colon, _ = name.rpartition(":")
    return not colon or prefix.lower() in OWN_PREFIXES


def children(node: Any) -> Children:
    """Return the children of a node by their local names; the feed's own before those of other
    vocabularies.
    """
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
                if value := text_inside(child):
                    return value
    return ""


def line_in(found: Children, *names: str) -> str | None:
    """The text of the first child of these names that has one, as one clean line; None when there is none."""
    text = text_in(found, *names)
    return (name_of(text) or None) if text else None


@cached_when_short(1024, longest=LONGEST_NAME)
def name_of(text: str) -> str:
    """A section's or an author's name as one clean line: they come again with every item, and are remembered
    if not long.
    """
    return inline(text)


def text_inside(node: Any) -> str:
    if len(node):
        return "".join(node.itertext()).strip()
    return (node.text or "").strip()


def markup_in(found: Children, *names: str) -> str:
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


def relation(link: Any) -> str:
    """Return a link's relation in lower case and without IANA's address; "alternate" when it names none."""
    return RELATIONS.sub("", (link.get("rel") or "").strip().lower()) or ALTERNATE


def is_plain(node: Any) -> bool:
    """Say whether an Atom text says of itself that it is no markup (RFC 4287 §3.1.1.1), and is none."""
    kind = (node.get("type") or "").strip().lower()
    return kind in {"text", "text/plain"} and not len(node)
