"""What tests of webhooks and channels share: an app over each database, and a program's server that
listens.
"""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlmodel import select

from digest.bootstrap import opened
from digest.model import MailingList, WebhookMessage
from digest.services.app import App
from digest.services.programs import posting
from digest.settings import Settings
from tests.builders import a_list, a_subscriber, a_subscription, an_edition
from tests.integration.programs.listener import Listener, Passing
from tests.integration.programs.telegram import Telegram


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    site = web.Application()
    site.router.add_route("*", "/{path:.*}", made.hear)
    runner = web.AppRunner(site)
    await runner.setup()
    where = web.TCPSite(runner, "127.0.0.1", 0)
    await where.start()
    made.host = f"127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


@pytest.fixture
def clock(now: Any) -> Passing:
    return Passing(now)


@pytest.fixture
async def app(database_url: str, tmp_path: Path, clock: Passing, listener: Listener) -> AsyncIterator[App]:
    settings = Settings(
        database={"url": database_url, "busy_seconds": 10},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": "https://news.mujaz.example", "secret": "a key for tests"},
        collect={"allow_hosts": (listener.host,), "readers": 0},
        channels={"telegram_url": f"http://{listener.host}", "telegram_token": "123:token"},
    )
    async with opened(settings, clock=clock) as made:
        yield made


@pytest.fixture
async def daily(app: App) -> MailingList:
    async with app.database.begin() as session:
        made = a_list()
        session.add(made)
        await session.flush()
        for number in (1, 2):
            person = a_subscriber(number, name=f"قارئ {number}")
            session.add(person)
            await session.flush()
            session.add(a_subscription(made.id or 0, person.id or 0))
        session.add(an_edition(made.id or 0))
    return made


@pytest.fixture
def messages(app: App) -> Callable[[], Any]:
    """The messages of all webhooks, oldest first."""

    async def read() -> list[WebhookMessage]:
        async with app.database.begin() as session:
            return list((await session.exec(select(WebhookMessage).order_by(WebhookMessage.id))).all())  # type: ignore[arg-type]

    return read


@pytest.fixture
def posts(app: App) -> Callable[[], Any]:
    """Post what is due, as the scheduler does; returns how many there were."""

    async def post() -> int:
        waiting = await posting.due(app, 100)
        for one in waiting:
            await posting.post(app, one)
        return len(waiting)

    return post


@pytest.fixture
def telegram(app: App, listener: Listener) -> Telegram:
    return Telegram(app, listener)
