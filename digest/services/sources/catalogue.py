"""An editor's sources: add, list, check, remove, OPML."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from digest.collect.discover import discover
from digest.collect.readers.imap_location import mailbox_of
from digest.collect.visit import collect
from digest.errors import DigestError, InputError, SourceError
from digest.model import Article, Rights, Source, SourceKind
from digest.model.news.sections import SECTION_KEYS
from digest.model.rows import row_id
from digest.model.versions import require_version
from digest.services.app import App
from digest.storage.articles import sources

FEED_SUFFIXES = {".xml", ".rss", ".atom", ".json", ".rdf"}
INGEST = "ingest:"
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://|(?:(mailto|javascript|data|file|tel):)", re.IGNORECASE)
HOST = re.compile(r"(?:[\w-]+\.)+[A-Za-z\u0600-\u06ff]{2,}(?:/\S*)?")


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """What a visit to a source found, without keeping anything."""

    source: Source
    articles: tuple[Article, ...]
    problems: tuple[str, ...]
    error: str | None
    others: tuple[str, ...] = ()
    """Further feeds that the site announces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """What an editor says of a source to be. Empty fields are found out by the visit, or left at their usual
    values.
    """

    location: str
    name: str = ""
    section: str | None = None
    standing: float = 1.0
    selector: str | None = None
    headline_only: bool = False
    summary_words: int | None = None
    zone: str | None = None


def is_address(location: str) -> bool:
    """Say whether a location is a web address and not a path."""
    return location.startswith(("http://", "https://"))


def from_location(location: str, now: datetime, *, by_hand: bool = False) -> Source:
    """Make a source from what a person typed.

    An address is taken for a feed until it is visited; imaps://USER@HOST/FOLDER is a mailbox, `ingest:NAME`
    what others hand in by POST /ingest, anything else a path, which must exist.

    Raises:
        InputError: nothing was typed, the path does not exist, or the address is of a kind that is not read
            or is wrong.
    """
    if not location.strip():
        raise InputError(
            "A source without a location is none.",
            remedy="Give the address of a site or feed, or the path of a folder; `.` is this folder.",
        )
    if is_address(location):
        return Source(kind=SourceKind.FEED, location=location, by_hand=by_hand, created_at=now)
    if location.startswith(("imap://", "imaps://")):
        try:
            mailbox_of(location)
        except SourceError as error:
            raise InputError(error.message, remedy=error.remedy) from error
        return Source(kind=SourceKind.IMAP, location=location, by_hand=by_hand, created_at=now)
    if location.startswith(INGEST) and len(location) > len(INGEST):
        name = location.removeprefix(INGEST)
        return Source(kind=SourceKind.WEBHOOK, location=location, name=name, by_hand=by_hand, created_at=now)
    _no_scheme(location)
    path = Path(location).expanduser()
    if not path.exists() and HOST.fullmatch(location):
        raise InputError(
            f"There is no file or folder {location}.", remedy=f"Did you mean https://{location}?"
        )
    if not path.exists():
        raise InputError(
            f"There is no file or folder {location}.", remedy="Give a path that exists, or a web address."
        )
    kind = SourceKind.FEED if path.is_file() and path.suffix.lower() in FEED_SUFFIXES else SourceKind.FOLDER
    return Source(kind=kind, location=str(path.resolve()), by_hand=by_hand, created_at=now)


def _no_scheme(location: str) -> None:
    found = SCHEME.match(location)
    if found is None:
        return
    scheme = (found[1] or found[2]).lower()
    remedy = (
        "Write the path of the folder by itself."
        if scheme == "file"
        else "Give an address that begins with https://, http:// or imaps://, ingest:NAME, or the path of a folder."
    )
    raise InputError(f"Mujaz reads no {scheme} addresses: {location}", remedy=remedy)


async def known_section(app: App, section: str | None) -> None:
    """Refuse a section that no list has and no article can belong to.

    Raises:
        InputError: there is no such section.
    """
    if section is None:
        return
    async with app.database.begin() as session:
        keys = await sources.section_keys(session)
    known = [*SECTION_KEYS, *sorted(keys - set(SECTION_KEYS))]
    if section not in known:
        raise InputError(f"There is no section {section!r}.", remedy=f"There are: {', '.join(known)}.")


