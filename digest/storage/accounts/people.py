"""Accounts and their roles in the store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Account, AccountRole, RecoveryCode, Role
from digest.model.rows import row_id


async def by_id(session: AsyncSession, account_id: int) -> Account | None:
    """Return the account of that id, or None."""
    return await session.get(Account, account_id, populate_existing=True)


async def by_email(session: AsyncSession, email: str) -> Account | None:
    """Return the account of a normalised address, or None."""
    return (await session.exec(select(Account).where(Account.email == email))).first()


async def add(session: AsyncSession, account: Account) -> Account:
    """Keep a new account, or one that was changed."""
    session.add(account)
    await session.flush()
    return account


async def any_active(session: AsyncSession) -> bool:
    """Say whether anybody can log in at all."""
    query = select(Account.id).where(col(Account.disabled_at).is_(None)).limit(1)
    return (await session.exec(query)).first() is not None


async def roles_of(session: AsyncSession, account_id: int) -> list[AccountRole]:
    """Return the roles that an account has."""
    query = select(AccountRole).where(AccountRole.account_id == account_id).order_by(col(AccountRole.id))
    return list((await session.exec(query)).all())


async def everyone(session: AsyncSession) -> list[tuple[Account, list[AccountRole]]]:
    """Return all accounts by address, each with its roles."""
    roles = defaultdict(list)
    for one in (await session.exec(select(AccountRole).order_by(col(AccountRole.id)))).all():
        roles[one.account_id].append(one)
    found = (await session.exec(select(Account).order_by(Account.email))).all()
    return [(one, roles[row_id(one)]) for one in found]


async def set_roles(
    session: AsyncSession, account_id: int, wanted: Iterable[tuple[Role, int | None]]
) -> None:
    """Give an account these roles, each with its list or None for all, and no others."""
    await session.exec(delete(AccountRole).where(col(AccountRole.account_id) == account_id))
    for role, list_id in dict.fromkeys(wanted):
        session.add(AccountRole(account_id=account_id, role=role, list_id=list_id))
    await session.flush()


async def other_owners(session: AsyncSession, account_id: int) -> int:
    """Return how many others own the house and may log in."""
    query = (
        select(func.count())
        .select_from(AccountRole)
        .join(Account, col(Account.id) == col(AccountRole.account_id))
        .where(
            AccountRole.role == Role.OWNER,
            col(AccountRole.list_id).is_(None),
            AccountRole.account_id != account_id,
            col(Account.disabled_at).is_(None),
        )
    )
    return (await session.exec(query)).one()


async def set_recovery_codes(session: AsyncSession, account_id: int, hashes: Sequence[str]) -> None:
    """Give an account these recovery codes, and no others."""
    await session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    session.add_all(RecoveryCode(account_id=account_id, code_hash=one) for one in hashes)
    await session.flush()


async def recovery_codes_left(session: AsyncSession, account_id: int) -> int:
    """Return how many recovery codes an account has left."""
    query = select(func.count()).where(RecoveryCode.account_id == account_id)
    return (await session.exec(query)).one()


async def use_recovery_code(session: AsyncSession, account_id: int, hashes: Sequence[str]) -> bool:
    """Strike a code off; False when the account has none of these."""
    done = await session.exec(
        delete(RecoveryCode).where(
            col(RecoveryCode.account_id) == account_id, col(RecoveryCode.code_hash).in_(hashes)
        )
    )
    return done.rowcount > 0
