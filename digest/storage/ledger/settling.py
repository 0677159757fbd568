"""Settle what waits of an edition without sending it."""

from datetime import datetime

from sqlalchemy import func, text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Edition, Notice
from digest.model.editions.edition_moves import Move
from digest.storage.editions.states import moving
from digest.storage.ledger import outcomes

WENT_OUT = "went out before the database was taken back"
"""The reason of those who are skipped so."""
_MEMBERS = {
    "sqlite": "SELECT batch.edition_id AS edition, value AS person FROM batch, json_each(batch.members)",
    "postgresql": "SELECT batch.edition_id AS edition, value::text::int AS person"
    " FROM batch, json_array_elements(batch.members)",
}


async def settle(session: AsyncSession, edition_id: int, now: datetime) -> int:
    """Skip whoever waits of a held edition and finish it, as one that went out; returns how many were
    skipped.
    """
    waiting = (
        await session.exec(select(func.sum(Batch.waiting)).where(Batch.edition_id == edition_id))
    ).one() or 0
    made = (
        await session.exec(
            select(Batch.id)
            .where(Batch.edition_id == edition_id, Batch.waiting > 0)
            .order_by(col(Batch.id))
            .with_for_update()
        )
    ).all()
    for batch_id in filter(None, made):
        await _skip(session, batch_id, now)
    await session.exec(
        update(Batch)
        .where(col(Batch.edition_id) == edition_id, col(Batch.waiting) == 0)
        .values(done=True, lease_until=None, worker=None, fence=col(Batch.fence) + 1)
    )
    began = func.coalesce(col(Edition.started_at), now)
    values = {"started_at": began, "finished_at": now, "held_reason": None, "held_code": ""}
    await session.exec(
        moving(Move.SETTLE, col(Edition.id) == edition_id, **values).execution_options(
            synchronize_session=False
        )
    )
    return int(waiting)


async def _skip(session: AsyncSession, batch_id: int, now: datetime) -> None:
    connection = await session.connection()
    dialect = connection.dialect.name
    statement = f"""
INSERT INTO delivery (edition_id, subscriber_id, status, reason, reply, attempts, at, history)
SELECT edition, person, 'skipped', '{WENT_OUT}', '', 0, :now, '[]'
FROM ({_MEMBERS[dialect]} WHERE batch.id = :batch) AS member WHERE true
ON CONFLICT (edition_id, subscriber_id) DO UPDATE
SET status = excluded.status, reason = excluded.reason, next_try_at = NULL WHERE delivery.status = 'waiting'
"""  # noqa: S608 - only constants of this file
    at = now if dialect == "postgresql" else outcomes.stamp(dialect, now)
    await session.exec(text(statement).bindparams(now=at, batch=batch_id))  # type: ignore[call-overload]
    await connection.run_sync(outcomes.recount, batch_id)


async def drop_notices(session: AsyncSession, until: datetime) -> int:
    """Never send the confirmations that were asked for until an instant: they went out, too. Returns how
    many.
    """
    done = await session.exec(
        update(Notice)
        .where(col(Notice.sent_at).is_(None), col(Notice.created_at) <= until)
        .values(next_try_at=None)
    )
    return int(done.rowcount)
