"""The desk over a real database, and people who are logged in at it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.deliver.embedded import maildir
from digest.entrypoints.desk.app import build_desk
from digest.model import Account, AccountLink, AuditEntry, MailingList, Role
from digest.services.accounts import mails, passwords
from digest.services.accounts.login import LoginOrigin, open_session
from digest.services.app import App
from digest.settings import Settings
from digest.storage.accounts import people
from tests.builders import a_list, an_edition

SITE = "https://news.mujaz.example"
PASSWORD = "جملة طويلة أتذكرها 7"
COOKIE = "__Host-desk"
HERE = LoginOrigin("203.0.113.9", "203.0.113.9", "a browser")


class Hands(FixedClock):
    """A clock that stands until it is moved."""

    def moves(self, **by: float) -> None:
        self.forward(timedelta(**by))


class Tab:
    """A browser's tab at the desk: keeps cookies, follows no redirect, says from where its forms come."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def opens(self, path: str, *, method: str = "GET", **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, headers=named)

    async def sends(
        self, path: str, fields: dict[str, str | list[str]] | None = None, **headers: str
    ) -> httpx2.Response:
        own = {"sec-fetch-site": "same-origin", "origin": SITE}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, data=fields or {}, headers=own | named)

    @property
    def cookie(self) -> str:
        return self.client.cookies.get(COOKIE) or ""

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.cookies.clear()
        self.client.cookies.set(COOKIE, value, domain="news.mujaz.example")


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def clock(now: datetime) -> Hands:
    return Hands(now)


@pytest.fixture
async def app(database_url: str, tmp_path: Path, clock: Hands) -> AsyncIterator[App]:
    settings = Settings(
        database={"url": database_url, "busy_seconds": 10},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": SITE, "secret": "a key for tests"},
        # What strangers wrote is read in this process: by the same code, and no process has to start.
        collect={"readers": 0},
    )
    async with opened(settings, clock=clock) as made:
        yield made


@pytest.fixture
async def tab(app: App) -> AsyncIterator[Callable[[], Tab]]:
    opened_tabs: list[httpx2.AsyncClient] = []
    desk = build_desk(app)

    def new() -> Tab:
        transport = httpx2.ASGITransport(app=desk, client=(HERE.address, 40_000), raise_app_exceptions=False)
        opened_tabs.append(httpx2.AsyncClient(transport=transport, base_url=SITE))
        return Tab(opened_tabs[-1])

    yield new
    for one in opened_tabs:
        await one.aclose()


@pytest.fixture
async def daily(app: App) -> MailingList:
    """A list with one edition on its way and one that is held."""
    async with app.database.begin() as session:
        made = a_list()
        session.add(made)
        await session.flush()
        session.add(an_edition(made.id or 0))
    return made


@pytest.fixture
async def other(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list(slug="sport", name="موجز الرياضة")
        session.add(made)
        await session.flush()
        session.add(an_edition(made.id or 0))
    return made


Joins = Callable[..., Awaitable[Tab]]


@pytest.fixture
def joins(app: App, tab: Callable[[], Tab], now: datetime) -> Joins:
    """Make an account with a role, and return a tab in which it is logged in."""

    async def join(role: Role | None, list_id: int | None = None, *, email: str = "") -> Tab:
        name = email or f"{role.value if role else 'nobody'}-{list_id or 'all'}@news.example"
        stored = await passwords.hash_password(PASSWORD)
        async with app.database.begin() as session:
            account = await people.add(
                session, Account(email=name, name="", password_hash=stored, created_at=now)
            )
            if role is not None:
                await people.set_roles(session, account.id or 0, [(role, list_id)])
            token = await open_session(app, session, account, HERE, is_whole=True)
        made = tab()
        made.cookie = token
        return made

    return join


@pytest.fixture
def logged(app: App) -> Callable[[], Awaitable[list[AuditEntry]]]:
    """The audit log, oldest first."""

    async def read() -> list[AuditEntry]:
        async with app.database.begin() as session:
            return list((await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all())  # type: ignore[arg-type]

    return read


@pytest.fixture
def mailed(app: App) -> Callable[[], Awaitable[list[maildir.StoredContent]]]:
    """Mail the links that wait, by real SMTP, and return what lies in the mailbox."""

    async def read() -> list[maildir.StoredContent]:
        async with app.database.begin() as session:
            waiting = (await session.exec(select(AccountLink.id))).all()
        for link_id in waiting:
            await mails.mail_link(app, link_id or 0)
        folder = app.settings.mailbox.folder
        return [maildir.stored_message(folder, one.key) for one in maildir.stored_messages(folder)]

    return read
