"""From a feed's item to an article."""

import re
from datetime import datetime
from hashlib import sha256

from digest.collect.clean import sections
from digest.collect.clean.article import build_article, split_section
from digest.collect.clean.rules import Rulebook
from digest.collect.clean.url import canonical
from digest.collect.parse.feeds.items import FeedItem, identifier
from digest.model import Article, Source
from digest.text.sanitise import plain
from digest.text.words.normalise import fold

# A dash parts two names only between spaces: «نون-بوست» is one.
_BETWEEN = re.compile(r"\s*[|»›>/:،]\s*|\s+[-–—]\s+")
_LONGEST_SECTION = 3


def outlet_and_section(title: str) -> tuple[str, str | None]:
    """Split a channel's title into the outlet and the section that its end names, if it does.

    What stands behind the last separator is asked first («صحيفة المرفأ | السياسة»); without a separator the
    last words are («صحيفة المرفأ السياسة», "marfa internationalNews"). A title that names no section is the
    outlet's whole name.
    """
    title = " ".join(title.split())  # a run of blanks would be gone through from each of them
    if separators := list(_BETWEEN.finditer(title)):
        outlet, end = title[: separators[-1].start()].strip(), title[separators[-1].end() :]
        key = sections.named(end) if len(end.split()) <= _LONGEST_SECTION else None
        return (outlet, key) if outlet and key else (title, None)
    words = title.split()
    for count in range(min(_LONGEST_SECTION, len(words) - 1), 0, -1):
        if key := _named_as_a_whole(words[-count:]):
            return " ".join(words[:-count]), key
    return title, None


def _named_as_a_whole(words: list[str]) -> str | None:
    """Return the key that words mean together, None when the first of them is no part of the section's
    name.
    """
    key = sections.named(" ".join(words))
    if key and len(words) > 1 and sections.named(" ".join(words[1:])):
        return key if sections.named(words[0]) == key or sections.says_nothing(words[0]) else None
    return key


def url_key(item: FeedItem) -> str:
    """Return what identifies an item within its source: its canonical address, else its GUID, else title and
    day or text.

    Of items that share a page it is the address with what tells them apart.
    """
    if key := item.key or canonical(item.url) or identifier(item.guid):
        return key
    title = identifier(fold(item.title))
    if item.published_at:
        return f"{title}:{item.published_at.date().isoformat()}"
    return f"{title}:{sha256(item.summary_html.encode()).hexdigest()[:16]}"


def to_article(
    item: FeedItem, source: Source, now: datetime, *, feed_title: str = "", book: Rulebook | None = None
) -> Article:
    """Make an article of a feed's item."""
    outlet, channel_section = outlet_and_section(feed_title)
    glued, title = split_section(item.title)
    section = (
        source.section
        or next((key for key in map(sections.named, item.categories) if key), None)
        or glued
        or channel_section
        or (sections.from_url(item.url) if item.url else None)
    )
    lines = plain(item.content_html)
    summary = plain(item.summary_html)
    if sum(map(len, summary)) > sum(map(len, lines)):
        lines = summary
    article = build_article(title, lines, now=now, section=section, source=source.name or outlet, book=book)
    article.source_id = source.id
    article.url = item.key or canonical(item.url)
    article.guid = identifier(item.guid)
    article.url_key = url_key(item)
    article.published_at = item.published_at
    article.byline = item.author or article.byline
    article.image_url = item.image_url
    article.image_alt = item.image_alt
    article.rights_line = item.rights or article.rights_line
    article.position = item.position
    article.breaking = article.breaking or item.breaking
    return article
