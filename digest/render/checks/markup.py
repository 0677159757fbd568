"""Markup: what clients drop, what screen readers need, what must not be there."""

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from digest.render.checks.finding import LintFinding, found
from digest.render.checks.page import Page, is_hidden, style_of, texts

LONGEST_STYLE = 8_192
LARGEST_BASE64 = 102_400
SMALLEST_TEXT = 13
LOGICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:inline|block)[a-z-]*|inset(?:-[a-z-]+)?|(?:min-|max-)?(?:inline|block)-size)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:start|end|inline-start|inline-end)\b"
)
UNARABIC = re.compile(
    r"letter-spacing\s*:\s*(?!0|normal)|font-style\s*:\s*(?:italic|oblique)|text-align\s*:\s*justify"
)
AT_MEDIA = re.compile(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")
NESTED = re.compile(r"@[a-z-]+[^{;]*\{[^}]*@", re.IGNORECASE)
DECLARATION = re.compile(r"([a-z-]+)\s*:\s*([^;{}]+)")
ACTIVE = (
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "base",
    "svg",
    "video",
    "audio",
    "link",
)
RUNNING = re.compile(r"^\s*(?:javascript|vbscript|data|file|blob):", re.IGNORECASE)
TOKEN = re.compile(r"\{\{|\}\}|\{%|%\}|%7[Bb]%7[Bb]|__[A-Z]{3,}[A-Z_]*__|\bUndefined\b")
UNFILLED = frozenset({"None", "null", "undefined", "NaN"})
ITALIC = ("i", "em", "cite", "address")
PIXELS = re.compile(r"^([0-9]+(?:\.[0-9]+)?)px")


def check(page: Page, subject: str | None) -> Iterator[LintFinding]:
    """Yield what is wrong with the markup; with a subject, also whether <title> is equal to it."""
    if not page.source.lstrip("\ufeff \n\t").startswith("<!DOCTYPE html>"):
        yield found("doctype")
    title = " ".join((page.root.findtext(".//title") or "").split())
    if not title or (subject is not None and title != " ".join(subject.split())):
        yield found("title", title)
    yield from _size(page)
    yield from _css(page)
    yield from _headings(page)
    yield from _tables_and_images(page)
    yield from _links(page)
    yield from _content(page)


def _size(page: Page) -> Iterator[LintFinding]:
    size = len(base64.encodebytes(page.source.replace("\n", "\r\n").encode())) * 78 // 77
    if size > LARGEST_BASE64:
        yield found("clip", f"{size} bytes in base64")
    total = sum(map(len, page.styles))
    if total > LONGEST_STYLE:
        yield found("style-size", f"{total} characters")


def _css(page: Page) -> Iterator[LintFinding]:
    for node in page.elements():
        yield from _style_attribute(node)
    sheets = "\n".join(page.styles)
    if LOGICAL.search(sheets.lower()):
        yield found("css-logical", "in <style>")
    if UNARABIC.search(sheets.lower()):
        yield found("css-arabic", "in <style>")
    if NESTED.search(sheets):
        yield found("style-nested")
    if "prefers-color-scheme" not in sheets or not page.root.xpath("//meta[@name='color-scheme']"):
        yield found("dark-mode")
    for block in AT_MEDIA.findall(sheets):
        for name, value in DECLARATION.findall(re.sub(r"[^{}]*\{", "{", block)):
            if "!important" not in value and name != "color-scheme":
                yield found("media-important", f"{name}: {value.strip()[:40]}")


def _style_attribute(node: Any) -> Iterator[LintFinding]:
    style = (node.get("style") or "").lower()
    if LOGICAL.search(style):
        yield found("css-logical", style[:60], node.sourceline)
    if UNARABIC.search(style) or (node.tag in ITALIC and style_of(node).get("font-style") != "normal"):
        yield found("css-arabic", style[:60] or f"<{node.tag}>", node.sourceline)
    size = PIXELS.match(style_of(node).get("font-size", ""))
    if size and 0 < float(size[1]) < SMALLEST_TEXT and not is_hidden(node) and (node.text or "").strip():
        yield found("text-small", f"{size[1]} px", node.sourceline)


def _headings(page: Page) -> Iterator[LintFinding]:
    levels = [(int(node.tag[1]), node) for node in page.elements("h1", "h2", "h3", "h4", "h5", "h6")]
    if [level for level, _ in levels].count(1) != 1:
        yield found("heading-h1", f"{[level for level, _ in levels].count(1)} of them")
    before = 0
    for level, node in levels:
        if level > before + 1:
            yield found(
                "heading-order",
                f"h{before} to h{level}" if before else f"begins with h{level}",
                node.sourceline,
            )
        before = level


def _tables_and_images(page: Page) -> Iterator[LintFinding]:
    for table in page.elements("table"):
        if table.get("role") != "presentation" and table.find(".//th") is None:
            yield found("table-role", line=table.sourceline)
    for image in page.elements("img"):
        if image.get("alt") is None:
            yield found("image-alt", image.get("src", "")[:60], image.sourceline)
        if not (image.get("width") or "").isdigit():
            yield found("image-width", image.get("src", "")[:60], image.sourceline)
        source = image.get("src", "")
        if not source.startswith("https://") or re.search(
            r"\.(?:svg|webp|avif)(?:$|\?)", source, re.IGNORECASE
        ):
            yield found("image-source", source[:60], image.sourceline)


def _links(page: Page) -> Iterator[LintFinding]:
    for link in page.elements("a"):
        address = link.get("href")
        if address is None:
            continue
        if RUNNING.match(address):
            yield found("active-content", address[:60], link.sourceline)
        elif _scheme(address) not in {"http", "https", "mailto", "tel"} and not address.startswith("#"):
            yield found("link-scheme", address[:60], link.sourceline)
        said = "".join(link.itertext()).strip() or any(image.get("alt") for image in link.iter("img"))
        if not said:
            yield found("link-empty", address[:60], link.sourceline)


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:  # brackets that hold no address
        return ""


def _content(page: Page) -> Iterator[LintFinding]:
    for node in page.elements():
        if node.tag in ACTIVE or any(name.startswith("on") for name in node.attrib):
            yield found("active-content", f"<{node.tag}>", node.sourceline)
        if node.tag == "bdi":
            yield found("element-bdi", line=node.sourceline)
        for value in node.attrib.values():
            if TOKEN.search(value):
                yield found("token", value[:60], node.sourceline)
    for node, text in texts(page):
        if TOKEN.search(text) or text.strip() in UNFILLED:
            yield found("token", text.strip()[:60], node.sourceline)
        yield from _characters(node, text)


def _characters(node: Any, text: str) -> Iterator[LintFinding]:
    from digest.render.checks.text import has_stray_controls, invisible_share

    if has_stray_controls(text):
        yield found("bidi-control", ascii(text.strip()[:20]), node.sourceline)
    if invisible_share(text) > 0.2:
        yield found("invisible", line=node.sourceline)
