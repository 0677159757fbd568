"""Read one source and complete its articles."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from digest.collect import images
from digest.collect.clean.article import content_hash
from digest.collect.fetch.http import Http
from digest.collect.parse.feeds.article import url_key
from digest.collect.parse.feeds.items import FeedItem, left_out
from digest.collect.readers.protocol import VisitResult
from digest.collect.readers.registry import reader_for
from digest.collect.readers.web import article_of
from digest.collect.schedule import rhythm
from digest.errors import SourceError, SourceReason
from digest.model import Article, Rights, Source, SourceKind
from digest.settings import CollectSettings

EXCERPT = 600
"""A feed's text shorter than this (characters) is an excerpt: the article's own page is read when full text
is wanted.
"""
MOST_PAGES = 40
"""Pages visited for one source in one visit."""
PAGES_AT_ONCE = 8
"""Pages of one source that are held at once."""
MOST_COSTLY = 3
"""Pages of one source that may break a limit in one visit; then no more of them are read."""
MOST_NEW = 500
"""Articles made of one source in one visit, the newest: a first visit to a long archive is no news."""

Known = Callable[[Sequence[str]], Awaitable[set[str]]]
"""Says which of these keys of items are known already."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a visit brought: articles that are not known yet, in the order in which they stand at the source.

    `seen` counts what was known as well. A problem is a line about one item that was put aside or could not
    be completed.
    """

    articles: tuple[Article, ...]
    brought: VisitResult
    seen: int
    items_a_day: float | None = None
    problems: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    undated: int = 0
    """Of those seen, how many tell no date."""
    read_seconds: float = 0.0
    """How long the source took to answer, without the pages of its articles."""


async def nothing_known(keys: Sequence[str]) -> set[str]:
    """Know nothing: every item is new."""
    del keys
    return set()


async def collect(
    source: Source,
    http: Http,
    now: datetime,
    *,
    settings: CollectSettings | None = None,
    known: Known = nothing_known,
    full_text: bool = True,
) -> Collected:
    """Read a source and return the articles that are new.

    Raises:
        SourceError: the source as a whole cannot be read. One bad item is a line in `problems`.
    """
    limits = settings or CollectSettings()
    began = time.monotonic()
    brought = await reader_for(source)(source, http, limits, now)
    read_seconds = time.monotonic() - began
    undated = sum(one.published_at is None for one in brought.items)
    undated += sum(one.published_at is None for one in brought.articles)
    items = {url_key(item): item for item in reversed(brought.items)}
    old = await known(list(items)) if items else set()
    fresh = [item for key, item in reversed(items.items()) if key not in old]
    newest = _newest(fresh)
    made, aside = await _made(newest, source, brought.title, http, now)
    if older := len(fresh) - len(newest):
        aside.append(f"{older} older items were left out: at most {MOST_NEW} are taken in one visit.")
    articles = [*made, *brought.articles]
    for article in articles:
        article.raw_hash = article.raw_hash or brought.raw_hash
        article.rights_line = article.rights_line or source.rights_line
        if source.rights is Rights.HEADLINE:
            article.image_url = article.image_alt = None
    aside = [*brought.set_aside, *aside]
    problems = [*brought.problems, *aside]
    if full_text and _has_pages(source) and source.rights is not Rights.HEADLINE:
        problems += await _complete(articles, source, http, now)
    untitled = [_untitled(article) for article in articles if not article.title]
    aside, problems = [*aside, *left_out(untitled)], [*problems, *left_out(untitled)]
    articles = [article for article in articles if article.title]
    await images.check(articles, http, limits, by=source.location)
    return Collected(
        articles=tuple(articles),
        brought=brought,
        seen=len(brought.items) + len(brought.articles),
        items_a_day=rhythm((item.published_at for item in brought.items), now),
        problems=tuple(problems),
        set_aside=tuple(aside),
        undated=undated,
        read_seconds=read_seconds,
    )


def _untitled(article: Article) -> str:
    name = article.url or article.guid or article.url_key
    return f"{name[:300]}: left out, neither it nor its page tells a title."


def _names(source: Source) -> tuple[str, ...]:
    host = urlsplit(source.location).hostname or ""
    return source.name, source.location, host, host.removeprefix("www.")


def _newest(items: Sequence[FeedItem]) -> list[FeedItem]:
    if len(items) <= MOST_NEW:
        return list(items)
    # Without dates the order of the feed decides: the newest stand first nearly everywhere.
    dated = sorted(
        items,
        key=lambda item: (
            item.published_at is None,
            -(item.published_at or _EPOCH).timestamp(),
            item.position,
        ),
    )
    chosen = {id(item) for item in dated[:MOST_NEW]}
    return [item for item in items if id(item) in chosen]


_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


async def _made(
    items: Sequence[FeedItem], source: Source, title: str, http: Http, now: datetime
) -> tuple[list[Article], list[str]]:
    """Make articles of items; one that cannot be made is a line, and the others go on."""
    made, aside = [], []
    answers = await http.sandbox.articles(items, source, now, title=title, names=_names(source))
    for item, answer in zip(items, answers, strict=True):
        if isinstance(answer, SourceError):
            aside.append(f"{item.title[:60] or item.url}: put aside. {answer.message}")
        else:
            made.append(answer)
    return made, aside


def _has_pages(source: Source) -> bool:
    """Whether the web holds more of its articles. What lies in a folder or a mailbox is complete; reading it
    needs no network.
    """
    return (
        source.kind in {SourceKind.FEED, SourceKind.SITEMAP, SourceKind.LISTING} and "://" in source.location
    )


async def _complete(articles: list[Article], source: Source, http: Http, now: datetime) -> list[str]:
    """Read the pages of excerpts; what cannot be read keeps its excerpt and gives a line."""
    short = [one for one in articles if one.url and sum(map(len, one.paragraphs)) < EXCERPT][:MOST_PAGES]
    # Behind an address with a fragment lies a page of several articles, which would tell the same of each.
    short = [one for one in short if source.kind is not SourceKind.PAGE and "#" not in (one.url or "")]

    gate = asyncio.Semaphore(PAGES_AT_ONCE)
    costly: list[SourceError] = []

    async def one(article: Article) -> str | None:
        try:
            async with gate:
                if len(costly) >= MOST_COSTLY:
                    raise costly[-1]
                whole = await article_of(http, article.url or "", source, now)
        except SourceError as error:
            if error.reason is SourceReason.TOO_COSTLY:
                costly.append(error)
            return f"{article.title[:60] or article.url}: {error}"
        _fill(article, whole)
        return None

    return [line for line in await asyncio.gather(*map(one, short)) if line]


def _fill(article: Article, whole: Article) -> None:
    """Put into an article what its page tells better or the feed did not tell."""
    article.title = article.title or whole.title
    if sum(map(len, whole.paragraphs)) > sum(map(len, article.paragraphs)):
        article.paragraphs, article.headings = whole.paragraphs, whole.headings
        article.agency = article.agency or whole.agency
        article.language = whole.language
        article.raw_hash = whole.raw_hash
        article.content_hash = content_hash(article.title, article.paragraphs)
    article.published_at = article.published_at or whole.published_at
    article.section = article.section or whole.section
    article.image_url = article.image_url or whole.image_url
    article.image_alt = article.image_alt or whole.image_alt
    article.byline = article.byline or whole.byline
    article.rights_line = article.rights_line or whole.rights_line
