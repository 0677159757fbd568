"""Find out how an address is to be read."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from digest.collect.fetch.http import Http
from digest.collect.readers.web import feed_at, page_article
from digest.errors import SourceError
from digest.model import Source, SourceKind

USUAL = (
    "/feed",
    "/rss",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
)
"""Where feeds lie on sites that do not announce them."""
MOST_TRIED = 6
CHANNEL = re.compile(r"^https?://(?:t|telegram)\.me/(?:s/)?(\w{4,64})/?$")


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address. `others` are further feeds that the site announces."""

    kind: SourceKind
    location: str
    title: str
    others: tuple[str, ...] = ()


async def discover(url: str, http: Http, now: datetime) -> Found:
    """Find out what stands at an address: a feed, a page that announces one or has one in a usual place, or
    an article.

    Raises:
        SourceError: it cannot be read, or it is none of these.
    """
    if channel := CHANNEL.match(url):
        return Found(SourceKind.TELEGRAM, f"https://t.me/s/{channel[1]}", channel[1])
    answer = await http.get(url)
    try:
        found = await http.sandbox.feed(answer.body, url=answer.url, zone="UTC", now=now)
    except SourceError as error:
        return await _without_announcement(url, http, now, error)
    if not found.announced:
        kind = SourceKind.SITEMAP if found.sitemap else SourceKind.FEED
        return Found(kind, url, found.title)
    return await _announced(found.announced, http, now, url)


async def _announced(feeds: tuple[str, ...], http: Http, now: datetime, url: str) -> Found:
    # Feeds of comments are announced beside that of the articles.
    tried = [feed for feed in feeds if "comment" not in feed] or list(feeds)
    first: SourceError | None = None
    for place, target in enumerate(tried[:MOST_TRIED]):
        try:
            found, _ = await feed_at(http, target, now, named_by=url)
        except SourceError as error:
            first = first or error
            continue
        if found.items:
            return Found(SourceKind.FEED, target, found.title, tuple(tried[place + 1 :]))
    raise first or SourceError("The feeds that the site announces are empty.", location=url)


async def _without_announcement(url: str, http: Http, now: datetime, error: SourceError) -> Found:
    """An article's own page, if there is a path; else one of the usual places of the site."""
    if urlsplit(url).path.strip("/"):
        answer = await http.get(url)
        source = Source(kind=SourceKind.PAGE, location=url, created_at=now)
        article = await page_article(http, answer, source, now)
        return Found(SourceKind.PAGE, url, article.source_name)
    for path in USUAL[: MOST_TRIED + 2]:
        try:
            found, answer = await feed_at(http, urljoin(url, path), now, named_by=url)
        except SourceError:
            continue
        if found.items:
            kind = SourceKind.SITEMAP if "sitemap" in path else SourceKind.FEED
            return Found(kind, answer.url, found.title)
    raise error
