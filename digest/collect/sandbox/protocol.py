"""JSON protocol between the parser pool and its child processes."""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from digest.collect.parse.feeds.items import Feed, FeedItem
from digest.model import Article

HEAD = struct.Struct(">II?")
"""Before every question and answer: the lengths in bytes of its JSON, and of the body that follows it, and
whether it is the last of those that are handed over together.
"""
PLACE = 8
"""Bytes of the number, shared by a child and its parent, of the jobs that the child has answered."""
OwnRules = tuple[tuple[str, ...], tuple[str, ...], str]
NO_RULES: OwnRules = ((), (), "")
INSTANTS = ("published_at", "first_seen_at")
ARTICLE = tuple(Article.model_fields)
"""The fields of an article as they cross, without their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxJob:
    """What to read. `url` is where the bytes come from, for messages; a file's path or a mailbox is one
    too.
    """

    url: str
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedJob(SandboxJob):
    """Read a feed's bytes."""

    zone: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleJob(SandboxJob):
    """Make an article. `names`: what the source is called, for its own rules in `rules_file`; `own`: its
    rules that an editor typed: noise, stop, selector.
    """

    now: datetime
    zone: str = "UTC"
    names: tuple[str, ...] = ()
    rules_file: Path | None = None
    own: OwnRules = NO_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class PageJob(ArticleJob):
    """Read a page's bytes; a file's page has no `url`."""

    charset: str | None = None


class TextJob(ArticleJob):
    """Read a text's bytes: the title, and the paragraphs below."""

    __slots__ = ()


class MailJob(ArticleJob):
    """Read a mail's bytes."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemJob(ArticleJob):
    """Make an article of a feed's item. `source` is the source's id, name and section."""

    item: FeedItem
    title: str
    source: tuple[int | None, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedJob(ArticleJob):
    """Make an article of what was handed in: the fields that `PostJob` answered."""

    handed: dict[str, Any]
    source: tuple[int | None, str, str | None]


class PostJob(SandboxJob):
    """Read the JSON of POST /ingest."""

    __slots__ = ()


class OutlinesJob(SandboxJob):
    """Read an OPML file."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksJob(SandboxJob):
    """Read the links of a page that a CSS selector finds."""

    selector: str
    charset: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsJob(SandboxJob):
    """Read the web preview of a Telegram channel."""

    now: datetime


class RobotsJob(SandboxJob):
    """Ask a robots.txt whether `url` may be visited."""

    __slots__ = ()


class PictureJob(SandboxJob):
    """Make a small copy of a picture."""

    __slots__ = ()


class LogoJob(SandboxJob):
    """Make a logo of a picture."""

    __slots__ = ()


class ReturnedMailJob(SandboxJob):
    """Read a mail that came back."""

    __slots__ = ()


JOBS: dict[str, type[SandboxJob]] = {
    one.__name__: one
    for one in (
        FeedJob,
        PageJob,
        TextJob,
        MailJob,
        ItemJob,
        HandedJob,
        PostJob,
        OutlinesJob,
        LinksJob,
        PostsJob,
        RobotsJob,
        PictureJob,
        LogoJob,
        ReturnedMailJob,
    )
}


_CROSSING = {
    name: tuple(one.name for one in fields(kind) if one.name != "body") for name, kind in JOBS.items()
}


def packed(value: Any, body: bytes = b"", *, last: bool = True) -> bytes:
    """Return a question or an answer as it is sent."""
    try:
        text = to_json(value)
    except ValueError:
        # What others wrote may hold halves of surrogate pairs; they cross as they are.
        text = json.dumps(value, ensure_ascii=False, default=_plain).encode("utf-8", "surrogatepass")
    return HEAD.pack(len(text), len(body), last) + text + body


def unpacked(text: bytes) -> Any:
    """Return what `packed` wrote.

    Raises:
        ValueError: it is no JSON.
    """
    try:
        return from_json(text)
    except ValueError:
        return json.loads(text)


def job_to(job: SandboxJob, *, last: bool = True, before: SandboxJob | None = None) -> bytes:
    """Return a job as bytes, without what it has in common with the one that goes before it to the same
    child; `last`: no other is handed over with it.
    """
    kind = type(job)
    names = _CROSSING[kind.__name__]
    if type(before) is kind:
        values = {name: value for name in names if (value := getattr(job, name)) is not getattr(before, name)}
    else:
        values = {name: getattr(job, name) for name in names}
    return packed([kind.__name__, values], job.body, last=last)


def job_from(question: bytes, before: SandboxJob | None = None) -> SandboxJob:
    """Return the job that bytes tell; `before` is the one that came before it, if there was one."""
    size, *_ = HEAD.unpack_from(question)
    start = HEAD.size + size
    name, values = unpacked(question[HEAD.size : start])
    for field, read in _READ.items():
        if field in values:
            values[field] = read(values[field])
    kind = JOBS[name]
    if type(before) is kind:
        values = {one: getattr(before, one) for one in _CROSSING[name]} | values
    return kind(**values, body=question[start:])


def item_from(values: list[Any]) -> FeedItem:
    """Return the item whose fields, in their order, an answer tells."""
    item = FeedItem(*values)
    return item._replace(published_at=instant(item.published_at), categories=tuple(item.categories))


def feed_from(answer: dict[str, Any]) -> Feed:
    """Return the feed that an answer tells."""
    items = tuple(map(item_from, answer["items"]))
    lists = {name: tuple(answer[name]) for name in ("announced", "parts", "set_aside")}
    return Feed(**{**answer, "items": items, **lists})


def article_answer(article: Article) -> list[Any]:
    """Return an article's fields, in the order of `ARTICLE`, instants besides as JSON can take them."""
    return [getattr(article, name) for name in ARTICLE]


def article_from(answer: list[Any]) -> Article:
    """Return the article that an answer tells."""
    fields = dict(zip(ARTICLE, answer, strict=True))
    for name in INSTANTS:
        fields[name] = instant(fields[name])
    return Article.of_fields(**fields)


def instant(value: Any) -> datetime | None:
    """Return the instant that a text tells, None for none."""
    return datetime.fromisoformat(value) if value else None


_READ: dict[str, Callable[[Any], Any]] = {
    "now": datetime.fromisoformat,
    "names": tuple,
    "rules_file": lambda value: Path(value) if value else None,
    "own": lambda rules: (tuple(rules[0]), tuple(rules[1]), rules[2]),
    "source": tuple,
    "item": item_from,
}
"""How fields of jobs that JSON has no kind for are read."""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not cross.")
