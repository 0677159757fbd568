"""From a hub's call to DATA: the whole way of an alert, with generous limits."""

import asyncio
import hmac
import time
from collections.abc import AsyncIterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP
from starlette.applications import Starlette

from digest.bootstrap import opened
from digest.clock import SteadyClock, SystemClock
from digest.entrypoints.api.ingest import routes
from digest.model import AlertChoice, Article
from digest.runtime.inprocess import InProcessQueue
from digest.services import tasks
from digest.services.app import App
from digest.settings import Settings
from digest.storage.articles import sources
from tests.builders import a_list, a_source, a_subscriber, a_subscription
from tests.integration.collect.site import Site

PUBLIC = "https://mujaz.example"
LIMIT = 10.0


class Sink:
    """An SMTP server that keeps who was mailed, and when the first DATA came."""

    def __init__(self) -> None:
        self.to: list[str] = []
        self.first = 0.0
        self.came = asyncio.Event()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.first = self.first or time.time()
        self.to += envelope.rcpt_tos
        self.came.set()
        return "250 2.0.0 ok"


@pytest.fixture
async def sink() -> Sink:
    return Sink()


@pytest.fixture
async def app(site: Site, sink: Sink, tmp_path: Path) -> AsyncIterator[App]:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "full_text": False},
            "mail": {"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1], "tls": "none"},
            "web": {"public_url": PUBLIC},
        }
    )
    async with (
        opened(settings, clock=SteadyClock(SystemClock()), queue=InProcessQueue()) as started,
        started.queue,
    ):
        yield started
    server.close()


async def test_what_a_hub_tells_of_is_at_the_mail_server_within_ten_seconds_of_its_first_sight(
    app: App, site: Site, sink: Sink
):
    asked: dict[str, str] = {}

    async def hub(request: web.Request) -> web.StreamResponse:
        asked.update({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=202)

    link = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{site.does('/hub', hub)}'/>"
    url = site.publishes("/feed", feed(link, ""))
    async with app.database.begin() as session:
        source = await sources.add(session, a_source(location=url, created_at=app.clock.now()))
        mailing_list = a_list(alerts=True, alert_sources=[url], quiet_hours="", weekdays=[])
        people = [a_subscriber(1), a_subscriber(2)]
        session.add_all([mailing_list, *people])
        await session.flush()
        session.add(a_subscription(mailing_list.id, people[0].id, alerts=AlertChoice.ALL))
        session.add(a_subscription(mailing_list.id, people[1].id))
    await tasks.poll_source(app, source.id)
    app.queue.start(app)
    site.publishes("/feed", feed(link, item()))
    await call(app, asked)
    await asyncio.wait_for(sink.came.wait(), 4 * LIMIT)
    await app.queue.idle()
    async with app.database.begin() as session:
        article = await session.get(Article, 1)
    assert sink.first - article.first_seen_at.timestamp() < LIMIT
    assert sink.to == ["reader1@mujaz.example"]


def feed(link: str, items: str) -> str:
    return f"<rss version='2.0'><channel><title>المرفأ</title>{link}{items}</channel></rss>"


def item() -> str:
    return (
        f"<item><title>عاجل: زلزال يضرب مدينة المرجان</title><link>https://marfa.example/1</link><guid>1</guid>"
        f"<pubDate>{format_datetime(SystemClock().now())}</pubDate><description>ضرب زلزال قوي مدينة المرجان الساحلية وهدم"
        " عشرات المنازل، وأعلنت السلطات حالة الطوارئ في المحافظة كلها.</description></item>"
    )


async def call(app: App, asked: dict[str, str]) -> None:
    path = asked["hub.callback"].removeprefix(PUBLIC)
    signature = hmac.new(asked["hub.secret"].encode(), b"news", "sha256").hexdigest()
    pages = Starlette(routes=routes())
    pages.state.app = app
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(pages), base_url=PUBLIC) as client:
        await client.post(path, content=b"news", headers={"x-hub-signature": f"sha256={signature}"})
