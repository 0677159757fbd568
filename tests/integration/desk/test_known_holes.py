"""Holes that others had, tried here where no test of their subject does; `tests/red/rivals.py` names them
all.
"""

import io
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlmodel import select
from starlette.routing import Route, WebSocketRoute

from digest.entrypoints.api.v1.app import build_api
from digest.entrypoints.desk.app import build_desk
from digest.entrypoints.web.app import build
from digest.model import BounceEvent, MailingList, Role, Subscriber
from digest.services.app import App
from digest.services.audience.imports import run as imports
from tests.builders import NOW, a_subscriber, a_subscription
from tests.integration.desk.conftest import PASSWORD, Joins, Tab

SQL = (
    "' OR '1'='1",
    "'; DROP TABLE subscriber; --",
    "1) UNION SELECT password_hash FROM account --",
    "%' ESCAPE '\\",
    "\\",
    "%",
    "_",
)
SCRIPT = "<script>alert(1)</script>"


async def count(app: App, table: str) -> int:
    async with app.database.read() as session:
        return int(
            (await (await session.connection()).execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
        )


@pytest.fixture
async def reader(app: App, daily: MailingList) -> int:
    async with app.database.begin() as session:
        person = a_subscriber(1, name="أمل")
        session.add(person)
        await session.flush()
        session.add(a_subscription(daily.id or 0, person.id or 0))
    return person.id or 0


@pytest.mark.parametrize("words", SQL)
async def test_no_filter_of_the_desk_is_a_piece_of_sql(app: App, joins: Joins, reader: int, words: str):
    owner, given = await joins(Role.OWNER), quote(words)
    for path in ("q", "state", "source", "tag", "segment", "before"):
        answer = await owner.opens(f"/desk/lists/daily/people?{path}={given}")
        assert answer.status_code < 500, path
        if path not in {"state", "before"}:  # what is no state, and no number, narrows nothing
            assert f"/people/{reader}" not in answer.text, f"{path} let everybody through"
    for path in (
        "/desk/audit?actor=",
        "/desk/audit?act=",
        "/desk/lists/daily/why?story=",
        "/desk/suppressions?q=",
    ):
        assert (await owner.opens(path + given)).status_code < 500, path
    assert await count(app, "subscriber") == 1


async def test_what_was_stored_is_no_sql_when_it_is_used_later(app: App, joins: Joins, reader: int):
    owner = await joins(Role.OWNER)
    for words in SQL:
        details = {"name": words, "tags": words[:60]}
        assert (await owner.sends(f"/desk/lists/daily/people/{reader}/details", details)).status_code < 500
        for path in (
            f"/desk/lists/daily/people/{reader}",
            "/desk/lists/daily/people",
            "/desk/lists/daily/segments/build",
        ):
            assert (await owner.opens(path)).status_code == 200, (path, words)
    assert await count(app, "subscriber") == 1


async def test_a_file_of_people_holds_no_sql(app: App, daily: MailingList):
    lines = [
        "email,name,notes', (SELECT 1)",
        *(f'x{n}@mujaz.example,"{words}","{words}"' for n, words in enumerate(SQL)),
    ]
    done = await imports.import_file(
        app, daily, io.BytesIO("\n".join(lines).encode()), name="'; DROP TABLE list; --.csv"
    )
    assert done.rows == len(SQL)
    assert await count(app, "subscriber") == len(SQL)
    async with app.database.read() as session:
        names = set((await session.exec(select(Subscriber.name))).all())
    assert names == {words.strip() for words in SQL}


async def test_what_a_browser_says_of_itself_is_shown_as_words(joins: Joins, tab: object, daily: MailingList):
    owner = await joins(Role.OWNER, email="amal@news.example")
    said = {"user_agent": SCRIPT, "referer": f"https://x.example/{SCRIPT}", "x_forwarded_for": SCRIPT}
    fields = {"email": "amal@news.example", "password": PASSWORD}
    another: Tab = tab()  # type: ignore[operator]
    assert (await another.sends("/desk/login", fields, **said)).status_code == 303
    for path in ("/desk/account", "/desk/audit", "/desk/nothing-is-here"):
        page = await owner.opens(path, **said)
        assert SCRIPT not in page.text, path
    assert "&lt;script&gt;" in (await owner.opens("/desk/account")).text, "the browser is not named at all"


async def test_what_a_mail_server_said_is_shown_as_words(app: App, joins: Joins, reader: int):
    async with app.database.begin() as session:
        for event in ("bounce", "complaint"):
            session.add(
                BounceEvent(
                    subscriber_id=reader,
                    at=NOW,
                    event=event,
                    weight="hard",
                    words=f"5.1.1 {SCRIPT}",
                    read_by="dsn",
                )
            )
    owner = await joins(Role.OWNER)
    for path in ("bounces", "complaints", str(reader)):
        page = (await owner.opens(f"/desk/lists/daily/people/{path}")).text
        assert SCRIPT not in page
        assert "5.1.1 &lt;script&gt;" in page, path


@pytest.mark.parametrize(
    "away",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/desk/..//evil.example", "/desk@evil.example",
     "javascript:alert(1)", " //evil.example", "/%09/evil.example", "/desk\r\nX: y"],
)  # fmt: skip
async def test_a_login_leads_nowhere_else(joins: Joins, tab: object, daily: MailingList, away: str):
    await joins(Role.EDITOR, email="amal@news.example")
    another: Tab = tab()  # type: ignore[operator]
    fields = {"email": "amal@news.example", "password": PASSWORD, "next": away}
    answer = await another.sends("/desk/login", fields)
    assert answer.status_code == 303
    to = answer.headers["location"]
    assert to == "/desk" or to.startswith(("/desk/", "/desk?")), to
    assert "//" not in to
    assert "x" not in {name.lower() for name in answer.headers}


async def test_nobody_opens_a_web_socket(app: App):
    for site in (build_desk(app), build_api(app), build(app)):
        routes = list(getattr(site, "routes", []))
        assert [one for one in routes if isinstance(one, WebSocketRoute) or not isinstance(one, Route)] == []


async def test_many_ranges_are_answered_as_none(joins: Joins, daily: MailingList):
    owner = await joins(Role.VIEWER)
    many = "bytes=" + ",".join(f"{n}-{n + 1}" for n in range(2_000))
    for path in ("/desk/style.css", "/desk/desk.js", "/desk"):
        answer = await owner.opens(path, range=many)
        assert (answer.status_code, "content-range" in answer.headers) == (200, False), path
