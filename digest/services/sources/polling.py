"""Collecting: visit sources, find each article's section, keep what is new."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.collect import failures, schedule
from digest.collect.clean.sections import classify
from digest.collect.failures import Happening
from digest.collect.visit import Collected, collect
from digest.errors import DigestError, TemporarySourceError
from digest.model import Article, Source
from digest.model.news.source import SourceEvent
from digest.model.rows import row_id
from digest.services.app import App, ProgressReporter, SilentProgress
from digest.services.sources import websub
from digest.services.sources.arrivals import announce
from digest.storage.articles import articles, sources
from digest.storage.articles.articles import Saved

log = structlog.get_logger()

MOST_AT_ONCE = 5000
LOOK_SECONDS = 0.2
"""How often who makes an edition looks whether the visits of others are over."""
LONGEST_DETAIL = 500
"""Characters of what the machine said that are kept in a history."""
LONGEST_CLASSIFIED = 50_000
"""Characters of an article by which its section is found: more would tell nothing more."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of visiting one source."""

    source: Source
    seen: int
    new: int
    problems: tuple[str, ...]
    error: str | None


async def visit(app: App, source: Source, writer: asyncio.Lock | None = None) -> Visit:
    """Read one source and keep what is new, together with the state for the next visit.

    Never raises for the source's sake: what went wrong is a line in the source's history, and returned.
    Visits side by side share a `writer`: an embedded database has one writer, and who waits for it in the
    database sleeps too long.
    """
    now = app.clock.now()
    writer = writer or asyncio.Lock()

    async def known(keys: Sequence[str]) -> set[str]:
        if source.last_success_at is None:
            return set()
        async with writer, app.database.begin() as session:
            return await articles.known_keys(session, row_id(source), keys)

    limits = app.settings.collect
    try:
        found = await collect(source, app.http, now, settings=limits, known=known, full_text=limits.full_text)
    except DigestError as error:
        return await _failed(app, source, error, now, writer)
    await asyncio.to_thread(place, found.articles)
    new = await _keep(app, source, found, now, writer)
    if source.hub or (found.brought.state and found.brought.state.hub):
        await websub.renew(app, row_id(source))
    if new:
        await announce(app)
    log.info("source.read", source=source.id, seen=found.seen, new=new, unchanged=found.brought.unchanged)
    return Visit(source, found.seen, new, found.problems, None)


async def _failed(app: App, source: Source, error: DigestError, now: datetime, writer: asyncio.Lock) -> Visit:
    state = schedule.after_failure(source, error, now, app.settings.collect, app.random())
    async with writer, app.database.begin() as session:
        await sources.save_state(session, row_id(source), state)
        await sources.record(session, event(source, failures.reason(error), now, error=error))
        if isinstance(error, TemporarySourceError) and error.retry_after:
            # Other workers, and this one after a restart, leave the host alone as well.
            until = now + timedelta(seconds=error.retry_after)
            await sources.hold_host(session, urlsplit(source.location).netloc, until)
        await _note_silence(session, app, source, now)
    log.info("source.failed", source=source.id, failures=state.failures, reason=str(error))
    return Visit(source, 0, 0, (), str(error))


def event(
    source: Source,
    reason: failures.FailureKind,
    now: datetime,
    *,
    error: Exception | None = None,
    detail: str = "",
    days: int = 0,
) -> SourceEvent:
    """Make a line of a source's history, in Arabic and English."""
    status = getattr(error, "status", None)
    return SourceEvent(
        source_id=row_id(source),
        at=now,
        reason=reason.value,
        message=failures.describe(reason, "en", location=source.location, status=status, days=days),
        message_ar=failures.describe(reason, "ar", location=source.location, status=status, days=days),
        detail=(str(error) if error else detail)[:LONGEST_DETAIL],
    )


def place(found: Iterable[Article]) -> None:
    """Find the section of articles that have none."""
    for article in found:
        if article.section is None:
            text = " ".join(article.body)[:LONGEST_CLASSIFIED]
            article.section, article.section_confidence = classify(article.title, text, url=article.url)
        elif not article.section_confidence:
            article.section_confidence = 1.0


