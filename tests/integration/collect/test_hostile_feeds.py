"""Feeds and servers that mean harm: each ends in a line of its source's history, and the other sources go on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.model import Article, Source
from digest.services.app import App
from digest.services.sources import polling
from digest.settings import Settings
from digest.storage.articles import sources
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source
from tests.integration.collect.hostile_site import HANDLERS, LEADS, RAW, SECONDS, published, writes
from tests.integration.collect.site import Site
from tests.unit.collect.hostile_feeds import BODIES, POISONED
from tests.unit.collect.odd_feeds import rss

GOOD = 5
LONGEST = 60
"""Seconds for all visits together on a busy machine; one after another, those that wait would take as long alone."""


class SilentProgress:
    def step(self, stage: str, done: int, total: int) -> None: ...

    def note(self, text: str) -> None: ...


@pytest.fixture
async def app(site: Site, database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    del database  # it has the schema now
    settings = Settings.model_validate(
        {
            "database": {"url": database_url},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {
                "allow_hosts": ["127.0.0.1"],
                "readers": 1,
                "total_seconds": SECONDS,
                "full_text": False,
                "check_images": False,
            },
        }
    )
    async with opened(settings, clock=FixedClock(NOW)) as started:
        yield started


async def kept(app: App, location: str) -> Source:
    async with app.database.begin() as session:
        return await sources.add(session, a_source(location=location))


@pytest.mark.red("bombs")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_hostile_feed_is_a_line_of_history_and_the_others_are_read(site: Site, app: App):
    async with AsyncExitStack() as stack:
        bad = published(site)
        bad |= {name: site.publishes(f"/body/{n}", body) for n, (name, body) in enumerate(BODIES.items())}
        for name, words in RAW.items():
            server = await stack.enter_async_context(
                await asyncio.start_server(writes(words), "127.0.0.1", 0)
            )
            bad[name] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"
        assert len(bad) >= 30 + len(HANDLERS) + len(RAW) + len(LEADS)
        good = [site.publishes(f"/good/{n}", rss(title=f"خبر {n} من الميناء")) for n in range(GOOD)]
        chosen = [await kept(app, location) for location in (*bad.values(), *good)]
        started = time.monotonic()
        visits = {one.source.location: one for one in await polling.visit_all(app, chosen, SilentProgress())}
        assert time.monotonic() - started < LONGEST
        for name, location in bad.items():
            assert visits[location].error, name
            async with app.database.begin() as session:
                lines = await sources.history(session, visits[location].source.id or 0)
            assert len(lines) == 1, name
            assert lines[0].message, name
            assert any("\u0621" <= letter <= "\u064a" for letter in lines[0].message_ar), name
        assert [visits[location].new for location in good] == [1] * GOOD


async def test_what_no_database_takes_is_mended_or_put_aside_and_a_second_visit_goes_on(site: Site, app: App):
    source = await kept(app, site.publishes("/poison", POISONED))
    first = await polling.visit(app, source)
    assert (first.error, first.new) == (None, 5)
    async with app.database.begin() as session:
        again = await session.get(Source, source.id)
    assert again is not None
    site.publishes("/poison", POISONED + " ")
    second = await polling.visit(app, again)
    assert (second.error, second.new) == (None, 0)
    async with app.database.begin() as session:
        keys = (await session.exec(select(Article.url_key))).all()
    assert len(keys) == 5
