"""Logging in and out, and whose a cookie is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, RefusedError
from digest.model import Account, AccountRole, LoginFailure, LoginSession
from digest.model.accounts.lockout import locked_until
from digest.model.rows import row_id
from digest.services.accounts import passwords, second_factor, tokens
from digest.services.app import App
from digest.storage.accounts import people, sessions
from digest.text.addresses.email_address import normalised

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written down that a session is in use."""
CODE_LIFE = timedelta(minutes=10)
"""How long the second factor is waited for."""
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class LoginOrigin:
    """Where a request comes from: its address, the network that is counted, and the browser's own words."""

    address: str
    network: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is logged in: the account, its roles and the session."""

    account: Account
    roles: tuple[AccountRole, ...]
    session: LoginSession

    @property
    def id(self) -> int:
        """The account's id."""
        return row_id(self.account)


@dataclass(frozen=True, slots=True)
class Entered:
    """A login that was taken: the cookie's value, and whether a code is asked for before it opens
    anything.
    """

    token: str
    account: Account
    needs_code: bool


async def log_in(app: App, email: str, password: str, origin: LoginOrigin) -> Entered:
    """Take an address and a password. The answer is the same for every address, and takes as long.

    The try is counted before the password is looked at, so that many at once are no way around the count.

    Raises:
        RefusedError: `wrong`, they do not belong together; `locked`, too many failed before.
    """
    known = _known_spelling(email)
    about = tokens.hashed(app, tokens.LOGIN, known)
    await _count(app, about, origin)
    async with app.database.begin() as session:
        account = await people.by_email(session, known)
    is_active = account is not None and account.disabled_at is None
    stored = account.password_hash if account is not None and is_active else None
    if not await passwords.is_right(password, stored) or account is None:
        raise RefusedError("wrong", "The address and the password do not belong together.")
    needs_code = bool(account.totp_secret)
    fresh = await passwords.hash_password(password) if passwords.is_outdated(account.password_hash) else ""
    async with app.database.begin() as session:
        account = await people.by_id(session, row_id(account)) or account
        account.password_hash = fresh or account.password_hash
        if not needs_code:
            account.last_login_at = app.clock.now()
            await sessions.forget_failures(session, about)
        await people.add(session, account)
        token = await open_session(app, session, account, origin, is_whole=not needs_code)
    return Entered(token, account, needs_code)


async def give_code(app: App, token: str, code: str, origin: LoginOrigin) -> Entered:
    """Take the second factor, or a recovery code. The session gets a new token.

    Raises:
        RefusedError: `code_wrong`; `locked`; `code_late`, nobody is waiting for one.
    """
    async with app.database.begin() as session:
        found = await sessions.by_token(session, tokens.hashes(app, tokens.SESSION, token))
    if found is None or found[0].is_whole or found[0].ends_at <= app.clock.now() or found[1].disabled_at:
        raise RefusedError("code_late", "The login was begun too long ago.")
    pending, account = found
    about = tokens.hashed(app, tokens.LOGIN, account.email)
    await _count(app, about, origin)
    async with app.database.begin() as session:
        if not await second_factor.takes(app, session, account, code):
            raise RefusedError("code_wrong", "The code is wrong, or was used before.")
        await sessions.end(session, row_id(pending))
        await sessions.forget_failures(session, about)
        account = await people.by_id(session, row_id(account)) or account
        account.last_login_at = app.clock.now()
        await people.add(session, account)
        fresh = await open_session(app, session, account, origin, is_whole=True)
    return Entered(fresh, account, needs_code=False)


async def open_session(
    app: App, session: AsyncSession, account: Account, origin: LoginOrigin, *, is_whole: bool
) -> str:
    """Begin a session and return the cookie's value."""
    now, token = app.clock.now(), tokens.new_token()
    life = timedelta(days=app.settings.desk.session_days) if is_whole else CODE_LIFE
    await sessions.add(
        session,
        LoginSession(
            token_hash=tokens.hashed(app, tokens.SESSION, token),
            account_id=row_id(account),
            is_whole=is_whole,
            created_at=now,
            seen_at=now,
            ends_at=now + life,
            came_from=origin.address,
            browser=origin.browser[:LONGEST_NAME],
        ),
    )
    return token


async def visitor(app: App, token: str) -> Visitor | None:
    """Return who holds a cookie, None when nobody does: it ended, was ended, or was never ours."""
    if not token:
        return None
    now, idle = app.clock.now(), timedelta(minutes=app.settings.desk.idle_minutes)
    async with app.database.read() as session:
        found = await sessions.by_token(session, tokens.hashes(app, tokens.SESSION, token))
        if found is None:
            return None
        held, account = found
        roles = await people.roles_of(session, row_id(account))
    if not held.is_whole or account.disabled_at is not None or now >= min(held.ends_at, held.seen_at + idle):
        return None
    if now - held.seen_at >= SEEN_EVERY:
        async with app.database.begin() as session:
            await sessions.seen(session, row_id(held), now)
    return Visitor(account, tuple(roles), held)


async def awaits_code(app: App, token: str) -> bool:
    """Say whether a cookie is of a login that waits for its second factor."""
    async with app.database.read() as session:
        found = await sessions.by_token(session, tokens.hashes(app, tokens.SESSION, token))
    return found is not None and not found[0].is_whole and app.clock.now() < found[0].ends_at


async def log_out(app: App, token: str) -> None:
    """End a session; one that is none ends nothing."""
    async with app.database.begin() as session:
        found = await sessions.by_token(session, tokens.hashes(app, tokens.SESSION, token))
        if found is not None:
            await sessions.end(session, row_id(found[0]))


async def forget_old(app: App, now: datetime) -> None:
    """Drop sessions that have ended, and failed logins that count no more."""
    failed_before = now - timedelta(minutes=app.settings.desk.lock_minutes)
    async with app.database.begin() as session:
        await sessions.forget_old(session, now, failed_before)


async def _count(app: App, about: str, origin: LoginOrigin) -> None:
    """Count a try, unless so many failed before that none is taken."""
    chosen, now = app.settings.desk, app.clock.now()
    span = timedelta(minutes=chosen.lock_minutes)
    async with app.database.begin() as session:
        for most, where in (
            (chosen.login_tries, {"about": about}),
            (chosen.network_tries, {"network": origin.network}),
        ):
            failed = await sessions.failures(session, now - span, most, **where)
            if until := locked_until(failed, most, span):
                raise RefusedError(
                    "locked", f"Too many logins failed; none is taken before {until:%H:%M} UTC."
                )
        await sessions.add_failure(session, LoginFailure(about=about, network=origin.network, at=now))


def _known_spelling(email: str) -> str:
    try:
        return normalised(email[:320])
    except InputError:
        return email[:320].strip().lower()
