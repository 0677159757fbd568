"""A list's people in the order of their numbers, a page at a time."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ImportRun, Subscriber, SubscriberTag, Subscription, SubscriptionState, Suppression


async def people(
    session: AsyncSession,
    list_id: int,
    after: int,
    limit: int,
    *,
    state: SubscriptionState | None = None,
    tag: str | None = None,
) -> list[tuple[Subscriber, Subscription]]:
    """Return a list's people whose numbers come after one; `tag` as it is kept."""
    query = (
        select(Subscriber, Subscription)
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(Subscription.list_id == list_id, col(Subscription.subscriber_id) > after)
        .order_by(col(Subscription.subscriber_id))
        .limit(limit)
    )
    if state is not None:
        query = query.where(Subscription.state == state)
    if tag is not None:
        tagged = select(SubscriberTag.subscriber_id).where(
            SubscriberTag.list_id == list_id, SubscriberTag.tag == tag
        )
        query = query.where(col(Subscription.subscriber_id).in_(tagged))
    return [(person, known) for person, known in (await session.exec(query)).all()]


async def person(
    session: AsyncSession, list_id: int, subscriber_id: int
) -> tuple[Subscriber, Subscription] | None:
    """Return somebody on a list, or None."""
    found = await people(session, list_id, subscriber_id - 1, 1)
    return found[0] if found and found[0][0].id == subscriber_id else None


async def imports(session: AsyncSession, list_id: int, below: int | None, limit: int) -> Sequence[ImportRun]:
    """Return a list's imports, newest first; `below` goes on where a page ended."""
    query = select(ImportRun).where(ImportRun.list_id == list_id)
    if below is not None:
        query = query.where(col(ImportRun.id) < below)
    return (await session.exec(query.order_by(col(ImportRun.id).desc()).limit(limit))).all()


async def suppressions(
    session: AsyncSession, after: str, limit: int, reason: str | None = None
) -> Sequence[Suppression]:
    """Return suppressions whose hashes come after one, by hash."""
    query = select(Suppression).where(col(Suppression.address_hash) > after)
    if reason is not None:
        query = query.where(Suppression.reason == reason)
    return (await session.exec(query.order_by(Suppression.address_hash).limit(limit))).all()
