"""The second factor: six digits that change every thirty seconds (RFC 6238), and codes for when they are
lost.
"""

import hmac
import re
import secrets

import pyotp
import segno
from sqlmodel import col, update
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import RefusedError
from digest.model import Account
from digest.model.rows import row_id
from digest.services.accounts import tokens
from digest.services.app import App
from digest.storage.accounts import people
from digest.text.words.normalise import ascii_digits

STEP = 30
DRIFT = 1
"""So many steps may a telephone's clock be wrong."""
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another."""


def _matching_step(secret: str, code: str, now_seconds: float) -> int | None:
    """The step that a code belongs to, near now; None when it is of none."""
    totp = pyotp.TOTP(secret, interval=STEP)
    here = int(now_seconds) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode()):
            return step
    return None


async def takes(app: App, session: AsyncSession, account: Account, given: str) -> bool:
    """Say whether a code is right, and use it up: neither a code nor a recovery code opens twice."""
    code = re.sub(r"[\s-]", "", ascii_digits(given)).lower()[:40]
    step = _matching_step(account.totp_secret, code, app.clock.now().timestamp())
    if step is not None:
        used = await session.exec(
            update(Account)
            .where(col(Account.id) == row_id(account), col(Account.totp_step) < step)
            .values(totp_step=step)
        )
        return used.rowcount == 1
    return await people.use_recovery_code(
        session, row_id(account), tokens.hashes(app, tokens.RECOVERY, f"{row_id(account)}:{code}")
    )


async def begin(app: App, account_id: int) -> Account:
    """Make a secret that a first code has to prove; one that was begun before goes on."""
    async with app.database.begin() as session:
        account = await _account(session, account_id)
        if not account.totp_pending:
            account.totp_pending = pyotp.random_base32()
            await people.add(session, account)
        return account


def qr_code(app: App, account: Account) -> str:
    """Return the secret as a QR code, an SVG that needs nothing from elsewhere."""
    issuer = f"Mujaz {app.settings.web.public_url.partition('//')[2]}".replace(":", " ")
    uri = pyotp.TOTP(account.totp_pending).provisioning_uri(name=account.email, issuer_name=issuer)
    return str(segno.make(uri, error="m").svg_inline(scale=5, border=4, omitsize=True, light="white"))


async def confirm(app: App, account_id: int, code: str) -> list[str]:
    """Take the first code: from now on one is asked for. Returns the recovery codes, which are shown once.

    Raises:
        RefusedError: the code is wrong.
    """
    async with app.database.begin() as session:
        account = await _account(session, account_id)
        given = re.sub(r"\s", "", ascii_digits(code))[:10]
        step = (
            _matching_step(account.totp_pending, given, app.clock.now().timestamp())
            if account.totp_pending
            else None
        )
        if step is None:
            raise RefusedError("code_wrong", "The code is wrong.")
        account.totp_secret, account.totp_pending, account.totp_step = account.totp_pending, "", step
        await people.add(session, account)
        return await _new_codes(app, session, account_id)


async def new_recovery_codes(app: App, account_id: int) -> list[str]:
    """Make new recovery codes in place of the old ones.

    Raises:
        RefusedError: there is no second factor.
    """
    async with app.database.begin() as session:
        account = await _account(session, account_id)
        if not account.totp_secret:
            raise RefusedError("no_second_factor", "There is no second factor to stand in for.")
        return await _new_codes(app, session, account_id)


async def remove(app: App, account_id: int) -> None:
    """Ask for no second factor any more."""
    async with app.database.begin() as session:
        account = await _account(session, account_id)
        account.totp_secret = account.totp_pending = ""
        await people.add(session, account)
        await people.set_recovery_codes(session, account_id, [])


async def recovery_codes_left(app: App, account_id: int) -> int:
    """Return how many recovery codes are left."""
    async with app.database.read() as session:
        return await people.recovery_codes_left(session, account_id)


async def _new_codes(app: App, session: AsyncSession, account_id: int) -> list[str]:
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    kept = [tokens.hashed(app, tokens.RECOVERY, f"{account_id}:{one}") for one in codes]
    await people.set_recovery_codes(session, account_id, kept)
    return [f"{one[:5]}-{one[5:]}" for one in codes]


async def _account(session: AsyncSession, account_id: int) -> Account:
    found = await people.by_id(session, account_id)
    if found is None:
        raise RefusedError("gone", "The account is gone.")
    return found
