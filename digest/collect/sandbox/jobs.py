"""The parsing jobs that a child process can do."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from digest.collect.parse.decode import decode
from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.items import Feed
from digest.collect.sandbox import protocol
from digest.collect.sandbox.protocol import SandboxJob, article_answer
from digest.errors import DigestError
from digest.model import Source, SourceKind

# Each kind of job loads its own readers, and only when it comes: feeds need none of the others.


ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def answered(job: SandboxJob) -> dict[str, Any]:
    """Do one job: {"value"}, or {"error", "remedy"}."""
    try:
        return {"value": run(job)}
    except DigestError as error:
        return {"error": error.message, "remedy": error.remedy}
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        # A parser that trips over what it reads must not cost the other sources their child.
        return {"error": f"It cannot be read ({type(error).__name__}).", "remedy": ""}


def run(job: SandboxJob) -> Any:
    """Do a job and return its answer as JSON can take it, instants besides.

    Raises:
        SourceError: it cannot be read.
        ConfigError: the file of rules is wrong.
    """
    return READERS[type(job)](job)


def feed_answer(found: Feed) -> dict[str, Any]:
    """Return a feed's fields as JSON can take them; an item is the list of its own."""
    names = ("title", "url", "language", "rights", "items", "announced", "parts", "set_aside", "hub", "topic")
    return {name: getattr(found, name) for name in (*names, "min_seconds", "sitemap")}


def _feed(job: protocol.FeedJob) -> Any:
    return feed_answer(feed.parse(job.body, url=job.url, zone=job.zone, now=job.now))


def _book(job: protocol.ArticleJob, *more: str) -> Any:
    from digest.collect.clean import rules

    return rules.for_source(job.rules_file, *job.names, *more).with_own(*job.own)


def _page(job: protocol.PageJob) -> Any:
    from digest.collect.parse.pages import page

    host = urlsplit(job.url).hostname or ""
    book = _book(job, host, host.removeprefix("www.")) if host else _book(job)
    text = decode(job.body, job.charset)
    return article_answer(page.extract(text, url=job.url or None, now=job.now, zone=job.zone, book=book))


def _text(job: protocol.TextJob) -> Any:
    from digest.collect.clean.article import extract_text

    return article_answer(extract_text(decode(job.body), now=job.now, book=_book(job)))


def _mail(job: protocol.MailJob) -> Any:
    from digest.collect.parse.mail import message_article, read_message

    message = read_message(job.body)
    article = message_article(message, job.now, zone=job.zone, book=_book(job))
    return {"article": article_answer(article), "list_id": message.list_id, "message_id": message.message_id}


def _item(job: protocol.ItemJob) -> Any:
    from digest.collect.parse.feeds.article import to_article

    source = _source(*job.source)
    return article_answer(to_article(job.item, source, job.now, feed_title=job.title, book=_book(job)))


def _post(job: SandboxJob) -> Any:
    from digest.collect.parse.feeds.handed import read

    return read(job.body)


def _handed(job: protocol.HandedJob) -> Any:
    from digest.collect.parse.feeds.handed import IngestItem, to_article

    return article_answer(to_article(IngestItem.model_validate(job.handed), _source(*job.source), job.now))


def _outlines(job: SandboxJob) -> Any:
    from digest.collect import opml

    return [asdict(one) for one in opml.read(job.body, refused=True)]


def _links(job: protocol.LinksJob) -> Any:
    from digest.collect.parse.pages.listing import links_of

    return links_of(job.body, job.selector, job.url, job.charset)


def _posts(job: protocol.PostsJob) -> Any:
    from digest.collect.parse.pages.listing import posts_of

    return posts_of(job.body, job.url, job.now)


def _robots(job: SandboxJob) -> Any:
    return bool(_rules(job.body).can_fetch(job.url, "Mujaz"))


@lru_cache(maxsize=1)
def _rules(body: bytes) -> Any:
    # The pages of one source ask the same host one after another.
    from protego import Protego

    return Protego.parse(body.decode("utf-8", "replace"))


def _picture(job: SandboxJob) -> Any:
    from digest.collect.parse.picture import thumbnail

    return b64encode(thumbnail(job.body)).decode("ascii")


def _logo(job: SandboxJob) -> Any:
    from digest.collect.parse.picture import logo

    return b64encode(logo(job.body)).decode("ascii")


@lru_cache(maxsize=16)
def _source(id_: int | None, name: str, section: str | None) -> Source:
    return Source(id=id_, name=name, section=section, kind=SourceKind.FEED, location="", created_at=ANY_DAY)


def _returned_mail(job: SandboxJob) -> Any:
    # A reader of another stage, which no module here may import.
    return import_module("digest.deliver.bounces.parse.read").answer(job.body)


READERS: Mapping[type[SandboxJob], Callable[[Any], Any]] = {
    protocol.FeedJob: _feed,
    protocol.PageJob: _page,
    protocol.TextJob: _text,
    protocol.MailJob: _mail,
    protocol.ItemJob: _item,
    protocol.HandedJob: _handed,
    protocol.PostJob: _post,
    protocol.OutlinesJob: _outlines,
    protocol.LinksJob: _links,
    protocol.PostsJob: _posts,
    protocol.RobotsJob: _robots,
    protocol.PictureJob: _picture,
    protocol.LogoJob: _logo,
    protocol.ReturnedMailJob: _returned_mail,
}
