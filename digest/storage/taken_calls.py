"""Remember providers' signed calls that were taken."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import TakenCall
from digest.storage.database.dialects import insert_for


async def take(
    session: AsyncSession, token_hash: str, body_hash: str, now: datetime, oldest: datetime
) -> TakenCall:
    """Keep that a signature came with a body, unless it was kept already; returns what is kept.

    Those from before `oldest`, which would be refused by their age, are dropped: the table holds no more than
    came since.
    """
    await session.exec(delete(TakenCall).where(col(TakenCall.at) < oldest))
    row = {"token_hash": token_hash, "body_hash": body_hash, "at": now, "done": False}
    await session.exec(insert_for(session, TakenCall).values(row).on_conflict_do_nothing())
    # Another's, if it was there first: this waited until that was committed.
    return (await session.exec(select(TakenCall).where(TakenCall.token_hash == token_hash))).one()


async def done(session: AsyncSession, token_hash: str) -> None:
    """Note that what a call says was counted."""
    await session.exec(update(TakenCall).where(col(TakenCall.token_hash) == token_hash).values(done=True))