async def preview(app: App, spec: SourceSpec) -> SourceCheck:
    """Visit a site, feed, page, channel, mailbox or folder and show what would come; nothing is kept.

    A site's page that announces a feed gives the feed.

    Raises:
        InputError: the path does not exist, or the source is known already.
        SourceError: the address cannot be read.
    """
    now = app.clock.now()
    await known_section(app, spec.section)
    source = from_location(spec.location, now)
    others: tuple[str, ...] = ()
    if spec.selector and is_address(spec.location):
        source.kind, source.selector = SourceKind.LISTING, spec.selector
    elif is_address(spec.location):
        found = await discover(spec.location, app.http, now)
        source.kind, source.location, source.name = found.kind, found.location, found.title
        others = found.others
    source.name = spec.name or source.name
    source.section = spec.section
    source.standing = spec.standing
    source.rights = Rights.HEADLINE if spec.headline_only else Rights.SUMMARY
    source.summary_words = spec.summary_words
    source.timezone = spec.zone or source.timezone
    async with app.database.begin() as session:
        if await sources.by_location(session, source.location):
            raise InputError(
                f"{source.location} is a source already.", remedy="`digest sources list` shows it."
            )
    checked = await _visit(app, source)
    if checked.error and is_address(spec.location):
        raise InputError(checked.error)
    return replace(checked, others=others)


async def keep(app: App, checked: SourceCheck) -> Source:
    """Keep a source that was previewed.

    Raises:
        InputError: the source is known already.
    """
    async with app.database.begin() as session:
        return await sources.add(session, checked.source)


async def add(
    app: App, location: str, *, name: str = "", section: str | None = None, standing: float = 1.0
) -> SourceCheck:
    """Visit a site, feed, page or folder, and keep it as a source, without asking.

    Raises:
        InputError: the path does not exist, or the source is known already.
        SourceError: the address cannot be read.
    """
    checked = await preview(app, SourceSpec(location=location, name=name, section=section, standing=standing))
    await keep(app, checked)
    return checked


async def ensure_by_hand(app: App, locations: tuple[str, ...]) -> list[Source]:
    """Return a source for each location named on a command line; new ones are kept, but never polled by the
    scheduler.

    Raises:
        InputError: a path does not exist.
    """
    now = app.clock.now()
    made = [from_location(location, now, by_hand=True) for location in locations]
    found = []
    for one in made:
        async with app.database.begin() as session:
            known = await sources.by_location(session, one.location)
        if known is None and is_address(one.location):
            announced = await discover(one.location, app.http, now)
            one.kind, one.location, one.name = announced.kind, announced.location, announced.title
        async with app.database.begin() as session:
            known = known or await sources.by_location(session, one.location)
            found.append(known or await sources.add(session, one))
    return found


async def every(app: App) -> list[Source]:
    """Return all sources, those named on command lines included, by name."""
    async with app.database.begin() as session:
        return await sources.all_sources(session, by_hand=True)


async def check(app: App, name: str | None) -> list[SourceCheck]:
    """Visit one source, or all, and tell what comes; nothing is kept and no politeness state changes.

    Raises:
        InputError: there is no such source.
    """
    async with app.database.begin() as session:
        chosen = [await sources.find(session, name)] if name else await sources.all_sources(session)
    return [await _visit(app, source) for source in chosen]


async def _visit(app: App, source: Source) -> SourceCheck:
    try:
        found = await collect(
            source, app.http, app.clock.now(), settings=app.settings.collect, full_text=False
        )
    except DigestError as error:
        return SourceCheck(source, (), (), str(error))
    return SourceCheck(source, found.articles, found.problems, None)


def kept_of(source: Source) -> dict[str, object]:
    """Return what people chose of a source (pure); how it fares changes by itself."""
    return {
        "location": source.location,
        "name": source.name,
        "section": source.section,
        "weight": source.standing,
        "enabled": source.enabled,
    }


async def remove(app: App, name: str, *, seen: str | None = None) -> Source:
    """Remove a source and its articles; editions stay as they are.

    Raises:
        InputError: there is no such source.
        RefusedError: it was changed since it had the mark `seen` (`version_of` what `kept_of` gives).
    """
    async with app.database.begin() as session:
        source = await sources.find(session, name)
        await session.refresh(source, with_for_update=True)
        require_version(seen, kept_of(source))
        await sources.remove(session, row_id(source))
    return source
