"""Invitations and new passwords: one-time links that expire."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import RefusedError
from digest.model import Account, AccountLink, LinkPurpose, Role
from digest.model.rows import row_id
from digest.services.accounts import passwords, tokens
from digest.services.accounts.login import LONGEST_NAME, LoginOrigin, open_session
from digest.services.app import App
from digest.storage.accounts import links, people, sessions
from digest.storage.audience import lists
from digest.text.addresses.email_address import normalised

RESET_PAUSE = timedelta(minutes=5)
"""Who asks again so soon gets no second mail."""
PATHS = {LinkPurpose.INVITE: "invitation", LinkPurpose.RESET: "reset"}


def address_of(app: App, purpose: LinkPurpose, token: str) -> str:
    """Return the address that a one-time link leads to."""
    return f"{app.settings.web.public_url.rstrip('/')}/desk/{PATHS[purpose]}/{quote(token, safe='')}"


async def invite(
    app: App, role: Role, *, email: str = "", list_slug: str = "", language: str = "ar", by_mail: bool = False
) -> str:
    """Keep an invitation and return its address; with `by_mail` it is mailed, and nobody else sees it ("").

    Without an address whoever opens it writes theirs. Of one address the newest invitation counts alone.

    Raises:
        InputError: it is no address, or there is no such list.
        RefusedError: `known`, the address has an account.
    """
    now = app.clock.now()
    known = normalised(email) if email else ""
    token = "" if by_mail else tokens.new_token()
    async with app.database.begin() as session:
        if known and await people.by_email(session, known) is not None:
            raise RefusedError("known", f"{known} has an account.")
        mailing_list = await lists.by_slug(session, list_slug) if list_slug else None
        if known:
            await links.drop_invitations(session, known)
        link = await links.add(
            session,
            AccountLink(
                token_hash=tokens.hashed(app, tokens.LINK, token) if token else "",
                purpose=LinkPurpose.INVITE,
                email=known,
                role=role,
                list_id=row_id(mailing_list) if mailing_list else None,
                language=language,
                created_at=now,
                ends_at=now + timedelta(hours=app.settings.desk.invitation_hours),
                next_try_at=now if by_mail else None,
            ),
        )
    if by_mail:
        await app.queue.enqueue("mail_account_link", row_id(link))
    return address_of(app, LinkPurpose.INVITE, token) if token else ""


async def invitation(app: App, token: str) -> AccountLink:
    """Return the invitation of a token.

    Raises:
        RefusedError: `link_over`, it was used, has expired or never was.
    """
    return await _open(app, LinkPurpose.INVITE, token)


async def accept(
    app: App, token: str, *, email: str, name: str, password: str, origin: LoginOrigin
) -> tuple[Account, str]:
    """Make the account that an invitation is for; returns it with the value of its first cookie.

    Raises:
        InputError: what was typed is no address.
        RefusedError: `link_over`; `known`; or the password is not good enough.
    """
    link = await invitation(app, token)
    address = link.email or normalised(email)
    named = name.strip()[:LONGEST_NAME]
    spelled = passwords.checked_password(password, app.settings.desk.password_length, address, named)
    stored, now = await passwords.hash_password(spelled), app.clock.now()
    async with app.database.begin() as session:
        if await people.by_email(session, address) is not None:
            raise RefusedError("known", f"{address} has an account.")
        if not await links.use(session, row_id(link), now):
            raise _over()
        account = await people.add(
            session,
            Account(
                email=address,
                name=named,
                password_hash=stored,
                language=link.language,
                digits="latn" if link.language == "en" else "arab",
                created_at=now,
                last_login_at=now,
            ),
        )
        if link.role is not None:
            await people.set_roles(session, row_id(account), [(link.role, link.list_id)])
        return account, await open_session(app, session, account, origin, is_whole=True)


async def withdraw(app: App, link_id: int) -> AccountLink:
    """Take back an invitation that nobody has taken up.

    Raises:
        RefusedError: there is none.
    """
    async with app.database.begin() as session:
        link = await links.withdraw(session, link_id)
    if link is None:
        raise _over()
    return link


async def ask_for_reset(app: App, email: str) -> None:
    """Have a link for a new password mailed, if the address has an account. The answer is always the same."""
    try:
        known = normalised(email[:320])
    except ValueError:
        return
    asked = None
    async with app.database.begin() as session:
        account = await people.by_email(session, known)
        if account is not None and account.disabled_at is None:
            asked = await _asked(app, session, account)
    if asked is not None:
        await app.queue.enqueue("mail_account_link", asked)


async def _asked(app: App, session: AsyncSession, account: Account) -> int | None:
    now = app.clock.now()
    if await links.asked_since(session, row_id(account), now - RESET_PAUSE):
        return None
    link = await links.add(session, _reset(app, account, next_try_at=now))
    return row_id(link)


async def reset_link(app: App, email: str) -> str:
    """Return a link for a new password, for who works at the terminal.

    Raises:
        RefusedError: `unknown`, the address has no account.
    """
    token = tokens.new_token()
    async with app.database.begin() as session:
        account = await people.by_email(session, normalised(email))
        if account is None:
            raise RefusedError("unknown", f"{email} has no account.")
        await links.add(session, _reset(app, account, token_hash=tokens.hashed(app, tokens.LINK, token)))
    return address_of(app, LinkPurpose.RESET, token)


async def may_reset(app: App, token: str) -> None:
    """Make sure that a link for a new password opens.

    Raises:
        RefusedError: `link_over`.
    """
    await _open(app, LinkPurpose.RESET, token)


async def reset(app: App, token: str, password: str) -> Account:
    """Set a new password by a link: all sessions end, all other links are void, and failed logins forgotten.

    A second factor stays: a mailbox alone does not open an account that has one.

    Raises:
        RefusedError: `link_over`, or the password is not good enough.
    """
    link = await _open(app, LinkPurpose.RESET, token)
    async with app.database.read() as session:
        account = await people.by_id(session, link.account_id or -1)
    if account is None or account.disabled_at is not None:
        raise _over()
    spelled = passwords.checked_password(
        password, app.settings.desk.password_length, account.email, account.name
    )
    stored, now = await passwords.hash_password(spelled), app.clock.now()
    async with app.database.begin() as session:
        if not await links.use(session, row_id(link), now):
            raise _over()
        account = await people.by_id(session, row_id(account)) or account
        account.password_hash = stored
        await people.add(session, account)
        await sessions.end_all(session, row_id(account))
        await links.drop_open(session, row_id(account))
        await sessions.forget_failures(session, tokens.hashed(app, tokens.LOGIN, account.email))
    return account


def _reset(app: App, account: Account, **fields: Any) -> AccountLink:
    now = app.clock.now()
    return AccountLink(
        purpose=LinkPurpose.RESET,
        email=account.email,
        account_id=row_id(account),
        language=account.language,
        created_at=now,
        ends_at=now + timedelta(minutes=app.settings.desk.reset_minutes),
        **fields,
    )


async def _open(app: App, purpose: LinkPurpose, token: str) -> AccountLink:
    async with app.database.read() as session:
        link = await links.open_one(session, purpose, tokens.hashes(app, tokens.LINK, token), app.clock.now())
    if link is None:
        raise _over()
    return link


def _over() -> RefusedError:
    return RefusedError("link_over", "The link was used, or it is too old.")
