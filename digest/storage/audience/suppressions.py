"""Suppressions in the store: which hashes must never be mailed, and which were taken off the list again."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import JSON, Executable, bindparam, func
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Suppression, SuppressionRemoval
from digest.storage.database.dialects import insert_for, json_values

AT_ONCE = 2000
"""Rows of one read, and of one write."""


async def suppress(
    session: AsyncSession, address_hash: str, reason: str, now: datetime, *, note: str = ""
) -> bool:
    """Never mail that address again; the first reason stays. False: it was suppressed before."""
    if await session.get(Suppression, address_hash) is not None:
        return False
    session.add(Suppression(address_hash=address_hash, reason=reason, note=note, created_at=now))
    await session.flush()
    return True


async def suppress_all(
    session: AsyncSession, hashes: Iterable[str], reason: str, now: datetime, *, note: str = ""
) -> int:
    """Never mail those addresses again; returns how many were not suppressed before."""
    given = list(dict.fromkeys(hashes))
    known = await suppressed(session, given)
    fresh = [
        {"address_hash": one, "reason": reason, "note": note, "created_at": now, "import_id": None}
        for one in given
        if one not in known
    ]
    if fresh:
        await (await session.connection()).execute(
            insert_for(session, Suppression.__table__).on_conflict_do_nothing(),  # type: ignore[attr-defined]
            fresh,
        )
    return len(fresh)


async def suppression_of(session: AsyncSession, hashes: Sequence[str]) -> Suppression | None:
    """Return why an address must not be mailed, or None; `hashes` are all that it may be kept under, one for
    each key.
    """
    query = select(Suppression).where(col(Suppression.address_hash).in_(hashes))
    return (await session.exec(query.order_by(col(Suppression.created_at)).limit(1))).first()


async def suppressed(session: AsyncSession, hashes: Sequence[str]) -> set[str]:
    """Return those of the hashes whose addresses must not be mailed."""
    if not hashes:
        return set()
    connection = await session.connection()
    found = await connection.execute(_suppressed(connection.dialect.name), {"hashes": list(hashes)})
    return {row[0] for row in found}


@cache
def _suppressed(dialect: str) -> Executable:
    """The hashes go as one value: with as many parameters as there are hashes the statement would be made
    anew each time.
    """
    given = json_values(dialect, bindparam("hashes", type_=JSON))
    return core_select(col(Suppression.address_hash)).where(
        col(Suppression.address_hash).in_(core_select(given.c.value))
    )


async def lift(session: AsyncSession, hashes: Sequence[str], now: datetime, why: str) -> int:
    """Let an address be mailed again, and record why; `hashes` as `suppression_of`. Returns how many rows
    went.
    """
    found = (await session.exec(select(Suppression).where(col(Suppression.address_hash).in_(hashes)))).all()
    for one in found:
        session.add(
            SuppressionRemoval(
                address_hash=one.address_hash,
                was=one.reason,
                suppressed_at=one.created_at,
                removed_at=now,
                why=why,
            )
        )
        await session.delete(one)
    await session.flush()
    return len(found)


async def counts(session: AsyncSession) -> Mapping[str, int]:
    """Return how many addresses are suppressed for each reason, the most frequent first."""
    query = select(Suppression.reason, func.count()).group_by(Suppression.reason)
    rows = (await session.exec(query.order_by(func.count().desc(), Suppression.reason))).all()
    return dict(rows)


async def every(
    session: AsyncSession, reason: str | None = None, limit: int | None = None
) -> AsyncIterator[Suppression]:
    """Yield the suppressions, the newest first, some thousand at a time; `reason`: those alone."""
    query = select(Suppression).order_by(col(Suppression.created_at).desc(), Suppression.address_hash)
    if reason is not None:
        query = query.where(Suppression.reason == reason)
    if limit is not None:
        query = query.limit(limit)
    found = await session.stream(query.execution_options(yield_per=AT_ONCE))
    async for one in found.scalars():
        yield one


async def removals(session: AsyncSession, hashes: Sequence[str]) -> list[SuppressionRemoval]:
    """Return what was taken off the list for an address, oldest first."""
    query = select(SuppressionRemoval).where(col(SuppressionRemoval.address_hash).in_(hashes))
    return list((await session.exec(query.order_by(col(SuppressionRemoval.removed_at)))).all())
