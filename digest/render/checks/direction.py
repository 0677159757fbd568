"""Direction: what every client needs to lay a right-to-left mail out from the right."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from digest.render.checks.colour import ground_of
from digest.render.checks.finding import LintFinding, found
from digest.render.checks.page import Page, computed, is_rtl_text, lineage, read, style_of, texts

CELLS = ("td", "th")


def check(page: Page) -> Iterator[LintFinding]:
    """Yield what is missing for the direction of the page's language."""
    yield from _carriers(page)
    for table in page.elements("table"):
        if table.get("dir") != page.direction:
            yield found("dir-table", line=table.sourceline)
    for cell in page.elements(*CELLS):
        if not cell.get("dir") or not style_of(cell).get("direction"):
            yield found("dir-cell", " ".join("".join(cell.itertext()).split())[:40], cell.sourceline)
    for link in page.elements("a"):
        if link.get("dir"):
            yield found("dir-link", line=link.sourceline)
    for node in page.elements(*CELLS, "table"):
        if node.get("dir") and _has_padding(node) and _own_ground(node):
            yield found("dir-padding", line=node.sourceline)
    if page.direction == "rtl":
        yield from _stripped(page)


def _carriers(page: Page) -> Iterator[LintFinding]:
    html, body = page.root, page.body
    if not html.get("lang") or not (body.get("lang") or body.get("xml:lang")):
        yield found("language")
    if html.get("dir") != page.direction:
        yield found("dir-html")
    if body.get("dir") != page.direction:
        yield found("dir-body")
    wrapped = any(
        child.get("dir") == page.direction and child.get("lang")
        for child in body
        if isinstance(child.tag, str)
    )
    if not wrapped:
        yield found("dir-wrapper")


def _has_padding(node: Any) -> bool:
    return any(value.strip("0px ;") for name, value in style_of(node).items() if name.startswith("padding"))


def _own_ground(node: Any) -> bool:
    mine = style_of(node).get("background-color") or style_of(node).get("background") or node.get("bgcolor")
    parent = node.getparent()
    return bool(mine) and parent is not None and ground_of(node) != ground_of(parent)


def _stripped(page: Page) -> Iterator[LintFinding]:
    """Yield a finding a client, for the first text that its stripping turns round."""
    for name, strip in STRIPPINGS.items():
        copy = Page(page.source, deepcopy(page.root), page.language, page.direction)
        strip(copy)
        for node, text in texts(copy):
            if is_rtl_text(text) and not _reads_right(name, node):
                yield found(f"client-{name}", " ".join(text.split())[:40], node.sourceline)
                break


def _reads_right(client: str, node: Any) -> bool:
    if client == "yahoo":
        return _alignment(node) in {"right", "center"}
    return computed(node) == "rtl"


def _alignment(node: Any) -> str:
    for one in lineage(node):
        said = style_of(one).get("text-align") or one.get("align")
        if said and one.tag != "table":
            return said.lower()
    return "left"


def _drop_frame(page: Page) -> None:
    """Take <html>, <head> and what <body> says away, as a web mail does that shows the mail inside its own
    page.
    """
    for node in (page.root, page.body):
        node.attrib.clear()


def _gmail(page: Page) -> None:
    _drop_frame(page)


def _yahoo(page: Page) -> None:
    _drop_frame(page)


def _outlook(page: Page) -> None:
    for node in page.elements("div", "span"):
        node.attrib.pop("style", None)


def _orange(page: Page) -> None:
    _drop_frame(page)
    for node in page.elements("table", *CELLS):
        node.attrib.pop("dir", None)


def _gmx(page: Page) -> None:
    _drop_frame(page)
    for node in page.elements():
        node.attrib.pop("dir", None)


STRIPPINGS: dict[str, Callable[[Page], None]] = {
    "gmail": _gmail,
    "outlook": _outlook,
    "yahoo": _yahoo,
    "orange": _orange,
    "gmx": _gmx,
}
"""How each client treats a mail before it shows it, as far as direction is concerned."""


def stripped_html(html: str, client: str) -> str:
    """Return the mail as one of `STRIPPINGS` would leave it, for looking at it.

    Raises:
        KeyError: no such client.
    """
    import lxml.html

    page = read(html)
    STRIPPINGS[client](page)
    return str(lxml.html.tostring(page.root, encoding="unicode"))
