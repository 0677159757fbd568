"""Subscribers, subscriptions and notices in the store."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, null, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    MailingList,
    Notice,
    NoticeKind,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.storage import tries
from digest.storage.database.dialects import insert_for


async def by_id(session: AsyncSession, subscriber_id: int) -> Subscriber | None:
    """Return the subscriber of that id, or None."""
    return await session.get(Subscriber, subscriber_id)


async def by_email(session: AsyncSession, email: str) -> Subscriber | None:
    """Return the subscriber of that normalised address, or None."""
    return (await session.exec(select(Subscriber).where(Subscriber.email == email))).first()


async def by_key(session: AsyncSession, key: str) -> Subscriber | None:
    """Return the subscriber of that key, or None."""
    return (await session.exec(select(Subscriber).where(Subscriber.key == key))).first()


async def add(
    session: AsyncSession, email: str, *, name: str, locale: str, key: str, now: datetime
) -> Subscriber:
    """Return the subscriber of that address, made if need be; a known one keeps its key, and its name unless
    empty.
    """
    known = await by_email(session, email)
    if known is None:
        given = {
            "email": email,
            "name": name,
            "locale": locale,
            "key": key,
            "created_at": now,
            "sample": False,
        }
        # Somebody else may add the address at the same moment: this waits for that, and takes what came of
        # it.
        await session.exec(insert_for(session, Subscriber).values(given).on_conflict_do_nothing())
        known = (await session.exec(select(Subscriber).where(Subscriber.email == email))).one()
    if name and not known.name:
        known.name = name
        session.add(known)
        await session.flush()
    return known


async def subscription(session: AsyncSession, list_id: int, subscriber_id: int) -> Subscription | None:
    """Return what stands between a person and a list, or None."""
    return await session.get(Subscription, (list_id, subscriber_id))


async def locked_subscription(session: AsyncSession, list_id: int, subscriber_id: int) -> Subscription | None:
    """Return what stands between a person and a list as it is now, and let nobody else change it
    meanwhile.
    """
    return await session.get(
        Subscription, (list_id, subscriber_id), with_for_update=True, populate_existing=True
    )


async def member(session: AsyncSession, list_id: int, email: str) -> int | None:
    """Return the id of whoever has a normalised address on a list, or None."""
    query = (
        select(Subscriber.id)
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(Subscriber.email == email, Subscription.list_id == list_id)
    )
    return (await session.exec(query)).first()


async def save_subscription(session: AsyncSession, one: Subscription) -> None:
    """Write a subscription, new or changed."""
    await session.merge(one)
    await session.flush()


async def keep_preferences(
    session: AsyncSession, list_id: int, subscriber_id: int, values: Mapping[str, Any]
) -> bool:
    """Keep what a subscriber wants of a list, by column; False: the subscription is no confirmed one."""
    changed = await session.exec(
        update(Subscription)
        .where(
            col(Subscription.list_id) == list_id,
            col(Subscription.subscriber_id) == subscriber_id,
            col(Subscription.state) == SubscriptionState.CONFIRMED,
        )
        # A JSON column's None would be JSON's own.
        .values({**values, **({"sections": null()} if values.get("sections", ()) is None else {})})
    )
    return changed.rowcount == 1


async def everyone(session: AsyncSession, list_id: int | None) -> list[tuple[Subscriber, Subscription]]:
    """Return all people of a list, or of all lists, by address."""
    query = select(Subscriber, Subscription).join(
        Subscription, col(Subscription.subscriber_id) == col(Subscriber.id)
    )
    if list_id is not None:
        query = query.where(Subscription.list_id == list_id)
    rows = await session.exec(query.order_by(Subscriber.email, col(Subscription.list_id)))
    return [(person, subscription) for person, subscription in rows.all()]


async def remove(session: AsyncSession, subscriber_id: int) -> None:
    """Delete a person and all subscriptions; the ledger keeps its numbers."""
    person = await session.get(Subscriber, subscriber_id)
    if person is not None:
        await session.delete(person)


async def of_person(session: AsyncSession, subscriber_id: int) -> list[tuple[MailingList, Subscription]]:
    """Return a person's subscriptions, each with its list, by the list's slug."""
    query = (
        select(MailingList, Subscription)
        .join(Subscription, col(Subscription.list_id) == col(MailingList.id))
        .where(Subscription.subscriber_id == subscriber_id)
        .order_by(MailingList.slug)
    )
    return [(mailing_list, subscription) for mailing_list, subscription in (await session.exec(query)).all()]


async def samples(session: AsyncSession) -> int:
    """Return how many sample readers there are."""
    query = select(func.count()).select_from(Subscriber).where(col(Subscriber.sample).is_(other=True))
    return (await session.exec(query)).one()


async def remove_samples(session: AsyncSession) -> int:
    """Delete the sample readers; returns how many there were."""
    return (await session.exec(delete(Subscriber).where(col(Subscriber.sample).is_(other=True)))).rowcount


async def add_notice(session: AsyncSession, notice: Notice) -> None:
    """Keep a single mail to be sent."""
    session.add(notice)
    await session.flush()


async def latest_notice(
    session: AsyncSession, list_id: int, subscriber_id: int, kind: str = NoticeKind.CONFIRM
) -> Notice | None:
    """Return the newest notice of a kind to a person about a list, or None."""
    query = (
        select(Notice)
        .where(Notice.list_id == list_id, Notice.subscriber_id == subscriber_id, Notice.kind == kind)
        .order_by(col(Notice.created_at).desc(), col(Notice.id).desc())
        .limit(1)
    )
    return (await session.exec(query)).first()


async def notices_of(session: AsyncSession, subscriber_id: int) -> Sequence[Notice]:
    """Return the single mails to a person, oldest first."""
    query = select(Notice).where(Notice.subscriber_id == subscriber_id).order_by(col(Notice.id))
    return (await session.exec(query)).all()


async def due_notices(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the ids of notices that should be sent now, who waits longest first."""
    return await tries.due(session, Notice, now, limit, col(Notice.sent_at).is_(None))


async def notice_asked_at(session: AsyncSession, notice_id: int) -> datetime | None:
    """Return when a notice was asked for; None when it is gone."""
    return (await session.exec(select(Notice.created_at).where(Notice.id == notice_id))).first()


async def take_notice(
    session: AsyncSession, notice_id: int, now: datetime, lease: timedelta
) -> Notice | None:
    """Take a due notice for sending, so that no other worker sends it as well. None when it is not due any
    more.
    """
    return await tries.lease(session, Notice, notice_id, now, lease, col(Notice.sent_at).is_(None))


async def settle_notice(
    session: AsyncSession,
    notice_id: int,
    *,
    sent_at: datetime | None,
    next_try_at: datetime | None,
    reply: str,
) -> None:
    """Write what became of a notice. Neither sent nor to be tried again: it is given up."""
    await session.exec(
        update(Notice)
        .where(col(Notice.id) == notice_id)
        .values(sent_at=sent_at, next_try_at=None if sent_at else next_try_at, reply=reply[:500])
    )


async def drop_unconfirmed(session: AsyncSession, before: datetime) -> int:
    """Delete sign-ups older than that which nobody confirmed, and people whom nothing holds any more.

    Returns how many sign-ups went.
    """
    done = await session.exec(
        delete(Subscription).where(
            col(Subscription.state) == SubscriptionState.PENDING, col(Subscription.requested_at) < before
        )
    )
    held = exists().where(col(Subscription.subscriber_id) == col(Subscriber.id))
    await session.exec(delete(Subscriber).where(~held, col(Subscriber.created_at) < before))
    return done.rowcount
