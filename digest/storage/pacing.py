"""Allowances in the store: read, taken from and written in one short transaction that all senders queue for."""

from datetime import datetime

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Allowance


async def locked(session: AsyncSession, scope: str, now: datetime, tokens: float) -> Allowance:
    """Return a scope's allowance, made if need be, held until the transaction ends."""
    query = select(Allowance).where(Allowance.scope == scope).with_for_update()
    known = (await session.exec(query)).first()
    if known is None:
        known = Allowance(scope=scope, tokens=tokens, at=now, first_at=now)
        session.add(known)
        await session.flush()
    return known
