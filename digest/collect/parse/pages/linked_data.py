"""The linked data of a page's article (schema.org as JSON-LD)."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from digest.collect.clean.article import squeezed
from digest.collect.parse import loose_json

LONGEST_SCRIPT = 300_000
MOST_SCRIPTS = 10
MOST_VALUES = 500
DEPTH = 4
WITHIN = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart")
TYPE = re.compile(r'"@type"\s{0,5}:\s{0,5}(?:\[\s{0,20})?"([A-Za-z]{0,30}(?:Article|Posting))"')
PUBLISHED = re.compile(r'"datePublished"\s{0,5}:\s{0,5}"([^"<>]{8,40})"')
AUTHOR = re.compile(
    r'"author"\s{0,5}:\s{0,5}(?:\[\s{0,20})?(?:\{[^{}]{0,300}?"name"\s{0,5}:\s{0,5})?"([^"{}<>]{2,80})"\s{0,20}[,}\]]'
)
REFERENCES = ("author", "publisher", "image", "creator", "articleSection")


def article_in(tree: Any, url: str | None) -> dict[str, Any]:
    """Return the linked data of the page's article; empty without any. What cannot be read is passed over.

    Of several articles it is the one that names the page's address or has its title, else the first. Objects
    that only refer to another («{"@id": …}») are replaced by what they refer to.
    """
    values = [value for data in _data(tree) for value in _flat(data, DEPTH)][:MOST_VALUES]
    articles = [value for value in values if is_article(value)]
    if not articles:
        return {}
    title = squeezed(tree.findtext(".//title") or "")
    chosen = next((one for one in articles if _is_of_page(one, url, title)), articles[0])
    known = {one["@id"]: one for one in values if isinstance(one.get("@id"), str) and len(one) > 1}
    return chosen | {key: _resolved(chosen[key], known) for key in REFERENCES if key in chosen}


def is_article(value: dict[str, Any]) -> bool:
    """Say whether an object is an article: NewsArticle, BlogPosting, LiveBlogPosting, Report and their
    kind.
    """
    kinds = value.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(
        isinstance(name, str)
        and ((name.endswith(("Article", "Posting")) and "Job" not in name) or name == "Report")
        for name in (_bare(name) for name in names)
    )


def _bare(name: object) -> object:
    return name.strip().rpartition("/")[2].rpartition(":")[2] if isinstance(name, str) else name


def _data(tree: Any) -> Iterator[Any]:
    read = 0
    for node in tree.iter("script"):
        kind = (node.get("type") or "").partition(";")[0].strip().lower()
        text = node.text or ""
        if kind != "application/ld+json" or len(text) > LONGEST_SCRIPT or read >= MOST_SCRIPTS:
            continue
        read += 1
        try:
            yield loose_json.loads(text)
        except (ValueError, RecursionError):
            yield _rough(text)


def _rough(text: str) -> dict[str, Any]:
    """What can be told of an article whose data are no JSON, as with quotation marks inside of a headline."""
    found: dict[str, Any] = {"@type": kind[1]} if (kind := TYPE.search(text)) else {}
    for key, pattern in (("datePublished", PUBLISHED), ("author", AUTHOR)):
        if stated := pattern.search(text):
            found[key] = stated[1]
    return found


def _flat(data: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth < 0:
        return
    if isinstance(data, list):
        for one in data[:50]:
            yield from _flat(one, depth - 1)
    elif isinstance(data, dict):
        yield data
        for key in WITHIN:
            yield from _flat(data.get(key), depth - 1)


def _is_of_page(value: dict[str, Any], url: str | None, title: str) -> bool:
    headline = value.get("headline")
    stated = squeezed(headline) if isinstance(headline, str) else ""
    return bool((url and url in _addresses(value)) or (len(stated) >= 8 and stated in title))


def _addresses(value: dict[str, Any]) -> Iterable[str]:
    page = value.get("mainEntityOfPage")
    named = [value.get("url"), value.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return [one.partition("#")[0] for one in named if isinstance(one, str)]


def _resolved(value: Any, known: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, known) for one in value[:50]]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
        return known.get(value["@id"], value)
    return value
