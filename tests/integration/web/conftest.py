"""The real pages over a real database, with the embedded mailbox."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import SQLModel, select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.deliver.embedded import maildir
from digest.entrypoints.web.app import build
from digest.model import MailingList, Notice, Subscriber, Subscription, SubscriptionState
from digest.services.app import App
from digest.services.audience import signups
from digest.services.sending.notices import send_notice
from digest.settings import Settings
from tests.builders import a_list, a_subscriber, a_subscription

SITE = "https://news.mujaz.example"
READER_AT = "203.0.113.9"

Dump = dict[str, list[tuple[Any, ...]]]


class Reader:
    """A browser that follows no redirect and keeps no cookie, at one address of the network."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def opens(self, path: str, *, method: str = "GET", **headers: str) -> httpx2.Response:
        return await self._client.request(method, path, headers=_named(headers))

    async def sends(
        self, path: str, fields: dict[str, str | list[str]] | None = None, **headers: str
    ) -> httpx2.Response:
        """Press a form's button on this site."""
        own = {"sec-fetch-site": "same-origin", "origin": SITE}
        return await self._client.post(path, data=fields or {}, headers=own | _named(headers))

    async def posts(self, path: str, body: bytes, **headers: str) -> httpx2.Response:
        """Post as a program does, without what browsers add."""
        return await self._client.post(path, content=body, headers=_named(headers))


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def signups_an_hour() -> int:
    return 20


def _limits(signups_an_hour: int) -> dict[str, object]:
    """A test that posts more than the limits of networks and domains allow lifts them, too."""
    if signups_an_hour <= 100:
        return {}
    return {"network_an_hour": signups_an_hour, "domain_an_hour": signups_an_hour, "attack": "off"}


@pytest.fixture
async def app(database_url: str, tmp_path: Path, now: datetime, signups_an_hour: int) -> AsyncIterator[App]:
    settings = Settings(
        database={"url": database_url, "busy_seconds": 10},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": SITE, "secret": "a key for tests", "signups_an_hour": signups_an_hour},
        signup=_limits(signups_an_hour),
    )
    async with opened(settings, clock=FixedClock(now)) as made:
        yield made


@pytest.fixture
async def reader(app: App) -> AsyncIterator[Reader]:
    transport = httpx2.ASGITransport(app=build(app), client=(READER_AT, 40_000), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
        yield Reader(client)


@pytest.fixture
async def mailing_list(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list(description="أهم أخبار اليوم كل صباح")
        session.add(made)
        await session.flush()
    return made


@pytest.fixture
async def amal(app: App, mailing_list: MailingList) -> Subscriber:
    """She is subscribed."""
    async with app.database.begin() as session:
        person = a_subscriber(email="amal@mujaz.example")
        session.add(person)
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, person.id or 0))
    return person


@pytest.fixture
def dump(app: App) -> Callable[[], Awaitable[Dump]]:
    """All rows of all tables."""

    async def read() -> Dump:
        async with app.database.begin() as session:
            connection = await session.connection()
            return {
                table.name: sorted(
                    (tuple(row) for row in (await connection.execute(table.select())).all()), key=repr
                )
                for table in SQLModel.metadata.sorted_tables
            }

    return read


@pytest.fixture
def state_of(app: App) -> Callable[[str], Awaitable[SubscriptionState | None]]:
    """Where the subscription of an address stands."""

    async def read(email: str) -> SubscriptionState | None:
        await signups.settle(app)
        async with app.database.begin() as session:
            query = (
                select(Subscription)
                .join(Subscriber, Subscriber.id == Subscription.subscriber_id)  # type: ignore[arg-type]
                .where(Subscriber.email == email)
            )
            found = (await session.exec(query)).first()
        return found.state if found else None

    return read


@pytest.fixture
def mailed(app: App) -> Callable[[], Awaitable[list[maildir.StoredContent]]]:
    """Send what waits by real SMTP, and return what lies in the mailbox."""

    async def read() -> list[maildir.StoredContent]:
        await signups.settle(app)
        async with app.database.begin() as session:
            waiting = (await session.exec(select(Notice.id).order_by(Notice.id))).all()  # type: ignore[arg-type]
        for notice_id in waiting:
            await send_notice(app, notice_id or 0)
        folder = app.settings.mailbox.folder
        return [maildir.stored_message(folder, letter.key) for letter in maildir.stored_messages(folder)]

    return read
