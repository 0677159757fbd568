"""Freeing what a wrong clock put off."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus


async def free(session: AsyncSession, edition_id: int, now: datetime, lease: timedelta) -> int:
    """Make all that waits of an edition due now, because a person says so; returns how many batches that are.

    A lease that lasts longer than any worker may have asked for was taken by a clock that ran ahead: it is void, and its
    owner can record nothing any more.
    """
    await session.exec(
        update(Delivery)
        .where(
            col(Delivery.edition_id) == edition_id,
            col(Delivery.status) == DeliveryStatus.WAITING,
            col(Delivery.next_try_at) > now,
        )
        .values(next_try_at=now)
    )
    await session.exec(
        update(Batch)
        .where(col(Batch.edition_id) == edition_id, col(Batch.lease_until) > now + lease)
        .values(lease_until=None, worker=None, fence=col(Batch.fence) + 1)
    )
    freed = await session.exec(
        update(Batch)
        .where(
            col(Batch.edition_id) == edition_id,
            col(Batch.done).is_(other=False),
            col(Batch.due_at) > now,
        )
        .values(due_at=now)
    )
    return int(freed.rowcount)
