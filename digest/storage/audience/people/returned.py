"""What came back from a list's people, a page at a time: bounces and complaints apart."""

from collections.abc import Collection
from typing import NamedTuple

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import BounceEvent, Subscriber, Subscription
from digest.storage.audience.people.belonging import belongs


class PersonsReturn(NamedTuple):
    """One thing that came back, and whose it is."""

    event: BounceEvent
    person: Subscriber


async def page(
    session: AsyncSession,
    list_id: int,
    event: str,
    before: int | None,
    limit: int,
    *,
    step: str = "",
    seen: Collection[int] | None = None,
) -> list[PersonsReturn]:
    """Return what came back from people of a list, the newest first; `event` is bounce or complaint.

    `seen`: what belongs to these lists alone.
    """
    query = (
        select(BounceEvent, Subscriber)
        .join(Subscriber, col(Subscriber.id) == col(BounceEvent.subscriber_id))
        .join(
            Subscription,
            (col(Subscription.subscriber_id) == col(BounceEvent.subscriber_id))
            & (col(Subscription.list_id) == list_id),
        )
        .where(BounceEvent.event == event)
        .order_by(col(BounceEvent.id).desc())
        .limit(limit)
    )
    if seen is not None:
        query = query.where(belongs(seen))
    if step:
        query = query.where(BounceEvent.step == step)
    if before is not None:
        query = query.where(col(BounceEvent.id) < before)
    return [PersonsReturn(*row) for row in (await session.exec(query)).all()]
