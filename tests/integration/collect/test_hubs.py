"""A hub that tells of news, from the feed that names it to the visit that it brings about."""

import hmac
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from aiohttp import web
from starlette.applications import Starlette

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.collect import websub
from digest.entrypoints.api.ingest import routes
from digest.model import Source
from digest.services.app import App
from digest.services.sources import polling
from digest.settings import Settings
from digest.storage.articles import sources
from tests.builders import NOW, a_source
from tests.integration.collect.site import Site
from tests.unit.collect.odd_feeds import rss

PUBLIC = "https://mujaz.example"


@pytest.fixture
async def app(site: Site, tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "full_text": False},
            "web": {"public_url": PUBLIC},
        }
    )
    async with opened(settings, clock=FixedClock(NOW)) as started:
        yield started


async def a_subscribed_source(app: App, site: Site, forms: list[dict[str, str]]) -> Source:
    async def hub(request: web.Request) -> web.StreamResponse:
        forms.append({name: str(value) for name, value in (await request.post()).items()})
        return web.Response(status=202)

    link = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='hub' href='{site.does('/hub', hub)}'/>"
    url = site.publishes("/feed", rss().replace("<channel>", f"<channel>{link}"))
    async with app.database.begin() as session:
        source = await sources.add(session, a_source(location=url))
    await polling.visit(app, source)
    return source


async def call(app: App, method: str, path: str, body: bytes = b"", **headers: str) -> httpx2.Response:
    pages = Starlette(routes=routes())
    pages.state.app = app
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(pages), base_url=PUBLIC) as client:
        return await client.request(method, path, content=body, headers=named)


async def test_a_hub_is_asked_confirmed_and_heard(site: Site, app: App):
    forms: list[dict[str, str]] = []
    source = await a_subscribed_source(app, site, forms)
    (form,) = forms
    path = form["hub.callback"].removeprefix(PUBLIC)
    question = (
        f"{path}?hub.mode=subscribe&hub.topic={form['hub.topic']}&hub.challenge=abc&hub.lease_seconds=864000"
    )
    answer = await call(app, "GET", question)
    assert (answer.status_code, answer.text) == (200, "abc")
    signature = hmac.new(form["hub.secret"].encode(), b"news", "sha256").hexdigest()
    for given, woken in (("sha256=00", False), (f"sha256={signature}", True)):
        assert (await call(app, "POST", path, b"news", x_hub_signature=given)).status_code == 202
        async with app.database.begin() as session:
            assert (await sources.due(session, NOW, 10) == [source.id]) is woken
    await polling.visit(app, source)
    assert len(forms) == 1


async def test_what_we_did_not_wish_for_is_not_confirmed(site: Site, app: App):
    source = await a_subscribed_source(app, site, [])
    good = websub.token(app.keys.hubs.current, source.id or 0)
    topic = source.location
    for path in (
        f"/websub/{source.id}/{good}?hub.mode=subscribe&hub.topic=https://other.example/&hub.challenge=abc",
        f"/websub/{source.id}/{good}?hub.mode=unsubscribe&hub.topic={topic}&hub.challenge=abc",
        f"/websub/{source.id}/wrong?hub.mode=subscribe&hub.topic={topic}&hub.challenge=abc",
        f"/websub/99/{websub.token(app.keys.hubs.current, 99)}?hub.mode=subscribe&hub.topic={topic}&hub.challenge=abc",
    ):
        assert (await call(app, "GET", path)).status_code == 404


async def test_pages_that_cannot_be_reached_ask_no_hub(site: Site, app: App):
    forms: list[dict[str, str]] = []
    inside = replace(app, links=replace(app.links, public_url="http://127.0.0.1:8000"))
    await a_subscribed_source(inside, site, forms)
    assert forms == []
