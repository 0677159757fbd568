"""Free batches whose due times and leases no wait explains."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, literal, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionState,
)
from digest.model.people.timetable import OWN_TIME_WITHIN


async def make_due(
    session: AsyncSession, now: datetime, longest_lease: timedelta, edition_id: int | None = None
) -> int:
    """Make all that waits due now, of one edition or of all that are sent; returns how many batches were not.

    For what only a clock that was wrong can explain, and for a person's word. It harms nothing: a batch in
    which all wait for their next try, or for the pace, is given back as it was. A batch whose readers' hour
    is still to come waits for it. A lease is let go only where no lease can be so long.
    """
    chosen = [col(Batch.done).is_(other=False), *_of_sending(edition_id)]
    await _void_leases(session, now, longest_lease, chosen)
    earliest = _not_before_its_hour(now)
    freed = await session.exec(
        update(Batch).where(*chosen, col(Batch.due_at) > earliest).values(due_at=earliest)
    )
    # A try that was made in the future: nobody knows when the next one was meant to be.
    await session.exec(
        update(Delivery)
        .where(*_tried_of_sending(edition_id), col(Delivery.at) > now, col(Delivery.next_try_at) > now)
        .values(next_try_at=now)
    )
    return freed.rowcount


async def pull_in(
    session: AsyncSession, now: datetime, longest_wait: timedelta, longest_lease: timedelta
) -> int:
    """Void times that lie further ahead than any wait or lease can; returns how many batches had such a due
    time.
    """
    chosen = [col(Batch.done).is_(other=False), *_of_sending(None)]
    latest = now + longest_wait
    # A wait for the readers' hour may be longer than any other, but not by a retry or by a wrong clock.
    is_too_late = and_(col(Batch.due_at) > latest, col(Batch.due_at) > _not_before_its_hour(now))
    await _void_leases(session, now, longest_lease, chosen)
    late = (await session.exec(select(Batch.id, Batch.edition_id).where(*chosen, is_too_late))).all()
    if late:
        for edition_id in {row[1] for row in late}:
            await session.exec(
                update(Delivery)
                .where(*_tried_of_sending(edition_id), col(Delivery.next_try_at) > latest)
                .values(next_try_at=now)
            )
        await session.exec(update(Batch).where(*chosen, is_too_late).values(due_at=_not_before_its_hour(now)))
    return len(late)


async def let_go(session: AsyncSession, worker: str, edition_id: int) -> None:
    """End a worker's own leases on an edition's batches: it lost sight of them while the database was
    away.
    """
    await session.exec(
        update(Batch)
        .where(
            col(Batch.edition_id) == edition_id, col(Batch.worker) == worker, col(Batch.done).is_(other=False)
        )
        .values(lease_until=None, worker=None)
    )


async def _void_leases(
    session: AsyncSession, now: datetime, longest: timedelta, chosen: Sequence[ColumnElement[bool]]
) -> None:
    await session.exec(
        update(Batch)
        .where(*chosen, col(Batch.lease_until) > now + longest)
        .values(lease_until=None, worker=None)
    )


def _not_before_its_hour(now: datetime) -> ColumnElement[datetime]:
    """Return the first instant at which a batch may be due: now, or when the hour of its readers comes.

    An hour further ahead than any can be is a wrong clock's, and counts for nothing.
    """
    planned = col(Batch.planned_at)
    kind = Batch.__table__.c.due_at.type  # type: ignore[attr-defined]
    stamp = literal(now, type_=kind)
    return case((and_(planned > now, planned <= now + OWN_TIME_WITHIN), planned), else_=stamp)


def _of_sending(edition_id: int | None) -> list[ColumnElement[bool]]:
    if edition_id is not None:
        return [col(Batch.edition_id) == edition_id]
    sending = select(Edition.id).where(Edition.state == EditionState.SENDING)
    return [col(Batch.edition_id).in_(sending)]


def _tried_of_sending(edition_id: int | None) -> list[ColumnElement[bool]]:
    sending = select(Edition.id).where(Edition.state == EditionState.SENDING)
    own = col(Delivery.edition_id) == edition_id if edition_id else col(Delivery.edition_id).in_(sending)
    return [own, col(Delivery.status) == DeliveryStatus.WAITING]
