"""Repair and parse the XML of feeds, without entities or network.

Every step is one pass over the text, whatever stands in it: a hostile feed must not cost more than a long
one.
"""

import html
import re
from contextlib import suppress
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from lxml import etree

from digest.collect.parse.decode import decode
from digest.errors import SourceError

ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CONTROLS = bytes({*range(32)} - set(b"\t\n\r"))
"""The bytes that XML forbids."""
XML_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:([A-Za-z][A-Za-z0-9]{1,31};)|(#(?:\d{1,7}|[xX][0-9A-Fa-f]{1,6});))?"
)
CDATA, CDATA_END = "<![CDATA[", "]]>"
LONGEST_DOCTYPE = 1_000_000
MOST_AMPERSANDS = 300_000
"""With more of them a feed is not looked at one by one: all are escaped, and undone again with the titles."""
MOST_QUICK = 200_000
"""Tags of a feed that is read by the quick parser, which has no limit of its own."""


def text_of(body: bytes) -> str:
    """Return the text of a feed without what stands before its first character that means something.

    A byte that is no character leaves no mark: a title would show it.
    """
    text = decode(body)
    if "\ufffd" in text and b"\xef\xbf\xbd" not in body:
        text = text.replace("\ufffd", "")
    return text.strip().lstrip("\ufeff").strip("\x00")


def tree_of(text: str, url: str) -> Any:
    """Parse the text of an XML feed, mending it first: an ElementTree or lxml element. A feed that breaks off
    keeps what came before.

    Raises:
        SourceError: nothing can be read of it.
    """
    mended = _without_doctype(XML_DECLARATION.sub("", text, count=1))
    if "&" in mended:
        mended = _mended_entities(mended)
    if (root := _well_formed(mended)) is not None:
        return root
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        root = etree.fromstring(mended.encode("utf-8", "replace").translate(None, CONTROLS), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"The feed cannot be read: {error.msg}.", location=url) from error
    if root is None:
        raise SourceError("The feed cannot be read: there is no element in it.", location=url)
    return root


def _well_formed(text: str) -> Any:
    """The tree of a feed that needs no more mending, None for any other: this parser is strict, and its trees
    are quick to read.
    """
    if text.count("<") <= MOST_QUICK and "<!DOCTYPE" not in text:
        with suppress(ET.ParseError, ValueError):
            # Octets are read in half the time that text takes. No DTD is left that could declare anything.
            return ET.fromstring(text.encode())  # noqa: S314
    return None


def _without_doctype(text: str) -> str:
    """Take the document type away, with the entities that it declares."""
    start = text.find("<!DOCTYPE", 0, LONGEST_DOCTYPE)
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end:
        end = text.find(">", max(text.find("]", subset), subset))
        # Of several "]" the last one before the first element that is no declaration ends the subset.
        while end >= 0 and text[end + 1 : end + 200].lstrip().startswith(("<!", "]", "%")):
            end = text.find(">", end + 1)
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def _mended_entities(text: str) -> str:
    """Escape bare ampersands and undo HTML's entities, which XML does not know; CDATA stays as it is."""
    if text.count("&") > MOST_AMPERSANDS:
        return text.replace("&", "&amp;")
    parts = []
    place = 0
    while (start := text.find(CDATA, place)) >= 0:
        end = text.find(CDATA_END, start)
        end = len(text) if end < 0 else end + len(CDATA_END)
        parts += [AMPERSAND.sub(_entity, text[place:start]), text[start:end]]
        place = end
    parts.append(AMPERSAND.sub(_entity, text[place:]))
    return "".join(parts)


def _entity(found: re.Match[str]) -> str:
    if found[1] is None and found[2] is None:
        return "&amp;"
    return _undone(found[0])


@lru_cache(maxsize=1024)
def _undone(entity: str) -> str:
    return html.escape(ILLEGAL.sub("", html.unescape(entity)), quote=False)
