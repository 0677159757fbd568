"""Lists in the store."""

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import MailingList, Subscriber, Subscription
from digest.storage.audience.eligible import reading


async def by_slug(session: AsyncSession, slug: str, *, lock: bool = False) -> MailingList:
    """Return the list of that slug; `lock`: nobody else changes it meanwhile.

    Raises:
        InputError: there is none; the sentence names those there are.
    """
    query = select(MailingList).where(MailingList.slug == slug)
    found = (await session.exec(query.with_for_update() if lock else query)).first()
    if found is None:
        slugs = (await session.exec(select(MailingList.slug).order_by(MailingList.slug))).all()
        known = f"There are: {', '.join(slugs)}." if slugs else "Make one with `digest lists add`."
        raise NotFoundError(f"There is no list {slug!r}.", remedy=known)
    return found


async def by_id(session: AsyncSession, list_id: int) -> MailingList | None:
    """Return the list of that id, or None."""
    return await session.get(MailingList, list_id)


async def all_lists(session: AsyncSession) -> list[MailingList]:
    """Return all lists by name."""
    return list((await session.exec(select(MailingList).order_by(MailingList.name, MailingList.slug))).all())


async def add(session: AsyncSession, mailing_list: MailingList) -> MailingList:
    """Keep a new list.

    Raises:
        InputError: its slug is taken.
    """
    if (
        await session.exec(select(MailingList.id).where(MailingList.slug == mailing_list.slug))
    ).first() is not None:
        raise InputError(f"There is a list {mailing_list.slug!r} already.", remedy="Choose another slug.")
    session.add(mailing_list)
    await session.flush()
    return mailing_list


async def remove(session: AsyncSession, list_id: int) -> None:
    """Remove a list with its editions and subscriptions."""
    mailing_list = await session.get(MailingList, list_id)
    if mailing_list is not None:
        await session.delete(mailing_list)


async def confirmed(session: AsyncSession, list_id: int) -> int:
    """Return how many subscribers would get an edition now."""
    query = (
        select(func.count())
        .select_from(Subscription)
        .join(Subscriber, col(Subscriber.id) == col(Subscription.subscriber_id))
        .where(
            *reading(list_id),
        )
    )
    return (await session.exec(query)).one()
