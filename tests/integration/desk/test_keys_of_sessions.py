"""The key that seals sessions and recovery codes is changed, and nobody is locked out of the desk who should not be."""

from collections.abc import Awaitable, Callable

import pytest

from digest.keys import Purpose
from digest.model import Account, Role
from digest.services import keys
from digest.services.accounts import second_factor
from digest.services.app import App
from digest.storage.accounts import people
from tests.integration.desk.conftest import Hands, Joins

Codes = Callable[[], Awaitable[tuple[Account, list[str]]]]


@pytest.fixture
async def codes(app: App, now) -> Codes:
    """Make an account with a second factor, and the codes that stand in for it."""

    async def made() -> tuple[Account, list[str]]:
        async with app.database.begin() as session:
            account = Account(
                email="who@news.example", password_hash="none", totp_secret="A" * 32, created_at=now
            )
            await people.add(session, account)
        return account, await second_factor.new_recovery_codes(app, account.id or 0)

    return made


async def opens(app: App, account: Account, code: str) -> bool:
    async with app.database.begin() as session:
        return await second_factor.takes(app, session, account, code)


async def test_whoever_is_logged_in_stays_so_when_the_key_is_changed(app: App, joins: Joins):
    person = await joins(Role.PUBLISHER)
    await keys.rotate(app, Purpose.SESSIONS, leaked=False)
    assert (await person.opens("/desk")).status_code == 200


async def test_a_recovery_code_outlives_every_change_of_the_key(app: App, codes: Codes, clock: Hands):
    account, drawn = await codes()
    for _ in range(3):
        await keys.rotate(app, Purpose.SESSIONS, leaked=False)
        clock.moves(days=500)
        await keys.refresh(app)
    assert await opens(app, account, drawn[0])
    assert not await opens(app, account, drawn[0]), "it opens once"


async def test_a_leaked_key_ends_sessions_and_recovery_codes(app: App, joins: Joins, codes: Codes):
    person, (account, drawn) = await joins(Role.PUBLISHER), await codes()
    await keys.rotate(app, Purpose.SESSIONS, leaked=True)
    assert (await person.opens("/desk")).status_code == 303
    assert not await opens(app, account, drawn[0])
