"""When a page was published: unknown rather than wrong."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from digest.collect.clean.article import squeezed
from digest.collect.parse.pages.head import Head
from digest.text.dates.dates import read_date
from digest.text.words.normalise import clean, fold

META = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "date_published",
    "datecreated",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "date",
)
LABEL = re.compile(r"(?:نشر|تاريخ|published|posted|publie)")
CHANGED = re.compile(r"(?:تحديث|تعديل|updated|modified)")
IN_ADDRESS = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/-]|$)")
BEFORE, AFTER = 4, 12
"""How many pieces of text around the title are looked at for a date."""
LONGEST_LINE = 20
LONGEST_REMARK = 7
SENTENCE_ENDS = (".", "!", "؟", "?", "…")
"""So many words, or a whole sentence of more than a remark's, are the article's own text."""
SKIPPED = frozenset({"script", "style", "noscript", "template", "option"})


def published(head: Head, title: str, url: str | None, *, zone: str, now: datetime) -> datetime | None:
    """Return when a page's article was published, in the zone in which it is written, or None when nothing
    says it for sure.

    Asked in turn: linked data, meta elements, time elements, the text around the title, the address,
    htmldate. Only what cannot be mistaken counts: two different days around the title are none.
    """
    for value in _stated(head):
        if found := read_date(value, zone=zone, now=now):
            return found
    if found := _beside_title(head.tree, title, zone, now):
        return found
    if (address := IN_ADDRESS.search(url or "")) and (
        found := read_date("-".join(address.groups()), zone=zone, now=now)
    ):
        return found
    return _guessed(head, zone, now)


def _stated(head: Head) -> Iterator[str]:
    for key in ("datePublished", "dateCreated", "uploadDate", "coverageStartTime"):
        value = head.linked.get(key)
        value = value[0] if isinstance(value, list) and value else value
        value = value.get("@value") if isinstance(value, dict) else value
        if isinstance(value, str):
            yield value
    for key in META:
        if value := head.meta.get(key):
            yield value
    marked = [
        node.get("datetime") or node.get("content") or ""
        for node in head.tree.xpath('//*[@itemprop="datePublished"]')
    ]
    times = [node for node in head.tree.iter("time") if node.get("datetime")]
    article = [node for node in times if any(one.tag == "article" for one in node.iterancestors())]
    yield from marked
    yield from (node.get("datetime") for node in (article or times)[:1])


def _texts(tree: Any) -> list[str]:
    """The pieces of text of a page in their order, one an element."""
    found = []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag not in SKIPPED and (text := clean(node.text or "")):
            found.append(text)
        parent = node.getparent()
        if parent is not None and parent.tag not in SKIPPED and (text := clean(node.tail or "")):
            found.append(text)
    return found


def _beside_title(tree: Any, title: str, zone: str, now: datetime) -> datetime | None:
    body = tree.find("body")
    texts = _texts(body if body is not None else tree)
    same = squeezed(title)
    places = [place for place, text in enumerate(texts) if same and same in squeezed(text)]
    for place in places:
        after = list(_dated(texts[place : place + AFTER], zone, now))
        before = list(_dated(texts[max(0, place - BEFORE) : place], zone, now))
        # The nearer ones first; those that say "updated" only when there is no other.
        for group in (after, before):
            labelled = [when for text, when in group if LABEL.search(fold(text))]
            plain = [when for text, when in group if not CHANGED.search(fold(text))]
            for chosen in (labelled, plain, [when for _, when in group]):
                if len({when.date() for when in chosen}) == 1:
                    return chosen[0]
    return None


def _dated(texts: list[str], zone: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    for place, text in enumerate(texts):
        words = len(text.split())
        if words > LONGEST_LINE or (words > LONGEST_REMARK and text.endswith(SENTENCE_ENDS)):
            if place:
                return  # the article's own text begins, where other days are told of
            continue
        if any(letter.isdigit() for letter in text) and (when := read_date(text, zone=zone, now=now)):
            yield text, when


def _guessed(head: Head, zone: str, now: datetime) -> datetime | None:
    """What htmldate reads from the head alone; its search of the text takes any date for the article's."""
    from htmldate import find_date  # large; see page_body

    try:
        found = find_date(
            head.tree, original_date=True, extensive_search=False, max_date=now.replace(tzinfo=None)
        )
    except (ValueError, TypeError, AttributeError):
        return None
    return read_date(found, zone=zone, now=now) if found and _is_in_head(head, found) else None


def _is_in_head(head: Head, day: str) -> bool:
    return any(day in value for value in head.meta.values())
