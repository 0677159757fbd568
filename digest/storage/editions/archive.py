"""Read the editions that anybody may read."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Edition, EditionState
from digest.storage.editions.content import was_mailed

READABLE = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
"""What went out, or is going out. So did, whatever became of it, an edition of which one message was sent."""


class ArchivedEdition(NamedTuple):
    """What a list of editions shows of one."""

    number: int
    local_date: date
    subject: str


def _went_out() -> ColumnElement[bool]:
    return or_(col(Edition.state).in_(READABLE), was_mailed())


async def page(
    session: AsyncSession, list_id: int, limit: int, before: int | None = None
) -> list[ArchivedEdition]:
    """Return a list's newest editions that went out, newest first, without what is in them; only those of a
    smaller number than `before`.
    """
    query = (
        select(col(Edition.number), col(Edition.local_date), col(Edition.subject))
        .where(Edition.list_id == list_id, _went_out())
        .order_by(col(Edition.number).desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(col(Edition.number) < before)
    return [ArchivedEdition(*row) for row in (await session.exec(query)).all()]


async def whole(session: AsyncSession, list_id: int, limit: int) -> list[Edition]:
    """Return a list's newest editions that went out, newest first, with all that is in them."""
    query = (
        select(Edition)
        .where(Edition.list_id == list_id, _went_out())
        .order_by(col(Edition.number).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def by_number(session: AsyncSession, list_id: int, number: int) -> Edition | None:
    """Return the edition of that number that went out, or None."""
    query = select(Edition).where(Edition.list_id == list_id, Edition.number == number, _went_out())
    return (await session.exec(query)).first()
