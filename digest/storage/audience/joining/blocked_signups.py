"""Sign-ups that were kept back, in the store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import BlockedSignup, MailingList


async def every(
    session: AsyncSession, list_id: int | None, since: datetime
) -> list[tuple[BlockedSignup, str]]:
    """Return those of a list, or of all, since then, each with its list's slug, newest first."""
    query = (
        select(BlockedSignup, MailingList.slug)
        .join(MailingList, col(MailingList.id) == col(BlockedSignup.list_id))
        .where(col(BlockedSignup.at) >= since)
    )
    if list_id is not None:
        query = query.where(BlockedSignup.list_id == list_id)
    rows = await session.exec(query.order_by(col(BlockedSignup.at).desc(), col(BlockedSignup.id).desc()))
    return [(one, slug) for one, slug in rows.all()]


async def take(session: AsyncSession, ids: Sequence[int], since: datetime) -> list[BlockedSignup]:
    """Take those of these numbers that came since then out of the store."""
    taken = await session.exec(
        delete(BlockedSignup)
        .where(col(BlockedSignup.id).in_(ids), col(BlockedSignup.at) >= since)
        .returning(BlockedSignup)
    )
    return [row[0] for row in taken.all()]


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Drop those that came before then."""
    await session.exec(delete(BlockedSignup).where(col(BlockedSignup.at) < before))
