"""What the desk's first page shows, without the content of any edition, in the store."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Alarm,
    Batch,
    Edition,
    EditionKind,
    EditionState,
    ListCount,
    MailingList,
    Subscription,
    SubscriptionState,
)

GROWTH = timedelta(days=30)
_HEAD = (
    col(Edition.id),
    col(Edition.list_id),
    col(Edition.number),
    col(Edition.kind),
    col(Edition.local_date),
    col(Edition.state),
    col(Edition.subject),
    col(Edition.held_reason),
    col(Edition.held_code),
    col(Edition.held_about),
    col(Edition.planned),
    col(Edition.started_at),
    col(Edition.finished_at),
    col(Edition.send_deadline),
)


@dataclass(frozen=True, slots=True)
class EditionHead:
    """An edition without its content, which may be a megabyte."""

    id: int
    list_id: int
    number: int
    kind: EditionKind
    local_date: date
    state: EditionState
    subject: str
    held_reason: str | None
    held_code: str
    held_about: dict[str, str]
    planned: int
    started_at: datetime | None
    finished_at: datetime | None
    send_deadline: datetime


async def _heads(session: AsyncSession, query: Any) -> list[EditionHead]:
    return [EditionHead(*row) for row in (await session.exec(query)).all()]


async def in_states(
    session: AsyncSession, states: Collection[EditionState], list_ids: Collection[int], limit: int
) -> list[EditionHead]:
    """Return the editions of some lists that stand in one of the states, newest first."""
    query = (
        select(*_HEAD)  # type: ignore[call-overload]
        .where(col(Edition.state).in_(states), col(Edition.list_id).in_(list_ids))
        .order_by(col(Edition.id).desc())
        .limit(limit)
    )
    return await _heads(session, query)


async def of_list(
    session: AsyncSession, list_id: int, limit: int, below: int | None = None
) -> list[EditionHead]:
    """Return a list's editions, newest first; `below` goes on where a page ended."""
    query = select(*_HEAD).where(Edition.list_id == list_id)  # type: ignore[call-overload]
    if below is not None:
        query = query.where(Edition.number < below)
    return await _heads(session, query.order_by(col(Edition.number).desc()).limit(limit))


async def last_sent(session: AsyncSession, list_id: int) -> EditionHead | None:
    """Return the newest edition of a list that was begun, or None."""
    query = (
        select(*_HEAD)  # type: ignore[call-overload]
        .where(Edition.list_id == list_id, col(Edition.started_at).is_not(None))
        .order_by(col(Edition.number).desc())
        .limit(1)
    )
    return next(iter(await _heads(session, query)), None)


async def made_of_day(session: AsyncSession, list_id: int, kind: EditionKind, day: date) -> bool:
    """Say whether a list has made its edition of that kind and local date."""
    query = select(Edition.id).where(
        Edition.list_id == list_id, Edition.kind == kind, Edition.local_date == day, Edition.topic == ""
    )
    return (await session.exec(query.limit(1))).first() is not None


async def next_to_go(session: AsyncSession, list_id: int, now: datetime) -> tuple[int, datetime] | None:
    """Return the number and the time of the composed edition that goes out next; None where none waits."""
    at = func.coalesce(col(Edition.starts_at), col(Edition.due_at))
    query = (
        select(Edition.number, at)
        .where(
            Edition.list_id == list_id,
            col(Edition.state).in_((EditionState.DRAFT, EditionState.APPROVED)),
            col(Edition.started_at).is_(None),
            at > now,
        )
        .order_by(at)
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return (found[0], found[1]) if found else None


async def books(session: AsyncSession, edition_id: int) -> dict[str, int]:
    """Return an edition's books without the reasons of who was skipped: those are in a million rows."""
    names = ("waiting", "sent", "bounced", "failed", "skipped", "in_doubt")
    sums = select(*(func.coalesce(func.sum(getattr(Batch, name)), 0) for name in names))
    found = (await session.exec(sums.where(Batch.edition_id == edition_id))).one()
    return dict(zip(names, found, strict=True))


async def counts(session: AsyncSession, list_ids: Collection[int]) -> dict[int, ListCount]:
    """Return what was counted of some lists, by list."""
    query = select(ListCount).where(col(ListCount.list_id).in_(list_ids))
    return {one.list_id: one for one in (await session.exec(query)).all()}


async def oldest_count(session: AsyncSession) -> datetime | None:
    """Return when the list was counted that was counted longest ago; None: one never was, or there is
    none.
    """
    query = (
        select(MailingList.id, ListCount.counted_at)
        .outerjoin(ListCount, col(ListCount.list_id) == col(MailingList.id))
        .order_by(col(ListCount.counted_at))
    )
    found = [counted for _, counted in (await session.exec(query)).all()]
    known = [one for one in found if one is not None]
    return min(known) if known and len(known) == len(found) else None


async def count(session: AsyncSession, list_id: int, now: datetime) -> ListCount:
    """Count the people of a list. Looks at each of them."""
    since = now - GROWTH
    state = col(Subscription.state)
    query = select(
        func.count().filter(state == SubscriptionState.CONFIRMED),
        func.count().filter(state == SubscriptionState.PENDING),
        func.count().filter(state == SubscriptionState.CONFIRMED, col(Subscription.confirmed_at) >= since),
        func.count().filter(state == SubscriptionState.LEFT, col(Subscription.left_at) >= since),
    ).where(Subscription.list_id == list_id)
    confirmed, pending, joined, gone = (await session.exec(query)).one()
    return ListCount(
        list_id=list_id, confirmed=confirmed, pending=pending, joined=joined, gone=gone, counted_at=now
    )


async def keep_counts(session: AsyncSession, counted: Collection[ListCount]) -> None:
    """Keep what was counted, in place of what was counted before."""
    await session.exec(delete(ListCount).where(col(ListCount.list_id).in_([one.list_id for one in counted])))
    session.add_all(counted)
    await session.flush()


async def recent_alarms(session: AsyncSession, kind: str, since: datetime, limit: int) -> list[Alarm]:
    """Return the alarms of a kind that were raised since, one for each matter, newest first."""
    query = (
        select(Alarm)
        .where(Alarm.kind == kind, col(Alarm.created_at) >= since)
        .order_by(col(Alarm.id).desc())
        .limit(limit)
    )
    found: dict[str, Alarm] = {}
    for one in (await session.exec(query)).all():
        found.setdefault(one.about, one)
    return list(found.values())


async def newest_content(session: AsyncSession, list_id: int) -> Mapping[str, Any] | None:
    """Return the content of a list's newest edition, or None; of an alert only where there is no other."""
    is_alert = case((col(Edition.kind) == EditionKind.BREAKING, 1), else_=0)
    query = (
        select(Edition.content)
        .where(Edition.list_id == list_id)
        .order_by(is_alert, col(Edition.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()
