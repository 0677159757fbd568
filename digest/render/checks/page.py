"""The mail's HTML as a tree whose nodes know their style, direction and colours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.html
from lxml.etree import ParserError

from digest.text.direction.bidi import RTL_LANGUAGES, first_strong

EMPTY = "<p></p>"
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
HIDDEN = re.compile(r"display:none|mso-hide:all|visibility:hidden")
UNSHOWN = frozenset({"style", "script", "title", "head", "template", "noscript"})


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed mail. `direction` is what its language asks for."""

    source: str
    root: Any
    language: str
    direction: str

    @property
    def body(self) -> Any:
        """The <body>, or the root of a fragment."""
        found = self.root.find(".//body")
        return self.root if found is None else found

    @property
    def styles(self) -> list[str]:
        """The content of the <style> elements that all clients see."""
        return STYLE.findall(COMMENT.sub("", self.source))

    def elements(self, *names: str) -> Iterator[Any]:
        """Yield the elements of those names (all without one), in the order of the document."""
        for node in self.root.iter(*names):
            if isinstance(node.tag, str):
                yield node


def read(html: str) -> Page:
    """Parse a mail's HTML. The language is that of <html>, else of the first element that has one, else
    Arabic.
    """
    try:
        root = _tree(html or EMPTY)
    except ParserError:  # nothing in it but comments
        root = _tree(EMPTY)
    said = next((node.get("lang") or "" for node in root.iter() if node.get("lang")), "ar")
    language = said[:2].lower()
    return Page(html, root, language, "rtl" if language in RTL_LANGUAGES else "ltr")


def _tree(html: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)
    return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)


def style_of(node: Any) -> dict[str, str]:
    """Return the declarations of an element's style attribute, names and values in small letters."""
    found = {}
    for one in (node.get("style") or "").split(";"):
        name, _, value = one.partition(":")
        if value.strip():
            found[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return found


def lineage(node: Any) -> Iterator[Any]:
    """Yield an element and its ancestors, nearest first."""
    while node is not None:
        yield node
        node = node.getparent()


def is_hidden(node: Any) -> bool:
    """Say whether an element or one around it is not shown."""
    return any(
        one.tag in UNSHOWN or HIDDEN.search((one.get("style") or "").replace(" ", "").lower())
        for one in lineage(node)
    )


def texts(page: Page) -> Iterator[tuple[Any, str]]:
    """Yield (element, text) of every piece of text that is shown; the element is the one that it stands
    in.
    """
    for node in page.body.iter():
        if not isinstance(node.tag, str) or is_hidden(node):
            continue
        if node.text and node.text.strip():
            yield node, node.text
        for child in node:
            if child.tail and child.tail.strip():
                yield node, child.tail


def is_rtl_text(text: str) -> bool:
    """Say whether a text begins with a right-to-left letter."""
    return first_strong(text) in {"R", "AL"}


def computed(node: Any, *, attributes: bool = True, css: bool = True) -> str:
    """Return the direction that an element has, from its nearest dir or direction; "ltr" when nothing says.

    `attributes` and `css` False leave dir attributes or style attributes out, as some clients do.
    """
    for one in lineage(node):
        if css and (said := style_of(one).get("direction")):
            return said
        if attributes and (said := (one.get("dir") or "").lower()):
            return "rtl" if said == "auto" and is_rtl_text("".join(one.itertext())) else said
    return "ltr"
