"""Readers of web sources: feeds, pages, lists of links, Telegram channels."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from digest.collect.fetch.http import Http, Response
from digest.collect.parse.feeds.items import Feed
from digest.collect.readers.protocol import VisitResult
from digest.collect.sandbox.pool import own_rules
from digest.errors import SourceError
from digest.model import Article, Source, SourceKind
from digest.model.news.fetch_state import FetchState
from digest.settings import CollectSettings

Read = Callable[[Response, str], Awaitable[VisitResult]]


async def _visited(source: Source, http: Http, read: Read, *, robots: bool = False) -> VisitResult:
    """Fetch a source's address conditionally, and read it when it has changed.

    A 200 with the body of last time counts as unchanged: many servers know no 304.
    """
    answer = await http.get(
        source.location, etag=source.etag, last_modified=source.last_modified, robots=robots
    )
    floor = answer.max_age or 0.0
    hashed = sha256(answer.body).hexdigest()
    if answer.not_modified or hashed == source.body_hash:
        # RFC 9111 §3.2: a 304 may bring newer validators.
        newer = replace(
            FetchState.of(source),
            etag=answer.etag or source.etag,
            last_modified=answer.last_modified or source.last_modified,
        )
        return VisitResult(unchanged=True, floor=floor, state=newer, moved_to=answer.moved_to)
    brought = await read(answer, hashed)
    state = replace(
        brought.state or FetchState.of(source),
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=hashed,
    )
    return VisitResult(
        items=brought.items,
        articles=brought.articles,
        title=brought.title,
        floor=max(floor, brought.floor),
        state=state,
        moved_to=answer.moved_to,
        raw_hash=hashed,
        problems=brought.problems,
        set_aside=brought.set_aside,
    )


async def read_feed(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Visit a feed or a sitemap; of an index, the sitemaps that it names."""
    del settings

    async def read(answer: Response, hashed: str) -> VisitResult:
        del hashed
        found = await http.sandbox.feed(answer.body, url=answer.url, zone=source.timezone, now=now)
        if found.announced and not found.items:
            raise SourceError(
                f"{source.location} is a web page now; it announces the feed {found.announced[0]}.",
                location=source.location,
                remedy="Remove the source and add that address.",
            )
        items, problems, aside = found.items, [], [*found.set_aside]
        for part in found.parts:
            try:
                inner = await http.get(part, named_by=source.location)
                more = await http.sandbox.feed(inner.body, url=inner.url, zone=source.timezone, now=now)
                items += more.items
                aside += more.set_aside
            except SourceError as error:
                problems.append(f"{part}: {error}")
        if found.parts and not items:
            raise SourceError("None of the sitemaps in the index can be read.", location=source.location)
        return VisitResult(
            items=items,
            title=found.title,
            floor=float(found.min_seconds or 0),
            state=_announced_by(found, source),
            problems=tuple(problems),
            set_aside=tuple(aside),
        )

    return await _visited(source, http, read)


def _announced_by(found: Feed, source: Source) -> FetchState:
    return replace(
        FetchState.of(source),
        hub=found.hub,
        topic=found.topic if found.hub else None,
        rights_line=found.rights[:300] if found.rights else None,
    )


async def page_article(http: Http, answer: Response, source: Source, now: datetime) -> Article:
    """Read an article's page that was fetched.

    Raises:
        SourceError: there is no article on it.
    """
    names = (source.name, source.location)
    article = await http.sandbox.page(
        answer.body,
        url=answer.url,
        zone=source.timezone,
        now=now,
        charset=answer.charset,
        names=names,
        own=own_rules(source),
    )
    article.source_id = source.id
    article.source_name = source.name or article.source_name
    article.section = source.section or article.section
    article.raw_hash = sha256(answer.body).hexdigest()
    return article


async def read_page(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Visit a single article's page."""
    del settings

    async def read(answer: Response, hashed: str) -> VisitResult:
        del hashed
        return VisitResult(articles=(await page_article(http, answer, source, now),))

    return await _visited(source, http, read, robots=True)


async def read_listing(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Visit a page of links to articles, found by the source's CSS selector."""
    del settings
    if not source.selector:
        raise SourceError(
            "A list of links needs a CSS selector.",
            location=source.location,
            remedy="Add it again with --selector, such as 'h3 a'.",
        )
    selector = source.selector

    async def read(answer: Response, hashed: str) -> VisitResult:
        del hashed
        items = await http.sandbox.links(
            answer.body, selector=selector, url=answer.url, charset=answer.charset
        )
        return VisitResult(items=items)

    return await _visited(source, http, read, robots=True)


async def read_telegram(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Visit the web preview of a public Telegram channel."""
    del settings

    async def read(answer: Response, hashed: str) -> VisitResult:
        del hashed
        title, items = await http.sandbox.posts(answer.body, url=answer.url, now=now)
        return VisitResult(items=items, title=title)

    return await _visited(source, http, read)


async def article_of(http: Http, url: str, source: Source, now: datetime) -> Article:
    """Fetch and read the page of one article, if robots may.

    Raises:
        SourceError: it cannot be fetched, or there is no article on it.
    """
    answer = await http.get(url, robots=True, named_by=source.location)
    return await page_article(http, answer, source, now)


async def feed_at(http: Http, url: str, now: datetime, *, named_by: str) -> tuple[Feed, Response]:
    """Fetch an address that a page names and read it as a feed or as a page that announces one.

    Raises:
        SourceError: it cannot be fetched, or is neither.
    """
    answer = await http.get(url, named_by=named_by)
    return await http.sandbox.feed(answer.body, url=answer.url, zone="UTC", now=now), answer


WEB_READERS = {
    SourceKind.FEED: read_feed,
    SourceKind.SITEMAP: read_feed,
    SourceKind.PAGE: read_page,
    SourceKind.LISTING: read_listing,
    SourceKind.TELEGRAM: read_telegram,
}
