"""Batches: freeze an audience, claim and give back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import (
    Executable,
    bindparam,
    case,
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
    WebhookEvent,
)
from digest.model.editions.edition_moves import Move
from digest.model.editions.lateness import deadline_after
from digest.model.people.timetable import Timetable
from digest.storage import outbox
from digest.storage.audience.eligible import Planned, audience_of, waits_until
from digest.storage.editions.states import batch_in_time, take

SETTLED = ("sent", "bounced", "failed", "skipped", "in_doubt")
"""The columns of a batch's books, besides `waiting`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that a worker may send until its lease ends. Only the newest fence may record.

    `in_doubt` counts the members who were in doubt when it was claimed. `position` is its place in the
    edition, from 0. `send_deadline` is the batch's own. `sent` were sent by those who had it before.
    """

    batch_id: int
    edition_id: int
    fence: int
    worker: str
    members: tuple[int, ...]
    lease_until: datetime
    in_doubt: int = 0
    position: int = 0
    send_deadline: datetime | None = None
    sent: int = 0


async def freeze(
    session: AsyncSession,
    edition_id: int,
    now: datetime,
    batch_size: int,
    *,
    asleep: Collection[str] = (),
    among: Collection[ColumnElement[bool]] = (),
    timetable: Timetable | None = None,
) -> int:
    """Freeze an edition's audience in batches, in one statement; returns how many are planned.

    Planned are those whom `audience_of` means, at this moment; of the correction of an alert those of them
    who got that alert; of an alert not those whose own quiet hours are among `asleep`. Of an edition for a
    segment those of whom `among` holds. Readers whose own time is still to come stand in batches of their
    own, which are due then. An edition that is frozen already stays as it is, and so does one that begins
    later.
    """
    edition = await session.get(Edition, edition_id, with_for_update=True, populate_existing=True)
    if edition is None or edition.state is not EditionState.APPROVED:
        return edition.planned if edition else 0
    if edition.starts_at is not None and edition.starts_at > now:
        return 0
    dialect = session.get_bind().dialect.name
    planned_times = timetable or Timetable(edition.local_date)
    audience = audience_of(Planned.of(edition), planned_times, now, dialect=dialect, asleep=asleep)
    place = audience.place.label("place")
    number = func.row_number().over(partition_by=audience.place, order_by=col(Subscriber.id)) - 1
    people = audience.of(
        select(col(Subscriber.id).label("id"), place, number.label("number"))
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(*among)
    ).subquery()
    slice_ = people.c.number // batch_size
    gather = func.json_agg if dialect == "postgresql" else func.json_group_array
    comes = waits_until(planned_times, now) if audience.times is not None else []
    rows = core_select(
        literal(edition_id),
        func.row_number().over(order_by=(people.c.place, slice_)) - 1,
        gather(people.c.id),
        func.count(),
        func.count(),
        *[literal(0) for _ in SETTLED],
        literal(value=False),
        _stamp(people.c.place, comes, now),
        literal(0),
        _stamp(people.c.place, comes, None),
        _stamp(people.c.place, [deadline_after(at, planned_times.misfire_hours) for at in comes], None),
    ).group_by(people.c.place, slice_)
    columns = ["edition_id", "position", "members", "size", "waiting", *SETTLED, "done", "due_at", "fence"]
    columns += ["planned_at", "send_deadline"]
    await session.exec(insert(Batch).from_select(columns, rows, include_defaults=False))
    planned = (
        await session.exec(select(func.sum(Batch.size)).where(Batch.edition_id == edition_id))
    ).one() or 0
    edition.planned = planned
    take(edition, Move.START)
    edition.started_at = now
    session.add(edition)
    await session.flush()
    await outbox.note_editions(session, WebhookEvent.ALERT, [edition_id], now)
    await outbox.note_posts(session, edition, now)
    return planned


def _stamp(
    place: ColumnElement[int], comes: Sequence[datetime], else_: datetime | None
) -> ColumnElement[datetime]:
    """The instant of a place, counted from 1; for place 0 the other one."""
    kind = Batch.__table__.c.due_at.type  # type: ignore[attr-defined]
    other = literal(else_, type_=kind)
    if not comes:
        return other
    whens = {number: literal(at, type_=kind) for number, at in enumerate(comes, 1)}
    return case(whens, value=place, else_=other)


async def due_batches(
    session: AsyncSession, now: datetime, limit: int, edition_id: int | None = None
) -> list[int]:
    """Return batches that may be claimed now, in order; of one edition only, when given."""
    query = (
        select(Batch.id)
        .join(Edition, col(Edition.id) == col(Batch.edition_id))
        .where(
            col(Edition.state) == EditionState.SENDING,
            batch_in_time(now),
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
    """Claim a due batch until `now + lease`. None when somebody else has it, or nothing in it is due.

    On PostgreSQL a batch that another worker is just claiming is passed over, not waited for.
    """
    connection = await session.connection()
    given = {"batch": batch_id, "now": now, "until": now + lease, "owner": worker}
    taken = await connection.execute(_taking(), given)
    row = taken.first()
    return Claim(batch_id, row[0], row[1], worker, tuple(row[2]), now + lease, *row[3:]) if row else None


@cache
def _taking() -> Executable:
    """Made once: a batch is claimed while nothing is sent. SQLite has one writer, and no row locks to
    pass over.
    """
    now = bindparam("now", type_=Batch.__table__.c.due_at.type)  # type: ignore[attr-defined]
    sending = exists().where(
        col(Edition.id) == col(Batch.edition_id),
        col(Edition.state) == EditionState.SENDING,
        batch_in_time(now),
    )
    free = (
        select(Batch.id).where(col(Batch.id) == bindparam("batch")).with_for_update(skip_locked=True)
    ).scalar_subquery()
    return (
        update(Batch)
        .where(
            col(Batch.id) == free,
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
            col(Batch.send_deadline),
            col(Batch.sent),
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
