"""Bounce evidence, scores and counts in the store."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, delete, exists, func, literal_column, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Batch,
    BounceEvent,
    BounceScore,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionState,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.rows import known_id
from digest.storage.database.dialects import domain_of_subscriber

SETTLED = (DeliveryStatus.SENT, DeliveryStatus.BOUNCED, DeliveryStatus.FAILED)
COUNTED = ("hard", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A recipient whom a server refused for good while we talked to it. `bounced`: it said 5.1.x at RCPT."""

    subscriber_id: int
    bounced: bool
    code: int
    reply: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Count:
    """Of one edition at one domain: how many were settled, bounced (at once or later) and complained."""

    settled: int
    bounced: int
    complained: int


async def locked(session: AsyncSession, subscriber_id: int) -> tuple[Subscriber, BounceScore] | None:
    """Return a person with the score, a new one if need be, held until the transaction ends. None:
    deleted.
    """
    query = select(Subscriber).where(Subscriber.id == subscriber_id).with_for_update()
    person = (await session.exec(query)).first()
    if person is None:
        return None
    score = await session.get(BounceScore, subscriber_id, populate_existing=True)
    return person, score or BounceScore(subscriber_id=subscriber_id)


async def is_known(session: AsyncSession, event: BounceEvent, day: tuple[datetime, datetime]) -> bool:
    """Say whether the same was said about the same person and edition on that day (from, to) already."""
    query = select(BounceEvent.id).where(
        BounceEvent.subscriber_id == event.subscriber_id,
        col(BounceEvent.edition_id).is_(None)
        if event.edition_id is None
        else col(BounceEvent.edition_id) == event.edition_id,
        BounceEvent.event == event.event,
        BounceEvent.weight == event.weight,
        col(BounceEvent.at) >= day[0],
        col(BounceEvent.at) < day[1],
    )
    return (await session.exec(query.limit(1))).first() is not None


