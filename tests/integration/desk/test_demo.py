"""The demo: a newsroom of invented people whose books balance, in a database of its own."""

import os
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from sqlmodel import func, select

from digest.entrypoints.demo import SignInLinks, demo_settings
from digest.entrypoints.desk.app import build_desk
from digest.entrypoints.desk.routes import ROUTES
from digest.errors import InputError
from digest.model import Batch, Delivery, Edition, EditionState, MailingList, Role, Source, Subscriber
from digest.services.app import App
from digest.services.desk import figures
from digest.services.desk.demo import people
from digest.services.desk.demo.planting import Planted, plant
from digest.services.sources import health
from tests.builders import NOW
from tests.integration.desk.conftest import COOKIE, SITE

PEOPLE, DAYS = 120, 6


EMBEDDED = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is asked of the same rows; that the rows are the same on both kinds of server, the first test says."""


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Planted]]:
    """An embedded database with the demo in it, when the first test has made it."""
    return tmp_path_factory.mktemp("demo") / "planted.db", []


@pytest.fixture
async def planted(app: App, tmp_path: Path, once: tuple[Path, list[Planted]]) -> Planted:
    file, made = once
    out = app.settings.run.model_copy(update={"out": tmp_path / "out"})
    object.__setattr__(app, "settings", app.settings.model_copy(update={"run": out}))
    if not app.database.embedded:
        return await plant(app, count=PEOPLE, days=DAYS)
    own = app.database.url.removeprefix("sqlite:///")
    if made:
        copied(file, own)
    else:
        made.append(await plant(app, count=PEOPLE, days=DAYS))
        copied(own, file)
    return made[0]


def copied(one: str | Path, other: str | Path) -> None:
    """Copy a database into another that may be open."""
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)


async def test_its_books_balance_and_its_sources_have_all_states(app: App, planted: Planted):
    async with app.database.read() as session:
        editions = (await session.exec(select(Edition))).all()
        batches = (await session.exec(select(Batch))).all()
        rows = (await session.exec(select(func.count()).select_from(Delivery))).one()
        readers = (await session.exec(select(Subscriber))).all()
    states = Counter(one.state for one in editions)
    assert states == {EditionState.FINISHED: DAYS + 1, EditionState.DRAFT: 1, EditionState.HELD: 1}
    planned = {one.id: one.planned for one in editions}
    for edition_id, size in planned.items():
        own = [one for one in batches if one.edition_id == edition_id]
        assert sum(one.size for one in own) == size
        assert all(one.size == one.sent + one.bounced + one.failed for one in own)
    assert rows == sum(planned.values())
    assert len(readers) == PEOPLE
    assert all(one.sample and one.email.endswith(".example") for one in readers)
    assert {one.state for one in await health.health(app)} == set(health.HealthWord)
    assert set(planted.staff) == set(Role)


@EMBEDDED
async def test_its_charts_have_something_to_show(app: App, planted: Planted):
    async with app.database.read() as session:
        daily = (await session.exec(select(MailingList).where(MailingList.slug == "daily"))).one()
    found = await figures.of_lists(app, [daily], 30)
    assert found.confirmed[-1] > found.confirmed[0] > 0
    assert len(found.editions) == DAYS
    assert sum(one.sent for one in found.editions) > 0
    assert found.domains
    assert await figures.choices_of(app, daily)


async def test_it_is_never_put_beside_what_is_real(app: App, daily: MailingList):
    with pytest.raises(InputError, match="in use"):
        await plant(app, count=PEOPLE, days=DAYS)
    async with app.database.read() as session:
        assert not (await session.exec(select(Source))).all()


def tab(app: App, links: SignInLinks, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=build_desk(app, (*ROUTES, links.route)), client=(address, 40_000))
    return httpx2.AsyncClient(transport=transport, base_url=SITE, headers={"sec-fetch-site": "same-origin"})


@EMBEDDED
async def test_a_link_opens_once_from_this_machine_alone_and_nothing_by_being_opened(
    app: App, planted: Planted
):
    links = SignInLinks(planted.staff)
    path = links.links("")[Role.EDITOR]
    async with tab(app, links, "203.0.113.9") as elsewhere:
        assert (await elsewhere.get(path)).status_code == 410
        assert (await elsewhere.post(path)).status_code == 410
    async with tab(app, links, "127.0.0.1") as here:
        assert (await here.get(path)).status_code == 200
        assert COOKIE not in here.cookies
        assert (await here.post(path)).status_code == 303
        assert (await here.get("/desk")).status_code == 200
        assert (await here.post(path)).status_code == 410
        assert (await here.get("/desk/demo/none")).status_code == 410


def test_no_other_desk_knows_of_such_links():
    assert not [one for one in ROUTES if "demo" in one.path]


def test_nothing_of_ones_own_settings_gets_into_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DIGEST_MAIL__HOST", "smtp.real.example")
    monkeypatch.setenv("DIGEST_DATABASE__URL", "sqlite:///real.db")
    (tmp_path / "digest.toml").write_text('[mail]\nhost = "smtp.real.example"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    chosen = demo_settings(tmp_path / "demo", 8080)
    assert not chosen.mail.all_servers
    assert str(tmp_path / "demo") in chosen.database.url
    assert chosen.web.host == "127.0.0.1"
    assert "DIGEST_MAIL__HOST" not in os.environ


def test_the_same_people_are_invented_again():
    assert people.subscribers(50, NOW) == people.subscribers(50, NOW)
    rows = people.subscribers(50, NOW)
    assert len({one["email"] for one in rows}) == len({one["key"] for one in rows}) == 50
    assert rows[0]["created_at"] < rows[-1]["created_at"] <= NOW
