"""Who works at the desk: roles, passwords, sessions; what people set of themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError, RefusedError
from digest.model import Account, AccountLink, AccountRole, LoginSession, Role
from digest.model.accounts.roles import may_give
from digest.services.accounts import passwords, tokens
from digest.services.accounts.login import LONGEST_NAME, LoginOrigin, Visitor, open_session
from digest.services.app import App
from digest.storage.accounts import links, people, sessions
from digest.text.addresses.email_address import normalised

LANGUAGES = ("ar", "en")
DIGITS = ("arab", "latn")
CALENDARS = ("gregorian", "hijri", "both")


@dataclass(frozen=True, slots=True)
class Staff:
    """All accounts with their roles, and the invitations that are open."""

    accounts: tuple[tuple[Account, tuple[AccountRole, ...]], ...]
    invitations: tuple[AccountLink, ...]


async def everyone(app: App) -> Staff:
    """Return who works here, and who is invited."""
    async with app.database.read() as session:
        found = await people.everyone(session)
        invited = await links.invitations(session, app.clock.now())
    return Staff(tuple((one, tuple(roles)) for one, roles in found), tuple(invited))


async def is_staffed(app: App) -> bool:
    """Say whether anybody can log in at all."""
    async with app.database.read() as session:
        return await people.any_active(session)


async def sessions_of(app: App, account_id: int) -> list[LoginSession]:
    """Return an account's sessions, the one seen last first."""
    async with app.database.read() as session:
        return await sessions.of_account(session, account_id)


async def end_sessions(app: App, account_id: int, *, but: int | None = None) -> int:
    """End an account's sessions, but for one if it is named; returns how many."""
    async with app.database.begin() as session:
        return await sessions.end_all(session, account_id, but=but)


async def find(app: App, email: str) -> Account:
    """Return the account of an address.

    Raises:
        NotFoundError: there is none.
    """
    async with app.database.read() as session:
        account = await people.by_email(session, normalised(email))
    if account is None:
        raise NotFoundError(f"{email} has no account.", remedy="`digest desk accounts` shows who has one.")
    return account


async def set_roles(
    app: App, by: Sequence[AccountRole] | None, account_id: int, wanted: Sequence[tuple[Role, int | None]]
) -> tuple[list[AccountRole], Account]:
    """Give an account other roles, and end its sessions; returns those that it had.

    `by` are the roles of who does it; None: the owner of the machine.

    Raises:
        RefusedError: `not_yours` to give or to take; `last_owner`.
    """
    async with app.database.begin() as session:
        account, had = await _changeable(session, by, account_id)
        if by is not None and not all(may_give(by, role) for role, _ in wanted):
            raise _not_yours()
        if (Role.OWNER, None) not in wanted:
            await _keep_an_owner(session, account_id, had)
        await people.set_roles(session, account_id, wanted)
        await sessions.end_all(session, account_id)
        return had, account


async def set_active(
    app: App,
    by: Sequence[AccountRole] | None,
    account_id: int,
    *,
    active: bool,
    own_id: int | None = None,
) -> Account:
    """Shut an account out, or let it in again; its sessions and its links end.

    Raises:
        RefusedError: `not_yours` to change; `yourself`; `last_owner`.
    """
    if account_id == own_id and not active:
        raise RefusedError("yourself", "Nobody shuts out themselves.")
    async with app.database.begin() as session:
        account, had = await _changeable(session, by, account_id)
        if not active:
            await _keep_an_owner(session, account_id, had)
        account.disabled_at = None if active else app.clock.now()
        await people.add(session, account)
        await sessions.end_all(session, account_id)
        await links.drop_open(session, account_id)
        return account


async def set_profile(
    app: App, account_id: int, *, name: str, language: str, digits: str, calendar: str = ""
) -> Account:
    """Set a person's name, language, digits and calendar; an empty calendar stays as it is.

    Raises:
        RefusedError: `choice`, there is no such language, calendar, or there are no such digits.
    """
    if language not in LANGUAGES or digits not in DIGITS or calendar not in {"", *CALENDARS}:
        raise RefusedError("choice", "There is no such choice.")
    async with app.database.begin() as session:
        account = await people.by_id(session, account_id)
        if account is None:
            raise NotFoundError("The account is gone.")
        account.name, account.language, account.digits = name.strip()[:LONGEST_NAME], language, digits
        account.calendar = calendar or account.calendar
        return await people.add(session, account)


async def change_password(app: App, who: Visitor, *, old: str, new: str, origin: LoginOrigin) -> str:
    """Set a new password: all sessions end, and a new one begins, whose cookie's value is returned.

    Raises:
        RefusedError: `old_wrong`, or the new one is not good enough.
    """
    account = who.account
    if not await passwords.is_right(old, account.password_hash):
        raise RefusedError("old_wrong", "The password of now is wrong.")
    spelled = passwords.checked_password(new, app.settings.desk.password_length, account.email, account.name)
    stored = await passwords.hash_password(spelled)
    async with app.database.begin() as session:
        account = await people.by_id(session, who.id) or account
        account.password_hash = stored
        await people.add(session, account)
        await sessions.end_all(session, who.id)
        await links.drop_open(session, who.id)
        await sessions.forget_failures(session, tokens.hashed(app, tokens.LOGIN, account.email))
        return await open_session(app, session, account, origin, is_whole=True)


async def confirm_password(app: App, who: Visitor, password: str) -> None:
    """Make sure that it is still the same person who sits there.

    Raises:
        RefusedError: `old_wrong`.
    """
    del app
    if not await passwords.is_right(password, who.account.password_hash):
        raise RefusedError("old_wrong", "The password of now is wrong.")


async def _changeable(
    session: AsyncSession, by: Sequence[AccountRole] | None, account_id: int
) -> tuple[Account, list[AccountRole]]:
    account = await people.by_id(session, account_id)
    if account is None:
        raise NotFoundError("The account is gone.")
    had = await people.roles_of(session, account_id)
    if by is not None and not all(may_give(by, one.role) for one in had):
        raise _not_yours()
    return account, had


async def _keep_an_owner(session: AsyncSession, account_id: int, had: Sequence[AccountRole]) -> None:
    is_owner = any(one.role is Role.OWNER and one.list_id is None for one in had)
    if is_owner and not await people.other_owners(session, account_id):
        raise RefusedError("last_owner", "The last owner stays one, or nobody could let anybody in.")


def _not_yours() -> RefusedError:
    return RefusedError("not_yours", "Only an owner makes and changes owners.")
