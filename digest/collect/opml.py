"""Lists of feeds as OPML 2.0, in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from digest.collect.clean import sections
from digest.errors import InputError
from digest.model import Source
from digest.text.normalise import clean
from digest.text.sanitise import safe_url
from digest.text.visible import one_line

KEYS = frozenset(
    {"politics", "economy", "sport", "culture", "technology", "health", "religion", "local", "misc"}
)


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of an OPML file. `section` is a section key or None."""

    title: str
    url: str
    section: str | None
    language: str | None


def read(text: str) -> list[Outline]:
    """Return the feeds of an OPML file, folders opened, in order, each address once.

    Raises:
        InputError: it is no OPML, or names no feed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Any = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise InputError(
            f"The file is no OPML: {error.msg}.", remedy="Export it again from where it came."
        ) from error
    if root.tag != "opml":
        raise InputError("The file is XML, but no OPML.", remedy="Its first element should be <opml>.")
    found: dict[str, Outline] = {}
    for node in root.iter("outline"):
        url = safe_url(node.get("xmlUrl"))
        if url is None or url in found:
            continue
        folder = node.getparent().get("text") if node.getparent() is not None else None
        named = (node.get("category") or "").strip("/").rpartition("/")[2]
        section = named if named in KEYS else sections.named(named) or sections.named(folder or "")
        title = clean(node.get("text") or node.get("title") or "")
        found[url] = Outline(title or url, url, section, node.get("language"))
    if not found:
        raise InputError("The file names no feed.", remedy="Feeds are <outline> elements with an xmlUrl.")
    return list(found.values())


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
