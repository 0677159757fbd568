"""Changes of address in the store: asked for, not confirmed yet."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import AddressChange, Subscriber


async def keep(session: AsyncSession, change: AddressChange) -> None:
    """Keep what a subscriber asks for, instead of what was asked for before."""
    await session.merge(change)
    await session.flush()


async def of_subscriber(session: AsyncSession, subscriber_id: int) -> AddressChange | None:
    """Return what a subscriber asked for last, or None."""
    return await session.get(AddressChange, subscriber_id)


async def by_key(session: AsyncSession, key: str) -> AddressChange | None:
    """Return the change whose link has that key, or None."""
    return (await session.exec(select(AddressChange).where(AddressChange.key == key))).first()


async def make(session: AsyncSession, change: AddressChange) -> None:
    """Give a subscriber the new address, and forget that it was asked for."""
    await session.exec(
        update(Subscriber).where(col(Subscriber.id) == change.subscriber_id).values(email=change.email)
    )
    await session.exec(delete(AddressChange).where(col(AddressChange.subscriber_id) == change.subscriber_id))


async def drop_to(session: AsyncSession, email: str) -> int:
    """Forget that anybody asked for this address; returns how many had."""
    return (await session.exec(delete(AddressChange).where(col(AddressChange.email) == email))).rowcount


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Drop changes that were asked for before then: their links work no more."""
    await session.exec(delete(AddressChange).where(col(AddressChange.asked_at) < before))
