"""One-time links in the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import AccountLink, LinkPurpose
from digest.storage import tries


async def add(session: AsyncSession, link: AccountLink) -> AccountLink:
    """Keep a new link."""
    session.add(link)
    await session.flush()
    return link


async def open_one(
    session: AsyncSession, purpose: LinkPurpose, hashes: Sequence[str], now: datetime
) -> AccountLink | None:
    """Return the link of a token that was not used and has not expired, or None."""
    query = select(AccountLink).where(
        AccountLink.purpose == purpose,
        col(AccountLink.token_hash).in_(hashes),
        col(AccountLink.used_at).is_(None),
        col(AccountLink.ends_at) > now,
    )
    return (await session.exec(query)).first()


async def use(session: AsyncSession, link_id: int, now: datetime) -> bool:
    """Use a link up; False when somebody was quicker."""
    done = await session.exec(
        update(AccountLink)
        .where(col(AccountLink.id) == link_id, col(AccountLink.used_at).is_(None))
        .values(used_at=now, next_try_at=None)
    )
    return done.rowcount == 1


async def drop_open(session: AsyncSession, account_id: int) -> None:
    """Drop an account's links that were not used."""
    await session.exec(
        delete(AccountLink).where(
            col(AccountLink.account_id) == account_id, col(AccountLink.used_at).is_(None)
        )
    )


async def drop_invitations(session: AsyncSession, email: str) -> None:
    """Drop the invitations of an address that were not used."""
    await session.exec(
        delete(AccountLink).where(
            col(AccountLink.purpose) == LinkPurpose.INVITE,
            col(AccountLink.email) == email,
            col(AccountLink.used_at).is_(None),
        )
    )


async def withdraw(session: AsyncSession, link_id: int) -> AccountLink | None:
    """Drop an invitation that was not used, and return it; None when there is none."""
    found = await session.get(AccountLink, link_id)
    if found is None or found.used_at is not None or found.purpose is not LinkPurpose.INVITE:
        return None
    await session.delete(found)
    await session.flush()
    return found


async def invitations(session: AsyncSession, now: datetime) -> list[AccountLink]:
    """Return the invitations that can still be taken up, newest first."""
    query = (
        select(AccountLink)
        .where(
            AccountLink.purpose == LinkPurpose.INVITE,
            col(AccountLink.used_at).is_(None),
            col(AccountLink.ends_at) > now,
        )
        .order_by(col(AccountLink.id).desc())
    )
    return list((await session.exec(query)).all())


async def asked_since(session: AsyncSession, account_id: int, since: datetime) -> bool:
    """Say whether an account asked for a new password since."""
    query = select(AccountLink.id).where(
        AccountLink.account_id == account_id,
        AccountLink.purpose == LinkPurpose.RESET,
        col(AccountLink.created_at) > since,
    )
    return (await session.exec(query.limit(1))).first() is not None


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the ids of links that are to be mailed now, who waits longest first."""
    return await tries.due(session, AccountLink, now, limit)


async def take(
    session: AsyncSession, link_id: int, now: datetime, waits: Sequence[timedelta], token_hash: str
) -> AccountLink | None:
    """Take a link for mailing, with the hash of the token that the mail will hold. None: it is not due."""
    return await tries.take(session, AccountLink, link_id, now, waits, token_hash=token_hash)


async def mailed(session: AsyncSession, link_id: int) -> None:
    """Note that a link was mailed: the tries that failed are forgotten."""
    await session.exec(
        update(AccountLink).where(col(AccountLink.id) == link_id).values(next_try_at=None, attempts=0)
    )


async def forget_old(session: AsyncSession, before: datetime) -> None:
    """Drop links that ended before."""
    await session.exec(delete(AccountLink).where(col(AccountLink.ends_at) < before))
