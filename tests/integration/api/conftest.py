"""The JSON interface over a real database, and programs with keys."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.api.v1.app import build_api
from digest.model import AuditEntry, MailingList, Scope
from digest.model.programs.scopes import OF_ALL_LISTS
from digest.services.app import App
from digest.services.programs import keys
from digest.settings import Settings
from tests.builders import a_list, a_source, a_subscriber, a_subscription, an_edition

SITE = "https://news.mujaz.example"
FROM = "203.0.113.9"
ROOT = "/api/v1"


class Moving(FixedClock):
    """A clock that stands until it is moved."""

    def moves(self, **by: float) -> None:
        self.forward(timedelta(**by))


class Program:
    """A program that calls the interface with a key."""

    def __init__(self, client: httpx2.AsyncClient, key: str) -> None:
        self.client = client
        self.key = key

    async def asks(self, method: str, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        headers |= more.pop("headers", {})
        if json is not None:
            more["json"] = json
        return await self.client.request(method, f"{ROOT}{path}", headers=headers, **more)

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        return await self.asks("GET", path, **more)

    async def post(self, path: str, json: Any = None, **more: Any) -> httpx2.Response:
        return await self.asks("POST", path, json, **more)


@pytest.fixture
def clock(now: Any) -> Moving:
    return Moving(now)


@pytest.fixture
def more_settings() -> dict[str, Any]:
    """What a test sets besides."""
    return {}


@pytest.fixture
async def app(
    database_url: str, tmp_path: Path, clock: Moving, more_settings: dict[str, Any]
) -> AsyncIterator[App]:
    settings = Settings(
        **{
            "database": {"url": database_url, "busy_seconds": 10},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE, "secret": "a key for tests"},
            "collect": {"readers": 0},
            **more_settings,
        }
    )
    async with opened(settings, clock=clock) as made:
        yield made


@pytest.fixture
async def client(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=build_api(app), client=(FROM, 40_000), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=SITE) as made:
        yield made


Knows = Callable[..., Awaitable[Program]]


@pytest.fixture
def knows(app: App, client: httpx2.AsyncClient) -> Knows:
    """Make a key with scopes (all that there are, if none is named), and a program that has it."""
    made = 0

    async def know(*scopes: Scope, list_slug: str = "", days: int | None = None) -> Program:
        nonlocal made
        made += 1
        every = set(Scope) - (OF_ALL_LISTS if list_slug else set())
        key = await keys.add(app, f"program {made}", scopes or every, list_slug=list_slug, days=days)
        return Program(client, key)

    return know


@pytest.fixture
async def daily(app: App) -> MailingList:
    """A list with three people, an edition that may start, and a source."""
    async with app.database.begin() as session:
        made = a_list()
        session.add(made)
        await session.flush()
        for number in (1, 2, 3):
            person = a_subscriber(number, name=f"قارئ {number}")
            session.add(person)
            await session.flush()
            session.add(a_subscription(made.id or 0, person.id or 0))
        session.add(an_edition(made.id or 0))
        session.add(a_source())
    return made


@pytest.fixture
async def other(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list(slug="sport", name="موجز الرياضة")
        session.add(made)
        await session.flush()
        session.add(an_edition(made.id or 0))
    return made


@pytest.fixture
def logged(app: App) -> Callable[[], Awaitable[list[AuditEntry]]]:
    """The audit log, oldest first."""

    async def read() -> list[AuditEntry]:
        async with app.database.begin() as session:
            return list((await session.exec(select(AuditEntry).order_by(AuditEntry.id))).all())  # type: ignore[arg-type]

    return read
