"""Read a folder or a file as a source."""

import asyncio
import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from digest.collect.fetch.http import Http
from digest.collect.readers.protocol import VisitResult
from digest.collect.sandbox import protocol
from digest.collect.sandbox.pool import own_rules
from digest.errors import SourceError, SourceReason
from digest.model import Article, Source
from digest.settings import CollectSettings
from digest.text.words.normalise import clean

FEEDS = frozenset({".xml", ".rss", ".atom", ".rdf", ".json"})
PAGES = frozenset({".html", ".htm"})
KNOWN = FEEDS | PAGES | {".txt", ".eml"}
LARGEST = 20_000_000
MOST_FILES = 2_000
"""Files read in one visit, by name."""


@dataclass(frozen=True, slots=True)
class FolderRead:
    """What a folder held. A problem is one line about one file; the rest was read."""

    articles: tuple[Article, ...]
    problems: tuple[str, ...]


async def read_folder(source: Source, http: Http, settings: CollectSettings, now: datetime) -> VisitResult:
    """Read a folder, or one file."""
    del settings
    found = await read(Path(source.location), source, http, now)
    empty = () if found.articles or found.problems else (_nothing_in(source.location),)
    return VisitResult(articles=found.articles, problems=empty, set_aside=found.problems)


def _nothing_in(path: str) -> str:
    return f"{path} holds nothing to read: put .txt, .html, .eml files or feeds (.xml, .json) there."


async def read(path: Path, source: Source, http: Http, now: datetime) -> FolderRead:
    """Read all files of a folder, by name, or one file. Files of unknown kinds are passed over, links and
    pipes with a line.

    Raises:
        SourceError: the path is not there, cannot be read, or is neither a folder nor a file.
    """
    try:
        is_folder = await asyncio.to_thread(path.is_dir)
        files = await asyncio.to_thread(_files, path) if is_folder else [path]
        if not is_folder and not stat.S_ISREG((await asyncio.to_thread(path.stat)).st_mode):
            raise SourceError(
                f"{path} is no file and no folder.",
                location=str(path),
                remedy="Give a folder, or a file in it.",
                reason=SourceReason.MISSING,
            )
    except FileNotFoundError as error:
        raise SourceError(
            f"{path} is not there any more.",
            location=str(path),
            remedy="Put it back or remove the source.",
            reason=SourceReason.MISSING,
        ) from error
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(
            f"{path} cannot be read: {error.strerror}.", location=str(path), reason=SourceReason.MISSING
        ) from error
    articles: list[Article] = []
    problems: list[str] = []
    for file in files:
        try:
            # The file that was named is the owner's choice, also when it is a link; what lies in a folder is
            # not.
            body = await asyncio.to_thread(_content, file, follow=not is_folder)
            made, aside = await _articles(body, file, source, http, now)
            articles += made
            problems += [f"{shown(file.name)}: {line}" for line in aside]
        except SourceError as error:
            problems.append(f"{shown(file.name)}: {error}")
        except OSError as error:
            problems.append(f"{shown(file.name)}: {error.strerror}")
    return FolderRead(tuple(articles), tuple(problems))


def shown(name: str) -> str:
    """Return a file's name as it can be kept and shown, also one of bytes that are no UTF-8."""
    return clean(os.fsencode(name).decode("utf-8", "replace"))


def _files(path: Path) -> list[Path]:
    """Everything in a folder that has the name of what is read, whatever it is."""
    with os.scandir(path) as found:
        named = [one.name for one in found if not one.name.startswith(".")]
    files = (path / name for name in sorted(named) if Path(name).suffix.lower() in KNOWN)
    return [file for file in files if file.is_symlink() or not file.is_dir()][:MOST_FILES]


def _content(file: Path, *, follow: bool) -> bytes:
    """Return a file's bytes; what is asked of it is asked of what was opened, so that nothing can be put in
    its place.

    Raises:
        SourceError: it is a link, a pipe or a device, or larger than 20 MB.
        OSError: it cannot be read.
    """
    # A pipe that nobody writes to would be waited for.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    if not follow and file.is_symlink():
        raise SourceError("a link is not followed out of the folder", remedy="Put a copy there instead.")
    with os.fdopen(os.open(file, flags), "rb") as opened:
        about = os.fstat(opened.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise SourceError("this is no file, but a pipe or a device", remedy="Take it out of the folder.")
        if about.st_size > LARGEST:
            raise SourceError("the file is larger than 20 MB")
        return opened.read(LARGEST)


async def _articles(
    body: bytes, file: Path, source: Source, http: Http, now: datetime
) -> tuple[list[Article], list[str]]:
    kind = file.suffix.lower()
    if kind in FEEDS:
        return await _feed(body, file, source, http, now)
    job_of = protocol.TextJob if kind == ".txt" else protocol.PageJob if kind in PAGES else protocol.MailJob
    article = await http.sandbox.article(
        job_of(
            url="",
            body=body,
            now=now,
            zone=source.timezone,
            names=(source.name, source.location),
            rules_file=http.sandbox.rules_file,
            own=own_rules(source),
        )
    )
    article.source_id = source.id
    article.source_name = source.name or article.source_name or shown(file.parent.name)
    article.section = source.section or article.section
    return [article], []


async def _feed(
    body: bytes, file: Path, source: Source, http: Http, now: datetime
) -> tuple[list[Article], list[str]]:
    if file.suffix.lower() == ".json" and b'"items"' not in body:
        return [], []  # other JSON may lie beside the feeds
    address = await asyncio.to_thread(lambda: file.absolute().as_uri())
    found = await http.sandbox.feed(body, url=address, zone=source.timezone, now=now)
    names = (source.name, source.location)
    answers = await http.sandbox.articles(found.items, source, now, title=found.title, names=names)
    made = [one for one in answers if not isinstance(one, SourceError)]
    return made, [*found.set_aside, *(one.message for one in answers if isinstance(one, SourceError))]
