"""The two jobs of a caged child: read a feed, read a page."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest.collect import feed
from digest.collect.decode import decode
from digest.collect.items import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedJob:
    """Read a feed's bytes."""

    body: bytes
    url: str
    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob:
    """Read a page's bytes. `names`: what the source is called, for its own rules in `rules_file`."""

    body: bytes
    url: str
    zone: str
    now: datetime
    charset: str | None = None
    names: tuple[str, ...] = ()
    rules_file: Path | None = None


Job = FeedJob | PageJob


def run(job: Job) -> Any:
    """Do a job and return its answer as JSON can take it: a Feed's or an Article's fields, instants as ISO 8601.

    Raises:
        SourceError: it cannot be read.
        ConfigError: the file of rules is wrong.
    """
    if isinstance(job, FeedJob):
        return told(feed.parse(job.body, url=job.url, zone=job.zone, now=job.now))
    # Only pages need these, which are large and slow to load.
    from digest.collect import page, rules

    host = urlsplit(job.url).hostname or ""
    book = rules.for_source(job.rules_file, *job.names, host, host.removeprefix("www."))
    article = page.extract(decode(job.body, job.charset), url=job.url, now=job.now, zone=job.zone, book=book)
    return plain(article.model_dump())


def told(found: Feed) -> dict[str, Any]:
    """Return a feed's fields as JSON can take them."""
    return {**asdict(replace(found, items=())), "items": [plain(item._asdict()) for item in found.items]}


def plain(value: Any) -> Any:
    """Return a value with its instants as text and its tuples as lists."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value
