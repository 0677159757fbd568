"""The jobs of a caged child: read a feed, read a page, read what another stage knows to read."""

from dataclasses import asdict, replace
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from digest.collect.parse import feed
from digest.collect.parse.decode import decode
from digest.collect.parse.feed_items import Feed
from digest.collect.sandbox.protocol import RETURNED_MAIL, CallJob, FeedJob, Job, plain

READERS = {RETURNED_MAIL: ("digest.deliver.bounces.read", "answer")}
"""Readers of other stages, which no module here may import: module and function, from bytes to JSON."""


def run(job: Job) -> Any:
    """Do a job and return its answer as JSON can take it: a Feed's or an Article's fields, instants as ISO 8601; a reader's own answer.

    Raises:
        SourceError: it cannot be read.
        ConfigError: the file of rules is wrong.
    """
    if isinstance(job, CallJob):
        module, function = READERS[job.reader]
        return getattr(import_module(module), function)(job.body)
    if isinstance(job, FeedJob):
        return told(feed.parse(job.body, url=job.url, zone=job.zone, now=job.now))
    # Only pages need these, which are large and slow to load.
    from digest.collect.clean import rules
    from digest.collect.parse import page

    host = urlsplit(job.url).hostname or ""
    book = rules.for_source(job.rules_file, *job.names, host, host.removeprefix("www."))
    article = page.extract(decode(job.body, job.charset), url=job.url, now=job.now, zone=job.zone, book=book)
    return plain(article.model_dump())


def told(found: Feed) -> dict[str, Any]:
    """Return a feed's fields as JSON can take them."""
    return {**asdict(replace(found, items=())), "items": [plain(item._asdict()) for item in found.items]}
