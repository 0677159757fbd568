"""Colours as they stand in a mail, and whether its texts can be read (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Iterator
from typing import Any

from digest.render.checks.finding import LintFinding, found
from digest.render.checks.page import Page, lineage, style_of, texts
from digest.render.templating.theme import LEAST_CONTRAST, contrast

NAMES = {"white": "#ffffff", "black": "#000000", "red": "#ff0000", "gray": "#808080", "grey": "#808080"}
HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b")
RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)")
WHITE = "#ffffff"
BLACK = "#000000"


def colour_in(text: str) -> str | None:
    """Read the first colour of a CSS value (#rgb, #rrggbb, rgb(…) or one of a few names) as #rrggbb; None
    without one.
    """
    text = text.lower()
    for name, value in NAMES.items():
        text = re.sub(rf"\b{name}\b", value, text)
    if match := HEX.search(text):
        digits = match[0][1:]
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if match := RGB.search(text):
        return "#" + "".join(f"{min(255, int(part)):02x}" for part in match.groups())
    return None


def ground_of(node: Any) -> str:
    """Return the colour behind an element: the nearest background around it, else white."""
    for one in lineage(node):
        style = style_of(one)
        for said in (style.get("background-color"), style.get("background"), one.get("bgcolor")):
            if said and (colour := colour_in(said)):
                return colour
    return WHITE


def ink_of(node: Any) -> str:
    """Return the colour of an element's text: the nearest around it, else black."""
    for one in lineage(node):
        said = style_of(one).get("color") or one.get("color")
        if said and (colour := colour_in(said)):
            return colour
    return BLACK


def check(page: Page) -> Iterator[LintFinding]:
    """Yield the texts that are hard to tell from their ground, each pair of colours once."""
    seen: set[tuple[str, str]] = set()
    for node, text in texts(page):
        pair = ink_of(node), ground_of(node)
        if pair in seen or not any(letter.isalnum() for letter in text):
            continue
        seen.add(pair)
        if (ratio := contrast(*pair)) < LEAST_CONTRAST:
            yield found(
                "contrast", f"{ratio:.1f}: {pair[0]} on {pair[1]}, «{text.strip()[:30]}»", node.sourceline
            )
