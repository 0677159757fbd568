"""Keys are set, changed, unset and rotated, and nobody is mailed who must not be, and nothing that was mailed dies."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.errors import ConfigError, InputError
from digest.keys import Purpose
from digest.model import Secret
from digest.services import keys
from digest.services.app import App
from digest.services.audience import lists, subscribers
from digest.services.audience.admin import erasing
from digest.services.audience.imports import run as imports
from digest.services.bounces.reports import is_ours
from digest.services.sources import websub
from digest.settings import Settings
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition

MAILED = json.loads((Path(__file__).parents[2] / "data" / "keys" / "mailed_before.json").read_text())
IN_SETTINGS = "a secret of the settings"
OTHER = "quite another secret of the settings"
GONE = "gone@mujaz.example"


@asynccontextmanager
async def an_open_app(url: str, secret: str | None = None, **fields: Any) -> AsyncIterator[App]:
    web = {"public_url": "https://mujaz.example", **({"secret": secret} if secret else {})}
    clock = fields.pop("clock", None) or FixedClock(NOW)
    chosen = Settings.model_validate({"database": {"url": url}, "web": web, **fields})
    async with opened(chosen, clock=clock) as app:
        yield app


@pytest.fixture
async def older(database_url: str) -> Callable[..., Any]:
    """A database as the version before left it: with its one key, a reader and an address that must never be mailed."""

    async def made(*kept_under: str, key: bool = True) -> str:
        database = Database(database_url)
        await database.upgrade()
        async with database.begin() as session:
            session.add_all([mailing_list := a_list(), person := a_subscriber()])
            await session.flush()
            session.add(a_subscription(mailing_list.id or 0, person.id or 0))
            session.add(an_edition(mailing_list.id or 0))
        await database.go_back("0003")

        def write(connection: Any) -> None:
            row = {"at": NOW.replace(tzinfo=None).isoformat(" "), "key": MAILED["database"]["key"]}
            if key:
                connection.execute(text("INSERT INTO secret VALUES ('links', :key, :at)"), row)
            for one in kept_under:
                hashed = MAILED[one]["suppressed"][GONE]
                connection.execute(
                    text("INSERT INTO suppression VALUES (:hashed, 'removed', :at)"),
                    {**row, "hashed": hashed},
                )

        await database.write(write)
        if not database.embedded:
            await database.upgrade()
        await database.close()
        return database_url

    return made


async def opens(
    app: App, sample: dict[str, Any], *, also: tuple[str, ...] = ("preferences", "confirm")
) -> None:
    """Everything that a mail of before holds leads where it did."""
    for name in ("unsubscribe", "unsubscribe_of_the_first_version", *also):
        purpose = name.partition("_")[0]
        token = sample[name].rpartition("/")[2]
        assert app.links.read(purpose, token, NOW, list_slug="daily") == f"{1:032x}"
    assert is_ours(app, sample["list_unsubscribe"])
    if also:
        assert is_ours(app, sample["return_path"])


async def is_refused(app: App, address: str = GONE) -> None:
    mailing_list = await lists.ensure(app, None)
    file = io.BytesIO(f"email\n{address}\n".encode())
    done = await imports.import_file(app, mailing_list, file, name="people.csv")
    assert (done.counts["added"], done.counts["suppressed"]) == (0, 1)
    with pytest.raises(InputError, match="never be mailed"):
        await subscribers.add(app, mailing_list, address)


async def test_what_the_version_before_mailed_opens_and_whom_it_suppressed_stays_so(older):
    async with an_open_app(await older("database")) as app:
        await opens(app, MAILED["database"])
        await is_refused(app)
        token = MAILED["database"]["hub_callback"].rpartition("/")[2]
        assert websub._is_ours(app, 1, token)


@pytest.mark.red("secret-rotation")
@pytest.mark.parametrize("key", [True, False])
async def test_where_web_secret_was_set_the_suppression_list_keeps_it_also_when_it_is_changed_or_unset(
    older, key: bool
):
    url = await older("web.secret", key=key)
    for secret in (IN_SETTINGS, OTHER, None, IN_SETTINGS, None):
        async with an_open_app(url, secret) as app:
            await opens(app, MAILED["web.secret"])
            await is_refused(app)
            assert app.keys.suppression.current == IN_SETTINGS.encode()


async def test_addresses_hashed_under_a_key_of_before_and_one_of_the_settings_are_all_refused(older):
    url = await older("database", "web.secret")
    async with an_open_app(url) as app:  # a command by hand, without the service's environment
        await is_refused(app)
    async with an_open_app(url, IN_SETTINGS) as app:
        await is_refused(app)
        await opens(app, MAILED["database"])
        await opens(app, MAILED["web.secret"])


async def test_without_the_web_secret_that_hashed_them_nothing_begins_until_it_is_remembered(older):
    url = await older("web.secret", key=False)
    with pytest.raises(ConfigError, match=r"web\.secret, which is not set"):
        async with an_open_app(url):
            pass
    database = Database(url)
    await keys.remember(database, IN_SETTINGS.encode(), NOW)
    await database.close()
    async with an_open_app(url) as app:
        await is_refused(app)
        await opens(app, MAILED["web.secret"])


@pytest.mark.red("secret-rotation")
async def test_setting_changing_and_unsetting_web_secret_forgets_nobody_and_breaks_no_link(database_url: str):
    mailed: list[str] = []
    for secret in (None, IN_SETTINGS, OTHER, None, OTHER):
        async with an_open_app(database_url, secret) as app:
            mailing_list = await lists.ensure(app, None)
            if not mailed:
                await subscribers.add(app, mailing_list, GONE)
                await erasing.forget(app, GONE)
            mailed.append(app.links.unsubscribe("daily", "k").rpartition("/")[2])
            for token in mailed:
                assert app.links.read("unsubscribe", token, NOW, list_slug="daily") == "k"
            await is_refused(app)
    assert len(set(mailed)) == 3
    assert mailed[0] == mailed[3]


@pytest.mark.red("secret-rotation")
@pytest.mark.parametrize("purpose", [Purpose.LINKS, Purpose.RETURN_PATHS, Purpose.HUBS, Purpose.SESSIONS])
async def test_each_key_can_be_rotated_and_what_was_mailed_lives_on(older, purpose: Purpose):
    url, clock = await older("database"), FixedClock(NOW)
    async with an_open_app(url, clock=clock) as app, an_open_app(url, clock=clock) as other:
        before = app.keys._keys[purpose].current
        used_from = await keys.rotate(app, purpose, leaked=False)
        await keys.refresh(other)
        assert other.keys._keys[purpose].believed == app.keys._keys[purpose].believed
        clock.at = used_from
        await keys.refresh(app)
        assert app.keys._keys[purpose].current != before
        # The other has not looked again, and reads what the new key sealed all the same.
        assert app.keys._keys[purpose].current in other.keys._keys[purpose].believed
        await opens(app, MAILED["database"])
        await is_refused(app)


async def test_after_the_overlap_only_leaving_is_left_and_that_never_ends(older):
    url, clock = await older("database"), FixedClock(NOW)
    async with an_open_app(url, clock=clock) as app:
        await keys.rotate(app, Purpose.LINKS, leaked=False)
        await keys.rotate(app, Purpose.RETURN_PATHS, leaked=False)
        clock.at = NOW + timedelta(days=399)
        await keys.refresh(app)
        await opens(app, MAILED["database"])
        clock.at = NOW + timedelta(days=4000)
        await keys.refresh(app)
        await opens(app, MAILED["database"], also=())
        token = MAILED["database"]["preferences"].rpartition("/")[2]
        with pytest.raises(InputError, match="broken"):
            app.links.read("preferences", token, NOW, list_slug="daily")
        await is_refused(app)


async def test_a_leaked_key_opens_nothing_any_more_not_even_when_it_is_set_again(older):
    async with an_open_app(await older("database"), IN_SETTINGS) as app:
        url = app.database.url
        with pytest.raises(ConfigError, match=r"web\.secret is set"):
            await keys.rotate(app, Purpose.LINKS, leaked=True)
    async with an_open_app(url) as app:
        await keys.rotate(app, Purpose.LINKS, leaked=True)
        for one in MAILED.values():
            with pytest.raises(InputError, match="broken"):
                await opens(app, one)
        await is_refused(app)
    with pytest.raises(ConfigError, match="leaked"):
        async with an_open_app(url, IN_SETTINGS):
            pass


async def test_the_suppression_key_cannot_be_rotated(database_url: str):
    async with an_open_app(database_url) as app:
        with pytest.raises(InputError, match="never be mailed"):
            await keys.rotate(app, Purpose.SUPPRESSION, leaked=False)


async def test_each_purpose_has_a_key_of_its_own(database_url: str):
    async with an_open_app(database_url, IN_SETTINGS) as app:
        current = [app.keys._keys[one].current for one in Purpose]
        assert len(set(current)) == len(Purpose)
        assert app.keys.links.current == IN_SETTINGS.encode()


@pytest.mark.parametrize("secret", [None, IN_SETTINGS])
async def test_processes_that_begin_at_the_same_time_make_one_key_for_each_purpose(older, secret: str | None):
    url = await older("database")

    async def begin() -> list[bytes]:
        async with an_open_app(url, secret) as app:
            return [app.keys._keys[one].current for one in Purpose]

    found = await asyncio.gather(*(begin() for _ in range(6)))
    assert all(one == found[0] for one in found)
    database = Database(url)
    async with database.begin() as session:
        stored = (await session.exec(select(Secret).where(Secret.retired_at.is_(None)))).all()
    await database.close()
    assert len({one.purpose for one in stored}) == len(stored) == len(Purpose)


async def test_going_back_a_version_keeps_the_suppression_list_and_coming_again_the_links(database_url: str):
    async with an_open_app(database_url) as app:
        mailing_list = await lists.ensure(app, None)
        await subscribers.add(app, mailing_list, GONE)
        await erasing.forget(app, GONE)
        token = app.links.unsubscribe("daily", "k").rpartition("/")[2]
        hashing = app.keys.suppression.current.hex()
        await app.database.go_back("0003")
        one = await app.database.write(
            lambda it: it.execute(text("SELECT value FROM secret WHERE name = 'links'")).scalar_one()
        )
        assert one == hashing
        await app.database.upgrade()
    async with an_open_app(database_url) as app:
        assert app.links.read("unsubscribe", token, NOW, list_slug="daily") == "k"
        await is_refused(app)


async def test_the_list_of_keys_shows_no_key(older):
    async with an_open_app(await older("database"), IN_SETTINGS) as app:
        found = await keys.kept(app)
        shown = repr(found) + repr(app.keys) + repr(app.links) + repr(app)
    assert {one.purpose for one in found} == {one.value for one in Purpose}
    for one in (IN_SETTINGS, IN_SETTINGS.encode().hex(), MAILED["database"]["key"]):
        assert one not in shown
