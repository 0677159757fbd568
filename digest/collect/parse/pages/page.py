"""From a page to an article."""

from datetime import datetime
from typing import Any

import lxml.html

from digest.collect.clean import sections
from digest.collect.clean.article import build_article, split_section
from digest.collect.clean.rules import Rulebook, shipped
from digest.collect.clean.url import canonical
from digest.collect.parse.feeds.repair import ILLEGAL
from digest.collect.parse.pages import body as page_body
from digest.collect.parse.pages.dates import published
from digest.collect.parse.pages.head import (
    Head,
    byline_of,
    head_of,
    outlet_of,
    picture_of,
    rights_of,
    section_name,
    title_of,
)
from digest.errors import SourceError, SourceReason
from digest.model import Article
from digest.text.sanitise import plain

LONGEST_PAGE = 3_000_000
LEAST_OF_NEWS = 60
"""Words from which a text under the title of a missing page is news about one."""
HIDDEN = 2
"""How many times longer than what the page shows its linked data's text must be to be taken for the article.
"""
MOST_ELEMENTS = 20_000
"""Articles' pages have some thousands; the time that the readers take grows with them."""


def extract(
    html: str, *, url: str | None, now: datetime, zone: str = "Asia/Riyadh", book: Rulebook | None = None
) -> Article:
    """Make an article of a page.

    A date without a zone is taken in `zone`; None when nothing says when it was published.

    Raises:
        SourceError: nothing readable is on it.
    """
    rules = book or shipped()
    html = ILLEGAL.sub("", html[:LONGEST_PAGE])
    tree = _tree(html, url)
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        raise SourceError(f"The page has more than {MOST_ELEMENTS} elements.", location=url or "")
    head = head_of(tree, url)
    title = title_of(head, rules)
    found = page_body.read(html, tree, url, rules) if title else None
    if found is None or not found.lines:
        raise SourceError(
            "No article can be read on the page.", location=url or "", remedy="Is it an article's own page?"
        )
    glued, title = split_section(title)
    article = build_article(
        title,
        _whole(head, found.lines),
        now=now,
        section=glued,
        source=rules.credited(found.around) or "",
        book=rules,
    )
    article.byline = article.byline or rules.author(found.around)
    if rules.is_missing(title) and _words(article.paragraphs) < LEAST_OF_NEWS:
        raise SourceError("The page says that it is gone.", location=url or "", reason=SourceReason.NOT_FOUND)
    if not article.title:
        raise SourceError("The page has no title, and no text that gives one.", location=url or "")
    if not article.paragraphs:
        raise SourceError("There is a title on the page, but no text.", location=url or "")
    return _completed(article, head, url, zone, now)


def _whole(head: Head, lines: list[str]) -> list[str]:
    """The text of the linked data, where a page that scripts complete shows only a part of it; else the lines
    that were found.
    """
    linked_lines = plain(body) if isinstance(body := head.linked.get("articleBody"), str) else []
    in_one = len(lines) == 1 < len(linked_lines) and _words(linked_lines) >= _words(lines)
    return linked_lines if in_one or _words(linked_lines) > HIDDEN * _words(lines) else lines


def _words(lines: list[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _completed(article: Article, head: Head, url: str | None, zone: str, now: datetime) -> Article:
    when = published(head, article.title, url, zone=zone, now=now)
    article.url = canonical(_own_address(head, url))
    article.url_key = article.url or article.content_hash
    article.source_name = article.source_name or outlet_of(head)
    article.published_at = min(when, now) if when else None
    article.section = (
        article.section or sections.named(section_name(head)) or (sections.from_url(url) if url else None)
    )
    article.byline = byline_of(head) or article.byline
    article.rights_line = article.rights_line or rights_of(head)
    article.image_url, article.image_alt = picture_of(head)
    return article


def _own_address(head: Head, url: str | None) -> str | None:
    """The address that a page gives as its own, unless that is only the site's front page, as careless
    templates have it.
    """
    named = head.canonical
    if named is None or (url and named.rstrip("/").count("/") <= 2):
        return url
    return named


def _tree(html: str, url: str | None) -> Any:
    try:
        return lxml.html.document_fromstring(
            html.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8")
        )
    except (ValueError, lxml.etree.LxmlError) as error:
        raise SourceError("The page holds no HTML.", location=url or "") from error
