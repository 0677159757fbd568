"""How sources fare, and what happened to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from digest.collect import failures, schedule
from digest.collect.failures import Happening
from digest.errors import SourceReason
from digest.model import Source
from digest.model.news.source import SourceEvent
from digest.model.rows import row_id
from digest.services.app import App
from digest.settings import CollectSettings
from digest.storage.articles import sources


class HealthWord(StrEnum):
    """How a source fares; those first that an editor has to look at."""

    FAILING = "failing"
    MUTED = "muted"
    """It is gone for good."""
    SILENT = "silent"
    EMPTY = "empty"
    """There is nothing in it."""
    UNDATED = "undated"
    """None of its items tells a date."""
    SLOW = "slow"
    NEW = "new"
    """It was not read yet."""
    OFF = "off"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Health:
    """How a source fares: in one word for machines, and in a sentence in English and in Arabic.

    `reason` is why it fails, as a key; empty for one that does not.
    """

    source: Source
    state: HealthWord
    sentence: str
    sentence_ar: str
    reason: str = ""


SLOW_SECONDS = 8.0
"""A source that takes longer to answer delays the edition that waits for it."""
TROUBLED = frozenset({HealthWord.FAILING, HealthWord.SILENT, HealthWord.MUTED})
"""States in which nothing new comes."""


def health_of(
    source: Source, now: datetime, settings: CollectSettings, latest: SourceEvent | None = None
) -> Health:
    """Say how a source fares; `latest` is the last line of its history."""
    days = schedule.silent_for(source, now, settings)
    if source.muted_reason:
        return _described(source, HealthWord.MUTED, SourceReason.GONE)
    if not source.enabled:
        return Health(source, HealthWord.OFF, "It is switched off.", "المصدر موقوف.")
    if source.failures:
        arabic = (
            latest.message_ar
            if latest
            else failures.describe(SourceReason.UNREADABLE, "ar", location=source.location)
        )
        reason = latest.reason if latest else SourceReason.UNREADABLE.value
        return Health(source, HealthWord.FAILING, source.last_error or "", arabic, reason)
    if days is not None:
        return _described(source, HealthWord.SILENT, Happening.SILENT, days)
    if source.last_success_at is None:
        return Health(source, HealthWord.NEW, "It was not read yet.", "لم يُقرأ المصدر بعد.")
    return _as_it_answers(source) or Health(source, HealthWord.WELL, "It is read.", "المصدر يُقرأ.")


def _as_it_answers(source: Source) -> Health | None:
    """What is to be said of a source that can be read, None when nothing is."""
    if source.seen_items == 0:
        return Health(source, HealthWord.EMPTY, "There is nothing in it.", "المصدر فارغ: لا مواد فيه الآن.")
    if source.seen_items and source.undated_items == source.seen_items:
        return Health(
            source,
            HealthWord.UNDATED,
            "None of its items tells a date: they count from when they were first seen.",
            "مواد المصدر بلا تواريخ، فيُحسب وقتها من أول ظهورها عندنا.",
        )
    if source.read_seconds is not None and source.read_seconds > SLOW_SECONDS:
        return Health(source, HealthWord.SLOW, "It takes long to answer.", "المصدر بطيء في الرد.")
    return None


def _described(source: Source, state: HealthWord, key: failures.FailureKind, days: int = 0) -> Health:
    english, arabic = (
        failures.describe(key, one, location=source.location, days=days) for one in ("en", "ar")
    )
    return Health(source, state, english, arabic)


async def health(app: App) -> list[Health]:
    """Return how all sources on the schedule fare, by name."""
    now = app.clock.now()
    found = []
    async with app.database.begin() as session:
        for source in await sources.all_sources(session):
            lines = await sources.history(session, row_id(source), 1) if source.failures else []
            found.append(health_of(source, now, app.settings.collect, lines[0] if lines else None))
    return found


async def history(app: App, name: str, limit: int = 50) -> tuple[Source, list[SourceEvent]]:
    """Return a source and the latest lines of its history, newest first.

    Raises:
        InputError: there is no such source.
    """
    async with app.database.begin() as session:
        source = await sources.find(session, name)
        return source, await sources.history(session, row_id(source), limit)
