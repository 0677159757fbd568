"""Keys of programs in the store."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ApiKey, MailingList

SEEN = timedelta(minutes=1)
"""So exact is it kept when a key was last used: a write for each call would cost more than the call."""


async def add(session: AsyncSession, key: ApiKey) -> ApiKey:
    """Keep a new key."""
    session.add(key)
    await session.flush()
    return key


async def by_hash(session: AsyncSession, key_hash: str, now: datetime) -> ApiKey | None:
    """Return the key of a hash, as long as it holds."""
    query = select(ApiKey).where(
        ApiKey.key_hash == key_hash,
        col(ApiKey.revoked_at).is_(None),
        or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > now),
    )
    return (await session.exec(query)).first()


async def by_name(session: AsyncSession, name: str) -> ApiKey | None:
    """Return the key of a name, revoked ones too."""
    return (await session.exec(select(ApiKey).where(ApiKey.name == name))).first()


async def every(session: AsyncSession) -> list[tuple[ApiKey, str]]:
    """Return all keys with the slugs of their lists, newest first; an empty slug: all lists."""
    query = (
        select(ApiKey, MailingList.slug)
        .outerjoin(MailingList, col(MailingList.id) == col(ApiKey.list_id))
        .order_by(col(ApiKey.id).desc())
    )
    return [(key, slug or "") for key, slug in (await session.exec(query)).all()]


async def note_use(session: AsyncSession, key_id: int, now: datetime) -> None:
    """Note that a key was used."""
    await session.exec(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=now))
