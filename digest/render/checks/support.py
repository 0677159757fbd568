"""Support by client, from caniemail's data: what a mail uses, and how many clients do not know it.

clients.json is condensed from caniemail.com's data (© Rémi Parmentier and contributors, MIT licence) by
`benchmarks/condense_caniemail.py`: of each feature, the newest answer of 16 clients (y, a for partly, n, u
for unknown).
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

from digest.render.checks.finding import LintFinding, found
from digest.render.checks.page import Page, style_of

MANY = 4
"""Clients without it, of the 16, from which on a feature is worth a finding."""
AT_RULE = re.compile(r"@([a-z-]+)([^{;]*)")
UNIT = re.compile(r"(?<=\d)(ch|cm|ex|in|mm|pc|rem|vh|vmax|vmin|vw)\b")


@lru_cache(maxsize=1)
def features() -> Mapping[str, Mapping[str, str]]:
    """Return each feature's answer by client."""
    raw = json.loads((files("digest.render.checks") / "clients.json").read_text(encoding="utf-8"))
    found_features: Mapping[str, Mapping[str, str]] = raw["features"]
    return found_features


@lru_cache(maxsize=1)
def baseline() -> frozenset[str]:
    """Return the features that our mails use although many clients do not know them: nothing breaks without
    them.
    """
    return frozenset((files("digest.render.checks") / "baseline.txt").read_text(encoding="utf-8").split())


def missing_in(feature: str) -> list[str]:
    """Return the clients that do not support a feature, by name."""
    return sorted(client for client, answer in features()[feature].items() if answer == "n")


def used(page: Page) -> set[str]:
    """Return the features that a page uses, by caniemail's names, as far as they can be told from names
    alone.
    """
    known = features()
    names: set[str] = set()
    for node in page.elements():
        names |= {f"html-{node.tag}"} | {f"html-{name}" for name in node.attrib}
        if re.fullmatch(r"h[1-6]", node.tag):
            names.add("html-h1-h6")
        for name, value in style_of(node).items():
            names |= _of_declaration(name, value)
    for sheet in page.styles:
        for name, rest in AT_RULE.findall(sheet):
            names |= {f"css-at-{name}"} | {
                f"css-at-{name}-{part}" for part in re.findall(r"\(([a-z-]+)", rest)
            }
        for name, value in re.findall(r"([a-z-]+)\s*:\s*([^;{}]+)", sheet):
            names |= _of_declaration(name, value)
        names |= {"css-important"} if "!important" in sheet else set()
    return names & known.keys()


def _of_declaration(name: str, value: str) -> set[str]:
    names = {f"css-{name}"}
    if name == "display":
        names.add(f"css-display-{value.strip()}")
    if logical := re.match(r"(margin|padding)-inline", name):
        names |= {f"css-{logical[1]}-inline-block", f"css-{logical[1]}-inline-start-end"}
    names |= {f"css-function-{function}" for function in re.findall(r"([a-z-]+)\(", value)}
    names |= {f"css-unit-{unit}" for unit in UNIT.findall(value)}
    return names | ({"css-variables"} if "var(--" in value else set())


def check(page: Page, allowed: Collection[str] | None = None) -> Iterator[LintFinding]:
    """Yield the features that at least four of the 16 clients lack and that are not in the baseline."""
    accepted = baseline() if allowed is None else frozenset(allowed)
    for feature in sorted(used(page) - accepted):
        without = missing_in(feature)
        if len(without) >= MANY:
            yield found("support", f"{feature}: not in {', '.join(without[:4])} and {len(without) - 4} more")
