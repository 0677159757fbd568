"""Reading one source, whatever its kind."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from digest.collect import feed, folder, page, poll
from digest.collect.decode import decode
from digest.collect.feed import Feed
from digest.collect.fetch import Http, Response
from digest.collect.poll import SourceState
from digest.errors import SourceError
from digest.model import Article, Source, SourceKind
from digest.settings import CollectSettings

EXCERPT = 600
"""A feed's text shorter than this (characters) is an excerpt: the article's own page is read when full text is wanted."""
MOST_PAGES = 40
"""Pages visited for one feed in one visit."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a visit brought: articles not yet stored, and the source's state for the next visit."""

    articles: tuple[Article, ...]
    state: SourceState
    unchanged: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address: a feed, or a page."""

    kind: SourceKind
    location: str
    title: str


async def collect(
    source: Source,
    http: Http,
    now: datetime,
    *,
    settings: CollectSettings | None = None,
    jitter: float = 0.5,
    full_text: bool = True,
) -> Collected:
    """Read a source and return its articles, in the order in which they stand there.

    Raises:
        SourceError: the source as a whole cannot be read. One bad item is a line in `problems`.
    """
    limits = settings or CollectSettings()
    if not source.location.startswith(("http://", "https://")):
        found = await asyncio.to_thread(folder.read, Path(source.location), source, now)
        state = poll.after_success(source, now, limits, jitter, new=len(found.articles))
        return Collected(found.articles, state, problems=found.problems)
    answer = await http.get(source.location, etag=source.etag, last_modified=source.last_modified)
    body_hash = sha256(answer.body).hexdigest()
    if answer.not_modified or body_hash == source.body_hash:
        kept = {
            "last_modified": answer.last_modified or source.last_modified,
            "etag": answer.etag or source.etag,
        }
        state = poll.after_success(source, now, limits, jitter, new=0, floor=answer.max_age, validators=kept)
        return Collected((), state, unchanged=True)
    if source.kind is SourceKind.PAGE:
        articles: tuple[Article, ...] = (await asyncio.to_thread(_page, answer, source, now),)
        problems: list[str] = []
        floor = answer.max_age
    else:
        parsed = await asyncio.to_thread(_feed, answer, source, now)
        articles = tuple(feed.to_article(item, source, now, feed_title=parsed.title) for item in parsed.items)
        floor = max(answer.max_age or 0, parsed.ttl_seconds or 0)
        problems = await _complete(articles, source, http, now) if full_text else []
    # Only now, after a good parse, are the validators worth keeping: a broken answer must be asked for again.
    state = poll.after_success(
        source,
        now,
        limits,
        jitter,
        new=len(articles),
        floor=floor,
        validators={"etag": answer.etag, "last_modified": answer.last_modified, "body_hash": body_hash},
    )
    state = replace(state, fields={**state.fields, **poll.moved(source, answer.moved_to, now)})
    return Collected(articles, state, problems=tuple(problems))


def _feed(answer: Response, source: Source, now: datetime) -> Feed:
    found = feed.parse(
        answer.body, url=answer.url, content_type=answer.content_type, zone=source.timezone, now=now
    )
    if found.announced and not found.items:
        raise SourceError(
            f"{source.location} is a web page now; it announces the feed {found.announced[0]}.",
            location=source.location,
            remedy="Remove the source and add that address.",
        )
    return found


def _page(answer: Response, source: Source, now: datetime) -> Article:
    article = page.extract(decode(answer.body, answer.charset), url=answer.url, now=now, zone=source.timezone)
    article.source_id = source.id
    article.source_name = source.name or article.source_name
    article.section = source.section or article.section
    return article


async def _complete(articles: tuple[Article, ...], source: Source, http: Http, now: datetime) -> list[str]:
    """Read the pages of excerpts; what cannot be read keeps its excerpt and gives a line."""
    short = [one for one in articles if one.url and sum(map(len, one.paragraphs)) < EXCERPT][:MOST_PAGES]

    async def one(article: Article) -> str | None:
        try:
            answer = await http.get(article.url or "", robots=True)
            whole = await asyncio.to_thread(_page, answer, source, now)
        except SourceError as error:
            return f"{article.title[:60]}: {error}"
        if sum(map(len, whole.paragraphs)) > sum(map(len, article.paragraphs)):
            article.paragraphs, article.headings = whole.paragraphs, whole.headings
            article.agency = article.agency or whole.agency
            article.content_hash = page.content_hash(article.title, article.paragraphs)
        article.image_url = article.image_url or whole.image_url
        article.byline = article.byline or whole.byline
        return None

    return [line for line in await asyncio.gather(*map(one, short)) if line]


async def discover(url: str, http: Http, now: datetime) -> Found:
    """Find out what stands at an address: a feed, a page that announces one, or an article's page.

    Raises:
        SourceError: it cannot be read, or it is none of these.
    """
    answer = await http.get(url)
    try:
        found = await asyncio.to_thread(feed.parse, answer.body, url=answer.url, now=now)
    except SourceError:
        article = await asyncio.to_thread(
            page.extract, decode(answer.body, answer.charset), url=answer.url, now=now
        )
        return Found(SourceKind.PAGE, url, article.source_name)
    if found.items or not found.announced:
        return Found(SourceKind.FEED, url, found.title)
    target = found.announced[0]
    announced = await http.get(target)
    parsed = await asyncio.to_thread(feed.parse, announced.body, url=announced.url, now=now)
    return Found(SourceKind.FEED, target, parsed.title)
