"""Lists of feeds as OPML 2.0, in and out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from digest.collect.clean import sections
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds.elements import local
from digest.collect.parse.feeds.repair import tree_of
from digest.collect.parse.links import link_of
from digest.collect.parse.unpack import unpacked
from digest.errors import InputError, SourceError
from digest.model import Source
from digest.model.news.sections import SECTION_KEYS
from digest.text.direction.visible import one_line
from digest.text.words.normalise import clean

LONGEST_HEAD = 20_000
LONGEST_ADDRESS = 300
FEED_SCHEME = re.compile(r"^(?:feeds?|rss|pcast|itpc):(?://)?(https?:)?(?://)?", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{1,8000}>")
ATTRIBUTE_UNQUOTED = re.compile(r"""=[^\s"'<>=]""")
ATTRIBUTE = re.compile(
    r"""(?<![\w:.-])([\w:.-]{1,60}\s{0,5}=\s{0,5})(?:"[^"<]{0,8000}"|'[^'<]{0,8000}'|([^\s"'<>=]{1,2000}?)(?=\s|/?>))"""
)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of an OPML file. `section` is a section key or None; `refused`: `url` is no web address."""

    title: str
    url: str
    section: str | None
    language: str | None
    refused: bool = False


def read(content: str | bytes, *, refused: bool = False) -> list[Outline]:
    """Return the feeds of an OPML file, folders opened, in order, each address once. Any encoding; mended
    where it is broken. `refused`: with those whose address is none of the web's.

    Raises:
        InputError: it is no OPML, or names no feed.
    """
    try:
        text = decode(unpacked(content)) if isinstance(content, bytes) else content
        root = _tree(text.strip().lstrip("\ufeff"))
    except SourceError as error:
        raise InputError(
            f"The file is no OPML: {error.message}", remedy="Export it again from where it came."
        ) from error
    found: dict[str, Outline] = {}
    for node, folder in _outlines(root):
        attributes = {name.lower(): value for name, value in node.attrib.items()}
        raw = _given(attributes)
        url = _address(raw)
        if url is None and raw and refused:
            title = clean(attributes.get("text") or attributes.get("title") or raw)
            found.setdefault(raw, Outline(title, one_line(raw)[:LONGEST_ADDRESS], None, None, refused=True))
        if url is None or url in found:
            continue
        named = (attributes.get("category") or "").split(",")[0].strip("/ ").rpartition("/")[2]
        section = named if named in SECTION_KEYS else sections.named(named) or sections.named(folder)
        title = clean(attributes.get("text") or attributes.get("title") or "")
        found[url] = Outline(title or clean(url), url, section, attributes.get("language"))
    if not found:
        raise InputError("The file names no feed.", remedy="Feeds are <outline> elements with an xmlUrl.")
    return list(found.values())


def _tree(text: str) -> Any:
    start = text.lower().find("<opml", 0, LONGEST_HEAD)
    if start < 0:
        what = "XML, but no OPML" if text.startswith("<") else "no OPML"
        raise InputError(f"The file is {what}.", remedy="Its first element should be <opml>.")
    body = text[start:]
    if ATTRIBUTE_UNQUOTED.search(body):
        body = TAG.sub(_quoted, body)
    return tree_of(body, "")


def _quoted(tag: re.Match[str]) -> str:
    """A tag whose attributes all stand in quotes."""
    return ATTRIBUTE.sub(lambda one: one[0] if one[2] is None else f'{one[1]}"{one[2]}"', tag[0])


def _outlines(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield every outline with the name of the folder it lies in, in order."""
    waiting: list[tuple[Any, str]] = [(root, "")]
    while waiting:
        node, folder = waiting.pop()
        is_outline = isinstance(node.tag, str) and local(node.tag) == "outline"
        if is_outline:
            yield node, folder
            folder = next((node.get(name) or "" for name in ("text", "title") if node.get(name)), folder)
        waiting.extend((child, folder) for child in reversed(node))


def _given(attributes: dict[str, str]) -> str:
    """What stands for the feed's address in an outline: xmlUrl, however it is written; a url where the type
    says that it is a feed.
    """
    is_feed = (attributes.get("type") or "").strip().lower() in {"rss", "atom", "feed", "rss1", "rss2"}
    raw = (
        attributes.get("xmlurl")
        or attributes.get("feedurl")
        or (attributes.get("url") if is_feed else None)
        or ""
    )
    return raw.strip()


def _address(raw: str) -> str | None:
    """The feed's web address; None: it is none."""
    return link_of(FEED_SCHEME.sub(_web_scheme, raw, count=1), "")


def _web_scheme(found: re.Match[str]) -> str:
    return f"{found[1]}//" if found[1] else "https://"


def write(sources: Sequence[Source]) -> str:
    """Return the feeds among sources as OPML."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Mujaz"
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.location.startswith(("http://", "https://")):
            fields = {
                "type": "rss",
                "text": source.name or source.location,
                "xmlUrl": source.location,
                "language": source.language,
            }
            if source.section:
                fields["category"] = source.section
            # XML takes no control characters, not even escaped.
            etree.SubElement(body, "outline", {name: one_line(value) for name, value in fields.items()})
    return etree.tostring(root, encoding="unicode", pretty_print=True)