async def _keep(app: App, source: Source, found: Collected, now: datetime, writer: asyncio.Lock) -> int:
    brought = found.brought
    async with writer, app.database.begin() as session:
        saved = await articles.save_new(session, found.articles) if found.articles else Saved(())
        moved = schedule.moved(source, brought.moved_to, now)
        if "location" in moved and await sources.by_location(session, moved["location"]):
            moved = {}  # two sources that lead to one feed stay two; the other has it
        state = schedule.after_success(
            source,
            now,
            app.settings.collect,
            app.random(),
            new=len(saved.new),
            floor=brought.floor,
            items_a_day=found.items_a_day,
            state=brought.state,
            moved=moved,
            figures=_figures(found),
        )
        await sources.save_state(session, row_id(source), state)
        refused = [f"{(article.title or article.url_key)[:200]} ({why})" for article, why in saved.refused]
        await _set_aside(session, source, (*found.set_aside, *refused), now)
        if source.failures:
            await sources.record(session, event(source, Happening.RECOVERED, now))
        if "location" in moved:
            await sources.record(session, event(source, Happening.MOVED, now, detail=str(moved["location"])))
        if not saved.new:
            await _note_silence(session, app, source, now)
    return len(saved.new)


def _figures(found: Collected) -> dict[str, Any]:
    """What was counted of a visit; what has not changed since the last one tells only how long it took."""
    took = {"read_seconds": round(found.read_seconds, 2)}
    if found.brought.unchanged:
        return took
    return took | {"seen_items": found.seen, "undated_items": found.undated}


async def _set_aside(session: AsyncSession, source: Source, details: Sequence[str], now: datetime) -> None:
    """Tell what was put aside; what lies in a folder day after day is told once."""
    if not details:
        return
    noted = {line.detail for line in await sources.history(session, row_id(source))}
    for detail in dict.fromkeys(one[:LONGEST_DETAIL] for one in details):
        if detail not in noted:
            await sources.record(session, event(source, Happening.QUARANTINED, now, detail=detail))


async def _note_silence(session: AsyncSession, app: App, source: Source, now: datetime) -> None:
    """Tell once that a source which can be read, or cannot, has had nothing new for too long."""
    days = schedule.silent_for(source, now, app.settings.collect)
    if days is None:
        return
    last = await sources.latest_event(session, row_id(source), Happening.SILENT.value)
    if last is None or last.at < (source.last_item_at or source.created_at):
        await sources.record(session, event(source, Happening.SILENT, now, days=days))
        log.warning("source.silent", source=source.id, days=days)


async def visit_all(app: App, chosen: list[Source], report: ProgressReporter) -> list[Visit]:
    """Visit sources side by side; results in the order in which they come."""
    gate = asyncio.Semaphore(app.settings.collect.at_once)
    writer = asyncio.Lock()
    done: list[Visit] = []

    async def one(source: Source) -> None:
        async with gate:
            done.append(await visit(app, source, writer))
            report.step("collect", len(done), len(chosen))

    report.step("collect", 0, len(chosen))
    async with asyncio.TaskGroup() as group:
        for source in chosen:
            group.create_task(one(source))
    return done


async def visit_due(app: App, seconds: float) -> int:
    """Visit all sources that are due, and wait for the visits that others have begun, for so many seconds at
    most; returns how many were taken.

    What is not read by then is tried again at its next time.
    """
    if not seconds:
        return 0
    now = app.clock.now()
    async with app.database.begin() as session:
        due = await sources.due(session, now, MOST_AT_ONCE)
        taken = [await sources.take(session, one, now) for one in due]
    chosen = [source for source in taken if source is not None]
    try:
        async with asyncio.timeout(seconds):
            await visit_all(app, chosen, SilentProgress())
            while await _others_visit(app):  # noqa: ASYNC110 (another process may be the one)
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        log.warning("sources.not_all_read", sources=len(chosen), seconds=seconds)
    return len(chosen)


async def _others_visit(app: App) -> bool:
    async with app.database.begin() as session:
        return await sources.are_visited(session, app.clock.now())


async def drop_old_text(app: App, now: datetime) -> int:
    """Drop the text of articles older than the setting allows, and as old a history; what identifies articles
    stays.
    """
    before = now - timedelta(days=app.settings.collect.keep_days)
    async with app.database.begin() as session:
        await sources.forget_history_before(session, before)
        return await articles.drop_text_before(session, before)
