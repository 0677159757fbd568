"""The plain text part, and characters that must stand in neither part."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from digest.render.checks.finding import LintFinding, found
from digest.render.checks.page import Page, is_hidden
from digest.text.direction.bidi import first_strong

EMBEDDINGS = re.compile("[\u202a-\u202e]")
OPENING, CLOSING = re.compile("[\u2066-\u2068]"), "\u2069"
INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200d\u2007\u2060\ufeff]")
MARKS = re.compile("[\u061c\u200e\u200f]")
ADDRESS = re.compile(r"https?://\S+")


def has_stray_controls(text: str) -> bool:
    """Say whether a text holds embeddings or overrides, or isolates that do not pair."""
    if EMBEDDINGS.search(text):
        return True
    depth = 0
    for letter in text:
        if OPENING.match(letter):
            depth += 1
        elif letter == CLOSING:
            depth -= 1
            if depth < 0:
                return True
    return depth != 0


def invisible_share(text: str) -> float:
    """Return the share of invisible characters in a text, 0 to 1."""
    return len(INVISIBLE.findall(text)) / len(text) if text else 0.0


def check(text: str | None, page: Page) -> Iterator[LintFinding]:
    """Yield what is wrong with the plain text part of a mail, given its HTML part."""
    if not text or not text.strip():
        yield found("text-missing")
        return
    for number, line in enumerate(text.splitlines(), 1):
        if page.direction == "rtl" and not _begins_right(line):
            yield found("text-direction", line.strip()[:40], number)
        if has_stray_controls(line):
            yield found("bidi-control", ascii(line.strip()[:20]), number)
    yield from _same_stories(text, page)


def _begins_right(line: str) -> bool:
    if ADDRESS.fullmatch(MARKS.sub("", line).strip()):
        return True
    return first_strong(line) in {"R", "AL", ""}


def _same_stories(text: str, page: Page) -> Iterator[LintFinding]:
    said = _letters(text)
    for node in page.elements("h2", "h3"):
        heading = _letters("".join(node.itertext()))
        if heading and not is_hidden(node) and heading not in said:
            yield found("text-stories", " ".join("".join(node.itertext()).split())[:60], node.sourceline)
    addresses = {unquote(address.rstrip(").,")) for address in ADDRESS.findall(text)}
    for node in page.elements("h2", "h3"):
        for link in node.iter("a"):
            if link.get("href", "").startswith("http") and unquote(link.get("href")) not in addresses:
                yield found("text-links", link.get("href")[:80], link.sourceline)


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
