"""What came back about a person, as far as it belongs to some lists: other lists' people are not shown it."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import BounceEvent, Edition, Subscription

STOPPING = ("disable", "suppress")


def belongs(seen: Collection[int]) -> ColumnElement[bool]:
    """Return what holds of a bounce event that belongs to lists.

    One of an edition is of its list. What is of no edition (a notice came back, somebody was mailed again) is
    theirs when its person never was on another list.
    """
    # Tables of their own: a query that has subscriptions already would lend it its rows.
    edition, subscription = aliased(Edition), aliased(Subscription)
    of_edition = exists().where(
        col(edition.id) == col(BounceEvent.edition_id), col(edition.list_id).in_(seen)
    )
    on_another = exists().where(
        col(subscription.subscriber_id) == col(BounceEvent.subscriber_id),
        col(subscription.list_id).not_in(seen),
    )
    return or_(of_edition, and_(col(BounceEvent.edition_id).is_(None), ~on_another))


async def elsewhere(session: AsyncSession, ids: Collection[int], seen: Collection[int]) -> set[int]:
    """Return those people who ever were on a list besides these."""
    query = select(Subscription.subscriber_id).where(
        col(Subscription.subscriber_id).in_(ids), col(Subscription.list_id).not_in(seen)
    )
    return set((await session.exec(query)).all())


async def stopped_here(session: AsyncSession, ids: Collection[int], seen: Collection[int]) -> set[int]:
    """Return those people to whom mail was stopped last by what came back from these lists."""
    newest: dict[int, int] = {}
    query = (
        select(BounceEvent.subscriber_id, BounceEvent.id)
        .where(col(BounceEvent.subscriber_id).in_(ids), col(BounceEvent.step).in_(STOPPING))
        .order_by(col(BounceEvent.at), col(BounceEvent.id))
    )
    for person, event in (await session.exec(query)).all():
        newest[person] = event or 0
    theirs = select(BounceEvent.id).where(col(BounceEvent.id).in_(list(newest.values())), belongs(seen))
    found = set((await session.exec(theirs)).all())
    return {person for person, event in newest.items() if event in found}


async def returned(
    session: AsyncSession, subscriber_id: int, seen: Collection[int], limit: int
) -> list[BounceEvent]:
    """Return what came back about a person and belongs to lists, newest first."""
    query = (
        select(BounceEvent)
        .where(BounceEvent.subscriber_id == subscriber_id, belongs(seen))
        .order_by(col(BounceEvent.at).desc(), col(BounceEvent.id).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())
