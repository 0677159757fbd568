"""Sources as OPML: what a file would bring, looked at and then taken in one act; and what there is,
written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from digest.collect import opml
from digest.collect.fetch.ssrf import check_url
from digest.collect.opml import Outline
from digest.collect.sandbox import protocol
from digest.errors import InputError, SourceError
from digest.model import Source, SourceKind
from digest.services.app import App
from digest.storage.articles import sources

MOST = 2_000
"""Feeds of one file."""
LARGEST = 2_000_000
"""Octets of a file that the desk takes: some thousand feeds."""


@dataclass(frozen=True, slots=True)
class OpmlFound:
    """The feeds of a file, in its order: those that are new, known already, and never visited."""

    new: tuple[Outline, ...]
    known: tuple[Outline, ...]
    refused: tuple[Outline, ...]


async def look(app: App, content: str | bytes) -> OpmlFound:
    """Say what would come of an OPML file. No feed is visited, and nothing is kept.

    Refused are addresses that are none of the web's, or not public.

    Raises:
        InputError: it is no OPML, or names too many feeds.
    """
    body = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    try:
        raw = await app.http.sandbox.read(protocol.OutlinesJob(url="OPML", body=body))
    except SourceError as error:
        raise InputError(error.message, remedy=error.remedy) from error
    outlines = [Outline(**one) for one in raw]
    if len(outlines) > MOST:
        raise InputError(f"The file names more than {MOST} feeds.", remedy="Part it.")
    refused = [one for one in outlines if one.refused or not _may_be_visited(app, one.url)]
    good = [one for one in outlines if one not in refused]
    async with app.database.read() as session:
        there = {one.url for one in good if await sources.by_location(session, one.url)}
    return OpmlFound(
        tuple(one for one in good if one.url not in there),
        tuple(one for one in good if one.url in there),
        tuple(refused),
    )


def _may_be_visited(app: App, url: str) -> bool:
    try:
        check_url(url, app.settings.collect.allow_hosts)
    except SourceError:
        return False
    return True


async def take(app: App, content: str | bytes) -> OpmlFound:
    """Keep the new feeds of an OPML file, all at once, without visiting them; returns what `look` does.

    Raises:
        InputError: as `look`.
    """
    found, now = await look(app, content), app.clock.now()
    added = []
    async with app.database.begin() as session:
        for one in found.new:
            if await sources.by_location(session, one.url):
                continue  # somebody else was first
            await sources.add(session, _source(one, now))
            added.append(one)
    return OpmlFound(
        tuple(added), (*found.known, *(one for one in found.new if one not in added)), found.refused
    )


def _source(one: Outline, now: datetime) -> Source:
    return Source(
        kind=SourceKind.FEED,
        location=one.url,
        name=one.title,
        section=one.section,
        language=one.language or "ar",
        created_at=now,
    )


def written(outlines: Iterable[Outline], now: datetime) -> str:
    """Return feeds as OPML of ours, whatever the file was that named them (pure)."""
    return opml.write([_source(one, now) for one in outlines])


async def export(app: App) -> str:
    """Return the stored sources as OPML."""
    async with app.database.begin() as session:
        return opml.write(await sources.all_sources(session))
