"""Batches: freeze an audience, claim and give back."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    Executable,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    update,
)
from sqlalchemy import select as core_select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionState,
    Subscriber,
    Subscription,
)
from digest.model.editions.edition_moves import Move
from digest.storage.audience.eligible import planned_for
from digest.storage.editions.states import in_time, take

SETTLED = ("sent", "bounced", "failed", "skipped", "in_doubt")
"""The columns of a batch's books, besides `waiting`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that a worker may send until its lease ends. Only the newest fence may record.

    `in_doubt` counts the members who were in doubt when it was claimed. `position` is its place in the
    edition, from 0.
    """

    batch_id: int
    edition_id: int
    fence: int
    worker: str
    members: tuple[int, ...]
    lease_until: datetime
    in_doubt: int = 0
    position: int = 0


async def freeze(
    session: AsyncSession,
    edition_id: int,
    now: datetime,
    batch_size: int,
    *,
    asleep: Collection[str] = (),
    among: Collection[ColumnElement[bool]] = (),
) -> int:
    """Freeze an edition's audience in batches, in one statement; returns how many are planned.

    Planned are those whom `wanting` means, at this moment; of the correction of an alert those of them who
    got that alert; of an alert not those whose own quiet hours are among `asleep`; of an edition for a
    segment those of whom `among` holds. An edition that is frozen
    already stays as it is.
    """
    edition = await session.get(Edition, edition_id, with_for_update=True, populate_existing=True)
    if edition is None or edition.state is not EditionState.APPROVED:
        return edition.planned if edition else 0
    postgresql = session.get_bind().dialect.name == "postgresql"
    gather = func.json_agg if postgresql else func.json_group_array
    place = (func.row_number().over(order_by=col(Subscriber.id)) - 1).label("place")
    audience = (
        select(col(Subscriber.id).label("id"), place)
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(*planned_for(edition, asleep), *among)
        .subquery()
    )
    position = audience.c.place // batch_size
    stamp = literal(now, type_=Batch.__table__.c.due_at.type)  # type: ignore[attr-defined]
    rows = core_select(
        literal(edition_id),
        position,
        gather(audience.c.id),
        func.count(),
        func.count(),
        *[literal(0) for _ in SETTLED],
        literal(value=False),
        stamp,
        literal(0),
    ).group_by(position)
    columns = ["edition_id", "position", "members", "size", "waiting", *SETTLED, "done", "due_at", "fence"]
    await session.exec(insert(Batch).from_select(columns, rows, include_defaults=False))
    planned = (
        await session.exec(select(func.sum(Batch.size)).where(Batch.edition_id == edition_id))
    ).one() or 0
    edition.planned = planned
    take(edition, Move.START)
    edition.started_at = now
    session.add(edition)
    await session.flush()
    return planned


async def due_batches(
    session: AsyncSession, now: datetime, limit: int, edition_id: int | None = None
) -> list[int]:
    """Return batches that may be claimed now, in order; of one edition only, when given."""
    query = (
        select(Batch.id)
        .join(Edition, col(Edition.id) == col(Batch.edition_id))
        .where(
            col(Edition.state) == EditionState.SENDING,
            in_time(now),
            col(Batch.done).is_(other=False),
            col(Batch.due_at) <= now,
            or_(col(Batch.lease_until).is_(None), col(Batch.lease_until) < now),
        )
        .order_by(col(Batch.due_at), col(Batch.id))
        .limit(limit)
    )
    if edition_id is not None:
        query = query.where(Batch.edition_id == edition_id)
    return [one for one in (await session.exec(query)).all() if one is not None]


async def claim(
    session: AsyncSession, batch_id: int, worker: str, now: datetime, lease: timedelta
) -> Claim | None:
    """Claim a due batch until `now + lease`. None when somebody else has it, or nothing in it is due."""
    connection = await session.connection()
    given = {"batch": batch_id, "now": now, "until": now + lease, "owner": worker}
    taken = await connection.execute(_taking(), given)
    row = taken.first()
    return (
        Claim(batch_id, row[0], row[1], worker, tuple(row[2]), now + lease, row[3], row[4]) if row else None
    )


@cache
def _taking() -> Executable:
    """Made once: a batch is claimed while nothing is sent."""
    now = bindparam("now", type_=Batch.__table__.c.due_at.type)  # type: ignore[attr-defined]
    sending = exists().where(
        col(Edition.id) == col(Batch.edition_id),
        col(Edition.state) == EditionState.SENDING,
        in_time(now),
    )
    return (
        update(Batch)
        .where(
            col(Batch.id) == bindparam("batch"),
            col(Batch.done).is_(other=False),
            col(Batch.due_at) <= now,
            or_(col(Batch.lease_until).is_(None), col(Batch.lease_until) < now),
            sending,
        )
        .values(lease_until=bindparam("until"), worker=bindparam("owner"), fence=col(Batch.fence) + 1)
        .returning(
            col(Batch.edition_id),
            col(Batch.fence),
            col(Batch.members),
            col(Batch.in_doubt),
            col(Batch.position),
        )
    )


async def renew(session: AsyncSession, held: Claim, now: datetime, lease: timedelta) -> Claim | None:
    """Hold a claim for longer. None when it was lost; one whose lease ran out unnoticed is simply held
    again.
    """
    done = await session.exec(
        update(Batch)
        .where(col(Batch.id) == held.batch_id, col(Batch.fence) == held.fence)
        .values(lease_until=now + lease)
    )
    return replace(held, lease_until=now + lease) if done.rowcount == 1 else None


async def postpone(session: AsyncSession, held: Claim, until: datetime) -> None:
    """Give a batch back untried, for later."""
    await session.exec(
        update(Batch)
        .where(col(Batch.id) == held.batch_id, col(Batch.fence) == held.fence)
        .values(lease_until=None, worker=None, due_at=until)
    )


async def release(session: AsyncSession, held: Claim, now: datetime) -> None:
    """Give a batch back: done when nobody in it waits, else due when the first of its retries is.

    When some were not tried at all it is due at `now`, which the pace may put later.
    """
    waiting_now = (
        await session.exec(
            select(Batch.waiting)
            .where(Batch.id == held.batch_id, Batch.fence == held.fence)
            .with_for_update()
        )
    ).first()
    if waiting_now is None:
        return
    due = now
    if waiting_now:
        first, postponed = (
            await session.exec(
                select(func.min(Delivery.next_try_at), func.count(col(Delivery.next_try_at))).where(
                    Delivery.edition_id == held.edition_id,
                    col(Delivery.subscriber_id).in_(held.members),
                    Delivery.status == DeliveryStatus.WAITING,
                )
            )
        ).one()
        due = first if first is not None and postponed == waiting_now else now
    await session.exec(
        update(Batch)
        .where(col(Batch.id) == held.batch_id)
        .values(lease_until=None, worker=None, done=waiting_now == 0, due_at=due)
    )
