"""Sources in the store."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import MailingList, Source, SourceKind
from digest.model.news.source import SourceEvent

TAKEN = timedelta(minutes=5)
"""How long a source that somebody began to visit is left alone by others."""


class PollState(Protocol):
    """What a visit changes on a source."""

    def changes(self) -> Mapping[str, Any]:
        """Return the changed fields by name."""


async def add(session: AsyncSession, source: Source) -> Source:
    """Keep a new source.

    Raises:
        InputError: its location is known already.
    """
    if await by_location(session, source.location):
        raise InputError(f"{source.location} is a source already.", remedy="`digest sources list` shows it.")
    session.add(source)
    await session.flush()
    return source


async def all_sources(session: AsyncSession, *, by_hand: bool = False) -> list[Source]:
    """Return the stored sources by name; those named on command lines only when asked for."""
    query = select(Source).order_by(col(Source.name), col(Source.id))
    if not by_hand:
        query = query.where(col(Source.by_hand).is_(other=False))
    return list((await session.exec(query)).all())


async def section_keys(session: AsyncSession) -> set[str]:
    """Return the section keys that lists and sources name."""
    lists = (await session.exec(select(MailingList.sections))).all()
    named = (await session.exec(select(Source.section).distinct())).all()
    return {str(spec["key"]) for sections in lists for spec in sections} | {key for key in named if key}


async def by_location(session: AsyncSession, location: str) -> Source | None:
    """Return the source of that location, or None."""
    return (await session.exec(select(Source).where(Source.location == location))).first()


async def find(session: AsyncSession, name: str) -> Source:
    """Return the source of that id, name or location; of several the one whose id it is.

    Raises:
        InputError: there is none, or several have that name.
    """
    same = or_(col(Source.name) == name, col(Source.location) == name)
    if name.isascii() and name.isdigit():
        same = or_(same, col(Source.id) == int(name))
    found = (await session.exec(select(Source).where(same))).all()
    if not found:
        raise NotFoundError(
            f"There is no source {name!r}.", remedy="`digest sources list` shows which there are."
        )
    if by_id := [source for source in found if str(source.id) == name]:
        return by_id[0]
    if len(found) > 1:
        ids = ", ".join(str(source.id) for source in found)
        raise InputError(f"Several sources are named {name!r}.", remedy=f"Use one of their ids: {ids}.")
    return found[0]


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the ids of sources that should be visited now, those that wait longest first."""
    query = (
        select(Source.id)
        .where(col(Source.enabled), ~col(Source.by_hand), col(Source.muted_reason).is_(None))
        .where(col(Source.kind) != SourceKind.WEBHOOK)
        .where(or_(col(Source.next_poll_at).is_(None), col(Source.next_poll_at) <= now))
        .order_by(col(Source.next_poll_at), col(Source.id))
        .limit(limit)
    )
    return [one for one in (await session.exec(query)).all() if one is not None]


async def take(session: AsyncSession, source_id: int, now: datetime) -> Source | None:
    """Take a due source for a visit, so that no other worker visits it as well. None when it is not due any
    more.
    """
    taken = await session.exec(
        update(Source)
        .where(
            col(Source.id) == source_id,
            or_(col(Source.next_poll_at).is_(None), col(Source.next_poll_at) <= now),
        )
        .values(next_poll_at=now + TAKEN, visited_since=now)
    )
    if taken.rowcount != 1:
        return None
    return await session.get(Source, source_id, populate_existing=True)


async def are_visited(session: AsyncSession, now: datetime) -> bool:
    """Say whether a visit goes on that began a short while ago; a longer one has died."""
    going_on = (col(Source.enabled), col(Source.visited_since) > now - TAKEN)
    return (await session.exec(select(Source.id).where(*going_on).limit(1))).first() is not None


async def save_state(session: AsyncSession, source_id: int, state: PollState) -> None:
    """Write what a visit changed, and that it is over. A source that was removed meanwhile stays removed."""
    changes = {"visited_since": None, **state.changes()}
    await session.exec(update(Source).where(col(Source.id) == source_id).values(**changes))


async def change(session: AsyncSession, source_id: int, **fields: datetime) -> None:
    """Set instants of a source by name."""
    await session.exec(update(Source).where(col(Source.id) == source_id).values(**fields))


async def ask_hubs_again(session: AsyncSession) -> None:
    """Have every hub asked anew to tell us of news."""
    await session.exec(update(Source).where(col(Source.hub_until).is_not(None)).values(hub_until=None))


async def touch(session: AsyncSession, source_id: int, now: datetime) -> None:
    """Note that a source brought something new."""
    fresh = {"last_success_at": now, "last_item_at": now, "failures": 0, "last_error": None}
    await session.exec(update(Source).where(col(Source.id) == source_id).values(**fresh))


async def hold_host(session: AsyncSession, host: str, until: datetime) -> int:
    """Leave all sources of a host alone until an instant; returns how many are left alone longer than before.

    `host` as it stands in addresses, with its port if it has one.
    """
    at_host = or_(
        *(
            col(Source.location).startswith(f"{scheme}://{host}{end}", autoescape=True)
            for scheme in ("http", "https")
            for end in ("/", "?")
        ),
        col(Source.location).in_([f"http://{host}", f"https://{host}"]),
    )
    sooner = or_(col(Source.next_poll_at).is_(None), col(Source.next_poll_at) < until)
    done = await session.exec(update(Source).where(at_host, sooner).values(next_poll_at=until))
    return int(done.rowcount)


async def record(session: AsyncSession, event: SourceEvent) -> None:
    """Add a line to a source's history."""
    session.add(event)
    await session.flush()


async def history(session: AsyncSession, source_id: int, limit: int = 50) -> list[SourceEvent]:
    """Return the latest lines of a source's history, newest first."""
    query = (
        select(SourceEvent)
        .where(col(SourceEvent.source_id) == source_id)
        .order_by(col(SourceEvent.at).desc(), col(SourceEvent.id).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def put_aside_since(
    session: AsyncSession, reason: str, since: datetime, limit: int
) -> list[tuple[Source, SourceEvent]]:
    """Return what was put aside since, with its source, newest first; `reason` is the key of such lines."""
    query = (
        select(Source, SourceEvent)
        .where(col(SourceEvent.source_id) == col(Source.id))
        .where(col(SourceEvent.reason) == reason, col(SourceEvent.at) >= since)
        .order_by(col(SourceEvent.at).desc(), col(SourceEvent.id).desc())
        .limit(limit)
    )
    return [(source, event) for source, event in (await session.exec(query)).all()]


async def latest_event(session: AsyncSession, source_id: int, reason: str) -> SourceEvent | None:
    """Return the latest line of a source's history with that reason, or None."""
    query = (
        select(SourceEvent)
        .where(col(SourceEvent.source_id) == source_id, col(SourceEvent.reason) == reason)
        .order_by(col(SourceEvent.at).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def forget_history_before(session: AsyncSession, instant: datetime) -> int:
    """Delete the lines of all histories before an instant; returns how many."""
    done = await session.exec(delete(SourceEvent).where(col(SourceEvent.at) < instant))
    return int(done.rowcount)


async def remove(session: AsyncSession, source_id: int) -> None:
    """Remove a source; its articles go with it."""
    source = await session.get(Source, source_id)
    if source is not None:
        await session.delete(source)