async def history(session: AsyncSession, subscriber_id: int, limit: int) -> list[BounceEvent]:
    """Return what is known against a person's address, newest first."""
    query = (
        select(BounceEvent)
        .where(BounceEvent.subscriber_id == subscriber_id)
        .order_by(col(BounceEvent.at).desc(), col(BounceEvent.id).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def score(session: AsyncSession, subscriber_id: int) -> BounceScore | None:
    """Return a person's score, or None when nothing is held against the address."""
    return await session.get(BounceScore, subscriber_id)


async def forget(session: AsyncSession, subscriber_id: int) -> None:
    """Hold nothing against an address any more; the evidence stays."""
    await session.exec(delete(BounceScore).where(col(BounceScore.subscriber_id) == subscriber_id))


async def forget_stale(session: AsyncSession, before: date) -> int:
    """Drop the scores whose last bounce was before that day; returns how many."""
    done = await session.exec(delete(BounceScore).where(col(BounceScore.last_on) < before))
    return done.rowcount


async def confirmed_list(session: AsyncSession, subscriber_id: int) -> int | None:
    """Return the first list that a person reads, or None."""
    query = (
        select(Subscription.list_id)
        .where(Subscription.subscriber_id == subscriber_id, Subscription.state == SubscriptionState.CONFIRMED)
        .order_by(col(Subscription.list_id))
    )
    return (await session.exec(query)).first()


async def latest_editions(
    session: AsyncSession, subscriber_id: int, limit: int
) -> list[tuple[int, str, int]]:
    """Return (id, fingerprint, list) of the editions that were sent to a person, newest first."""
    query = (
        select(Edition.id, Edition.fingerprint, Edition.list_id)
        .join(Delivery, col(Delivery.edition_id) == col(Edition.id))
        .where(Delivery.subscriber_id == subscriber_id)
        .order_by(col(Edition.id).desc())
        .limit(limit)
    )
    return [
        (known_id(one), fingerprint, of_list)
        for one, fingerprint, of_list in (await session.exec(query)).all()
    ]


async def refusals(
    session: AsyncSession, edition_id: int, members: Sequence[int] | None = None
) -> list[Refusal]:
    """Return the refusals of an edition that are not counted yet, by subscriber; among `members` only, if
    given.
    """
    counted = exists().where(
        col(BounceEvent.edition_id) == edition_id,
        col(BounceEvent.subscriber_id) == col(Delivery.subscriber_id),
        col(BounceEvent.at) >= col(Delivery.at),
    )
    query = (
        select(Delivery)
        .where(Delivery.edition_id == edition_id, _refused(), ~counted)
        .order_by(col(Delivery.subscriber_id))
    )
    if members is not None:
        query = query.where(col(Delivery.subscriber_id).in_(members))
    return [
        Refusal(
            subscriber_id=one.subscriber_id,
            bounced=one.status == DeliveryStatus.BOUNCED,
            code=one.code or 0,
            reply=one.reply,
            at=one.at,
        )
        for one in (await session.exec(query)).all()
    ]


async def with_refusals(session: AsyncSession, since: datetime) -> list[int]:
    """Return the editions begun since, and not paused, in which somebody was refused."""
    query = (
        select(Edition.id)
        .where(
            col(Edition.started_at) >= since,
            Edition.state != EditionState.PAUSED,
            exists().where(
                col(Batch.edition_id) == col(Edition.id), or_(col(Batch.bounced) > 0, col(Batch.failed) > 0)
            ),
        )
        .order_by(col(Edition.id))
    )
    return [one for one in (await session.exec(query)).all() if one is not None]


async def disabled(session: AsyncSession) -> int:
    """Return how many addresses are not mailed any more."""
    query = select(func.count()).select_from(Subscriber).where(col(Subscriber.disabled_reason).is_not(None))
    return (await session.exec(query)).one()


async def totals(session: AsyncSession) -> dict[tuple[str, str], int]:
    """Return how much evidence is kept, by event and weight."""
    query = select(BounceEvent.event, BounceEvent.weight, func.count()).group_by(
        col(BounceEvent.event), col(BounceEvent.weight)
    )
    return {(event, weight): count for event, weight, count in (await session.exec(query)).all()}


async def events_of(session: AsyncSession, edition_id: int) -> int:
    """Return how much is known against the addresses of one edition."""
    query = select(func.count()).select_from(BounceEvent).where(BounceEvent.edition_id == edition_id)
    return (await session.exec(query)).one()


async def is_spotless(session: AsyncSession, edition_id: int) -> bool:
    """Say, at the cost of a row a batch, whether nobody was refused and nothing came back."""
    refused = select(func.coalesce(func.sum(Batch.bounced + Batch.failed), 0)).where(
        Batch.edition_id == edition_id
    )
    return not (await session.exec(refused)).one() and not await events_of(session, edition_id)


async def counts(session: AsyncSession, edition_id: int, since: datetime | None) -> dict[str, Count]:
    """Return an edition's counts by recipient domain, of what happened since; None: from its beginning.

    Costs a look at every row of the edition.
    """
    domain = domain_of_subscriber(session)
    ledger = (
        select(domain, func.count(), func.sum(case((_refused(), 1), else_=0)))
        .select_from(Delivery)
        .join(Subscriber, col(Subscriber.id) == col(Delivery.subscriber_id))
        .where(Delivery.edition_id == edition_id, col(Delivery.status).in_(SETTLED))
        .group_by(literal_column("1"))
    )
    later = (
        select(domain, BounceEvent.event, func.count(func.distinct(BounceEvent.subscriber_id)))
        .select_from(BounceEvent)
        .join(Subscriber, col(Subscriber.id) == col(BounceEvent.subscriber_id))
        .where(
            BounceEvent.edition_id == edition_id,
            BounceEvent.read_by != "smtp",
            or_(col(BounceEvent.event) == "complaint", col(BounceEvent.weight).in_(COUNTED)),
        )
        .group_by(literal_column("1"), col(BounceEvent.event))
    )
    if since is not None:
        ledger = ledger.where(col(Delivery.at) >= since)
        later = later.where(col(BounceEvent.at) >= since)
    settled: Counter[str] = Counter()
    bounced: Counter[str] = Counter()
    complained: Counter[str] = Counter()
    for name, count, refused in (await session.exec(ledger)).all():
        settled[name], bounced[name] = count, refused
    for name, event, count in (await session.exec(later)).all():
        (complained if event == "complaint" else bounced)[name] += count
    return {name: Count(settled[name], bounced[name], complained[name]) for name in settled}


def _refused() -> ColumnElement[bool]:
    """A row of the ledger that says: refused for good, because of the address or without a word on it."""
    return or_(
        col(Delivery.status) == DeliveryStatus.BOUNCED,
        (col(Delivery.status) == DeliveryStatus.FAILED)
        & (col(Delivery.reason) == "permanent")
        & (col(Delivery.code) >= 500),
    )
