"""How far an edition on its way is, in the store."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus, Subscriber
from digest.storage.database.dialects import domain_of_subscriber


async def settled_since(session: AsyncSession, edition_id: int, since: datetime) -> int:
    """Return how many of an edition's recipients were settled since. Costs a look at every row of the
    edition.
    """
    query = select(func.count()).where(
        Delivery.edition_id == edition_id,
        col(Delivery.at) >= since,
        Delivery.status != DeliveryStatus.WAITING,
        Delivery.status != DeliveryStatus.IN_DOUBT,
    )
    return (await session.exec(query)).one()


async def deferred(session: AsyncSession, edition_id: int, now: datetime) -> tuple[int, datetime | None]:
    """Return how many wait for a later try, and when the last of these is."""
    query = select(func.count(), func.max(Delivery.next_try_at)).where(
        Delivery.edition_id == edition_id,
        Delivery.status == DeliveryStatus.WAITING,
        col(Delivery.next_try_at) > now,
    )
    count, last = (await session.exec(query)).one()
    return count, last


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Who waits of an edition: how many, for what words of a server (most frequent first), and until when the
    first.

    Those `for_their_hour` wait for one that they chose, and for nothing else.
    """

    count: int
    for_their_hour: int = 0
    words: tuple[tuple[str, int], ...] = ()
    next_at: datetime | None = None


async def waits(session: AsyncSession, edition_id: int, now: datetime, most: int = 3) -> Waits:
    """Return who waits of an edition, and why."""
    hours, _, _ = await for_their_hour(session, edition_id, now)
    query = select(func.sum(Batch.waiting), func.min(Batch.due_at)).where(
        Batch.edition_id == edition_id, Batch.waiting > 0
    )
    count, next_at = (await session.exec(query)).one()
    said = (
        select(Delivery.code, Delivery.reply, func.count())
        .where(
            Delivery.edition_id == edition_id,
            Delivery.status == DeliveryStatus.WAITING,
            col(Delivery.attempts) > 0,
        )
        .group_by(col(Delivery.code), col(Delivery.reply))
        .order_by(func.count().desc())
        .limit(most)
    )
    words = tuple(
        (f"{code or ''} {reply}".strip() or "no reply", number)
        for code, reply, number in (await session.exec(said)).all()
    )
    return Waits(count=count or 0, words=words, next_at=next_at, for_their_hour=hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainBooks:
    """What became of an edition at one domain: how many rows of the ledger are of each kind."""

    domain: str
    sent: int = 0
    bounced: int = 0
    failed: int = 0
    waiting: int = 0
    in_doubt: int = 0


async def by_domain(session: AsyncSession, edition_id: int, most: int) -> list[DomainBooks]:
    """Return an edition's books at the domains that most of its recipients have, largest first. Costs a look
    at every row of the edition.
    """
    domain = domain_of_subscriber(session)
    names = ("sent", "bounced", "failed", "waiting", "in_doubt")
    counts = [func.count().filter(col(Delivery.status) == DeliveryStatus(one)) for one in names]
    query = (
        core_select(domain, *counts)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(col(Delivery.edition_id) == edition_id, col(Delivery.status) != DeliveryStatus.SKIPPED)
        .group_by(domain)
        .order_by(func.count().desc(), domain)
        .limit(most)
    )
    rows = await (await session.connection()).execute(query)
    return [DomainBooks(domain=row[0], **dict(zip(names, row[1:], strict=True))) for row in rows]


async def batches(session: AsyncSession, edition_id: int, now: datetime) -> tuple[int, int, int]:
    """Return how many batches there are, how many are done, and how many are being sent at this moment."""
    every, done = (
        await session.exec(
            select(func.count(), func.count().filter(col(Batch.done))).where(Batch.edition_id == edition_id)
        )
    ).one()
    query = select(func.count()).where(
        Batch.edition_id == edition_id, col(Batch.done).is_(other=False), col(Batch.lease_until) > now
    )
    return every, done, (await session.exec(query)).one()


async def for_their_hour(
    session: AsyncSession, edition_id: int, now: datetime
) -> tuple[int, datetime | None, datetime | None]:
    """Return how many wait for an hour that they chose, and when the first and the last of these hours is."""
    query = select(
        func.coalesce(func.sum(Batch.waiting), 0), func.min(Batch.planned_at), func.max(Batch.planned_at)
    ).where(Batch.edition_id == edition_id, Batch.waiting > 0, col(Batch.planned_at) > now)
    count, first, last = (await session.exec(query)).one()
    return int(count), first, last
