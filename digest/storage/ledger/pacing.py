"""Allowances in the store, shared by all senders."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Allowance, ProviderDomain
from digest.storage.database.dialects import insert_for

CHUNK = 400


async def locked(session: AsyncSession, scope: str, now: datetime, tokens: float) -> Allowance:
    """Return a scope's allowance, made if need be, held until the transaction ends."""
    query = select(Allowance).where(Allowance.scope == scope).with_for_update()
    known = (await session.exec(query)).first()
    if known is None:
        known = Allowance(scope=scope, tokens=tokens, at=now, first_at=now)
        session.add(known)
        await session.flush()
    return known


async def receivers(session: AsyncSession, domains: Collection[str]) -> dict[str, str]:
    """Return the families of those of the domains that are kept; "" where it is the domain's own, or not
    known yet.
    """
    found: dict[str, str] = {}
    ordered = sorted(domains)
    for start in range(0, len(ordered), CHUNK):
        query = select(ProviderDomain).where(col(ProviderDomain.domain).in_(ordered[start : start + CHUNK]))
        found |= {one.domain: one.family for one in (await session.exec(query)).all()}
    return found


async def add_receivers(session: AsyncSession, domains: Collection[str], now: datetime) -> None:
    """Keep domains to be looked up; one that another process keeps at the same moment is left to it."""
    if not domains:
        return
    rows = [{"domain": domain, "family": "", "due_at": now} for domain in sorted(domains)]
    await session.exec(insert_for(session, ProviderDomain).values(rows).on_conflict_do_nothing())


async def due_receivers(session: AsyncSession, now: datetime, limit: int) -> list[str]:
    """Return domains that should be looked up now, those that wait longest first."""
    query = (
        select(ProviderDomain.domain)
        .where(ProviderDomain.due_at <= now)
        .order_by(col(ProviderDomain.due_at))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def keep_receiver(session: AsyncSession, domain: str, family: str | None, due_at: datetime) -> None:
    """Keep what a look-up said, and when to look again; None: nothing was said, and what is known stays."""
    known = {} if family is None else {"family": family}
    await session.exec(
        update(ProviderDomain).where(col(ProviderDomain.domain) == domain).values(due_at=due_at, **known)
    )
