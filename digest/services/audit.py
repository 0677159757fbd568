"""Keep and read the audit log: every act that changed something, by whom, from where."""

import csv
import io
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from digest.errors import InputError
from digest.model import AuditEntry
from digest.services.app import App
from digest.settings.hidden import redacted
from digest.storage import audit

LONGEST_VALUE = 2_000
"""Of one value; a log is read, and is no copy of what it speaks of."""
EXPORTED = 100_000
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by spreadsheets."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and from where: `desk:amal@news.example` from an address of the network."""

    name: str
    came_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; what is empty lets all through. The days are those of UTC, both
    included.
    """

    actor: str = ""
    act: str = ""
    list_slug: str = ""
    first_day: date | None = None
    last_day: date | None = None


async def record(
    app: App,
    actor: Actor,
    act: str,
    *,
    about: str = "",
    list_slug: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down an act that was done. Of `before` and `after` only what differs is kept.

    Secrets are hidden, and long values cut. Whoever answers for an act calls this once it is done: commands
    through `with_app`, pages through their table of routes.
    """
    was, is_now = dict(before or {}), dict(after or {})
    same = {name for name in was if name in is_now and was[name] == is_now[name]}
    entry = AuditEntry(
        at=app.clock.now(),
        actor=actor.name,
        act=act,
        list_slug=list_slug,
        about=_cut(about),
        before={name: _kept(value) for name, value in was.items() if name not in same},
        after={name: _kept(value) for name, value in is_now.items() if name not in same},
        came_from=actor.came_from,
    )
    async with app.database.begin() as session:
        await audit.add(session, entry)


def _kept(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set):
        return [_kept(one) for one in list(value)[:100]]
    if isinstance(value, Mapping):
        return {str(name): _kept(one) for name, one in list(value.items())[:100]}
    return _cut(str(value))


def _cut(text: str) -> str:
    return redacted(text)[:LONGEST_VALUE]


async def found(
    app: App, wanted: AuditFilter, *, before_id: int | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Return entries, newest first; `before_id` goes on where a page ended."""
    async with app.database.read() as session:
        return await audit.found(
            session,
            actor=wanted.actor,
            act=wanted.act,
            slug=wanted.list_slug,
            since=_begin(wanted.first_day),
            until=_begin(wanted.last_day, days=1),
            before_id=before_id,
            limit=limit,
        )


def _begin(day: date | None, days: int = 0) -> datetime | None:
    try:
        return None if day is None else datetime.fromisoformat(f"{day}T00:00:00+00:00") + timedelta(days=days)
    except OverflowError as error:
        raise InputError(f"{day} is too late a day.") from error


async def actors(app: App) -> Collection[str]:
    """Return everybody who stands in the log."""
    async with app.database.read() as session:
        return await audit.actors(session)


async def as_json(app: App, wanted: AuditFilter) -> str:
    """Return entries as JSON, newest first."""
    rows = [one.model_dump(mode="json") for one in await found(app, wanted, limit=EXPORTED)]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


async def as_csv(app: App, wanted: AuditFilter) -> str:
    """Return entries as CSV, newest first; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns = ("id", "at", "actor", "act", "list_slug", "about", "before", "after", "came_from")
    writer.writerow(columns)
    for one in await found(app, wanted, limit=EXPORTED):
        row = one.model_dump(mode="json")
        writer.writerow([_cell(row[name]) for name in columns])
    return out.getvalue()


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text
