"""Sessions and failed logins in the store."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Account, LoginFailure, LoginSession


async def add(session: AsyncSession, one: LoginSession) -> LoginSession:
    """Keep a new session."""
    session.add(one)
    await session.flush()
    return one


async def by_token(session: AsyncSession, hashes: Sequence[str]) -> tuple[LoginSession, Account] | None:
    """Return the session of a cookie and its account, or None."""
    query = (
        select(LoginSession, Account)
        .join(Account, col(Account.id) == col(LoginSession.account_id))
        .where(col(LoginSession.token_hash).in_(hashes))
    )
    return (await session.exec(query)).first()


async def of_account(session: AsyncSession, account_id: int) -> list[LoginSession]:
    """Return an account's sessions, the one seen last first."""
    query = (
        select(LoginSession)
        .where(LoginSession.account_id == account_id, col(LoginSession.is_whole))
        .order_by(col(LoginSession.seen_at).desc())
    )
    return list((await session.exec(query)).all())


async def seen(session: AsyncSession, session_id: int, now: datetime) -> None:
    """Note that a session is in use."""
    await session.exec(update(LoginSession).where(col(LoginSession.id) == session_id).values(seen_at=now))


async def end(session: AsyncSession, session_id: int) -> None:
    """End one session."""
    await session.exec(delete(LoginSession).where(col(LoginSession.id) == session_id))


async def end_all(session: AsyncSession, account_id: int, *, but: int | None = None) -> int:
    """End an account's sessions, but for one if it is named; returns how many."""
    query = delete(LoginSession).where(col(LoginSession.account_id) == account_id)
    if but is not None:
        query = query.where(col(LoginSession.id) != but)
    return (await session.exec(query)).rowcount


async def add_failure(session: AsyncSession, failure: LoginFailure) -> None:
    """Count a login that is being tried."""
    session.add(failure)
    await session.flush()


async def failures(
    session: AsyncSession, since: datetime, limit: int, *, about: str = "", network: str = ""
) -> list[datetime]:
    """Return when logins to an address, or from a network, failed since; newest first."""
    here = LoginFailure.about == about if about else LoginFailure.network == network
    query = (
        select(LoginFailure.at)
        .where(here, col(LoginFailure.at) > since)
        .order_by(col(LoginFailure.at).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def forget_failures(session: AsyncSession, about: str) -> None:
    """Forget what failed for an address, because somebody got in or set a new password."""
    await session.exec(delete(LoginFailure).where(col(LoginFailure.about) == about))


async def forget_old(session: AsyncSession, now: datetime, failed_before: datetime) -> None:
    """Drop sessions that have ended, and failures of long ago."""
    await session.exec(delete(LoginSession).where(col(LoginSession.ends_at) < now))
    await session.exec(delete(LoginFailure).where(col(LoginFailure.at) < failed_before))
