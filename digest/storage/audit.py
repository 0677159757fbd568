"""The audit log in the store."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import AuditEntry


async def add(session: AsyncSession, entry: AuditEntry) -> None:
    """Keep one entry; it can never be changed or taken away."""
    session.add(entry)
    await session.flush()


async def found(
    session: AsyncSession,
    *,
    actor: str = "",
    act: str = "",
    slug: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 100,
) -> list[AuditEntry]:
    """Return entries, newest first. Empty filters let all through; an act also finds those below it."""
    query = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if act:
        query = query.where(col(AuditEntry.act).startswith(act, autoescape=True))
    if slug:
        query = query.where(AuditEntry.list_slug == slug)
    if since is not None:
        query = query.where(col(AuditEntry.at) >= since)
    if until is not None:
        query = query.where(col(AuditEntry.at) < until)
    if before_id is not None:
        query = query.where(col(AuditEntry.id) < before_id)
    return list((await session.exec(query)).all())


async def actors(session: AsyncSession) -> Collection[str]:
    """Return everybody who stands in the log, by name."""
    return (await session.exec(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor))).all()
