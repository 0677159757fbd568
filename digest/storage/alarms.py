"""Alarms in the store, one a day for each matter."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Alarm, Batch, Delivery, Edition, EditionState, MailingList
from digest.storage import tries
from digest.storage.editions.states import finished_late


async def add(session: AsyncSession, alarm: Alarm) -> bool:
    """Keep an alarm to be told; False: the same was kept that day already."""
    query = select(Alarm.id).where(
        Alarm.kind == alarm.kind,
        Alarm.about == alarm.about,
        Alarm.day == alarm.day,
        Alarm.channel == alarm.channel,
    )
    if (await session.exec(query)).first() is not None:
        return False
    session.add(alarm)
    await session.flush()
    return True


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the ids of alarms that should be told now, who waits longest first."""
    return await tries.due(session, Alarm, now, limit, _untold())


async def take(
    session: AsyncSession, alarm_id: int, now: datetime, waits: Sequence[timedelta]
) -> Alarm | None:
    """Take a due alarm for sending; it is due again after its next wait, or never. None: somebody else has
    it.
    """
    return await tries.take(session, Alarm, alarm_id, now, waits, _untold())


def _untold() -> ColumnElement[bool]:
    return col(Alarm.told_at).is_(None)


async def mark_sent(session: AsyncSession, alarm_id: int, now: datetime) -> None:
    """Note that an alarm was told."""
    await session.exec(update(Alarm).where(col(Alarm.id) == alarm_id).values(told_at=now, next_try_at=None))


async def forget(session: AsyncSession, before: datetime) -> int:
    """Drop alarms older than that; returns how many."""
    return (await session.exec(delete(Alarm).where(col(Alarm.created_at) < before))).rowcount


async def stopped_editions(
    session: AsyncSession, now: datetime, since: timedelta
) -> list[tuple[Edition, str]]:
    """Return the editions of late that a person should look at, each with its list's slug.

    They are paused or held with a reason, or were finished after their deadline.
    """
    query = (
        select(Edition, MailingList.slug)
        .join(MailingList, col(MailingList.id) == col(Edition.list_id))
        .where(
            col(Edition.created_at) >= now - since,
            or_(
                and_(
                    col(Edition.state).in_((EditionState.PAUSED, EditionState.HELD)),
                    col(Edition.held_reason).is_not(None),
                ),
                and_(
                    col(Edition.state) == EditionState.FINISHED,
                    finished_late(),
                ),
            ),
        )
        .order_by(col(Edition.id))
    )
    return [(edition, slug) for edition, slug in (await session.exec(query)).all()]


async def stalled_editions(session: AsyncSession, before: datetime) -> list[tuple[Edition, str]]:
    """Return the editions that are to be sent and that nobody has worked on since an instant, each with its
    list's slug.

    A batch of theirs is due since then, none was anybody's since then, and no outcome was written since then.
    """
    of_edition = col(Batch.edition_id) == col(Edition.id)
    due = exists().where(of_edition, col(Batch.done).is_(other=False), col(Batch.due_at) < before)
    held = exists().where(of_edition, col(Batch.lease_until) >= before)
    heard = exists().where(col(Delivery.edition_id) == col(Edition.id), col(Delivery.at) >= before)
    query = (
        select(Edition, MailingList.slug)
        .join(MailingList, col(MailingList.id) == col(Edition.list_id))
        .where(
            col(Edition.state) == EditionState.SENDING,
            col(Edition.started_at) < before,
            or_(col(Edition.resumed_at).is_(None), col(Edition.resumed_at) < before),
            due,
            ~held,
            ~heard,
        )
        .order_by(col(Edition.id))
    )
    return [(edition, slug) for edition, slug in (await session.exec(query)).all()]
