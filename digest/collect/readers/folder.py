"""A drop box: a folder, or one file, of texts, pages, mails and feeds."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.collect.clean.article import extract_text
from digest.collect.clean.rules import Rulebook, for_source
from digest.collect.fetch.http import Http
from digest.collect.parse import feed, page
from digest.collect.parse.decode import decode
from digest.collect.parse.feed_article import to_article
from digest.collect.parse.feed_items import Feed
from digest.collect.parse.mail import letter_article, read_letter
from digest.collect.readers.protocol import Brought
from digest.errors import SourceError, SourceReason
from digest.model import Article, Source
from digest.settings import CollectSettings

FEEDS = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
PAGES = frozenset({".html", ".htm"})
KNOWN = FEEDS | PAGES | {".txt", ".eml"}
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class FolderRead:
    """What a folder held. A problem is one line about one file; the rest was read."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...]


async def read_folder(source: Source, http: Http, settings: CollectSettings, now: datetime) -> Brought:
    """Read a folder, or one file."""
    del http
    book = for_source(settings.rules_file, source.name, source.location)
    found = await asyncio.to_thread(read, Path(source.location), source, now, book=book)
    empty = () if found.articles or found.problems else (_nothing_in(source.location),)
    return Brought(articles=found.articles, problems=empty, set_aside=found.problems)


def _nothing_in(path: str) -> str:
    return f"{path} holds nothing to read: put .txt, .html, .eml files or feeds (.xml, .json) there."


def read(path: Path, source: Source, now: datetime, *, book: Rulebook | None = None) -> FolderRead:
    """Read all files of a folder, by name, or one file. Files of unknown kinds are passed over.

    Raises:
        SourceError: the path is not there or cannot be read.
    """
    try:
        files = sorted(one for one in path.iterdir() if one.is_file()) if path.is_dir() else [path]
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read: {error.strerror}.", location=str(path), reason=SourceReason.MISSING
        ) from error
    if not path.exists():
        raise SourceError(
            f"{path} is not there any more.",
            location=str(path),
            remedy="Put it back or remove the source.",
            reason=SourceReason.MISSING,
        )
    articles: list[Article] = []
    problems: list[str] = []
    for file in files:
        if file.suffix.lower() not in KNOWN or file.name.startswith("."):
            continue
        try:
            articles += _file(file, source, now, book, problems)
        except SourceError as error:
            problems.append(f"{file.name}: {error}")
        except OSError as error:
            problems.append(f"{file.name}: {error.strerror}")
    return FolderRead(tuple(articles), tuple(problems))


def _file(
    file: Path, source: Source, now: datetime, book: Rulebook | None, problems: list[str]
) -> Iterator[Article]:
    if file.stat().st_size > LARGEST:
        raise SourceError("the file is larger than 20 MB")
    body = file.read_bytes()
    kind = file.suffix.lower()
    if kind in FEEDS:
        found = _feed(body, file, source, now)
        problems += [f"{file.name}: {line}" for line in found.set_aside]
        for item in found.items:
            yield to_article(item, source, now, feed_title=found.title, book=book)
        return
    if kind == ".txt":
        article = extract_text(decode(body), now=now, book=book)
    elif kind in PAGES:
        article = page.extract(decode(body), url=None, now=now, zone=source.timezone, book=book)
    else:
        article = letter_article(read_letter(body), now, zone=source.timezone, book=book)
    article.source_id = source.id
    article.source_name = source.name or article.source_name or file.parent.name
    article.section = source.section or article.section
    yield article


def _feed(body: bytes, file: Path, source: Source, now: datetime) -> Feed:
    if file.suffix.lower() == ".json" and b'"items"' not in body:
        return Feed()  # other JSON may lie beside the feeds
    return feed.parse(body, url=file.as_uri(), zone=source.timezone, now=now)
