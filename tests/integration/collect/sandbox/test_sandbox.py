"""What comes from outside is read in children that can be killed."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.sandbox.pool import SandboxPool
from digest.errors import SourceError
from digest.settings import CollectSettings
from tests.unit.collect.odd_feeds import READABLE, UNREADABLE, rss
from tests.unit.collect.pages import BODY, TITLE, a_page

NOW = datetime(2023, 1, 1, tzinfo=UTC)
MARKED = "&lt;p&gt;نص &lt;b&gt;قصير&lt;/b&gt;&lt;/p&gt;"
HEAVY = (
    "<rss><channel>"
    + "".join(
        f"<item><title>خبر {at}</title><pubDate>يوم {at}</pubDate><description>{MARKED * 8}</description></item>"
        for at in range(50_000)
    )
    + "</channel></rss>"
).encode()


@pytest.fixture
async def sandbox() -> AsyncIterator[SandboxPool]:
    opened = SandboxPool(CollectSettings(readers=1, read_seconds=1, read_megabytes=200))
    yield opened
    await opened.close()


async def read(sandbox: SandboxPool, body: bytes) -> list[str]:
    found = await sandbox.feed(body, url="https://marfa.example/feed", zone="UTC", now=NOW)
    return [item.title for item in found.items]


async def test_feeds_and_pages_come_through_the_bars_as_they_are(sandbox: SandboxPool):
    feed = await sandbox.feed(rss().encode(), url="https://marfa.example/feed", zone="UTC", now=NOW)
    assert feed.items[0].published_at == datetime(2022, 6, 23, 13, 15, tzinfo=UTC)
    article = await sandbox.page(a_page().encode(), url="https://marfa.example/7", zone="UTC", now=NOW)
    assert (article.title, article.paragraphs) == (TITLE, BODY)
    assert article.first_seen_at == NOW


async def test_one_child_does_many_jobs(sandbox: SandboxPool):
    for odd in READABLE.values():
        assert len(await read(sandbox, odd.body)) >= 1
    assert len(sandbox._free) == 1


async def test_what_cannot_be_read_is_an_error_and_the_child_lives_on(sandbox: SandboxPool):
    await read(sandbox, rss().encode())
    child = sandbox._free[0].process.pid
    for body in UNREADABLE.values():
        with pytest.raises(SourceError):
            await read(sandbox, body)
    assert [one.process.pid for one in sandbox._free] == [child]


async def test_a_job_that_takes_too_much_costs_its_child_and_nothing_else(sandbox: SandboxPool):
    with pytest.raises(SourceError) as caught:
        await read(sandbox, HEAVY)
    assert "processor time" in str(caught.value)
    assert len(await read(sandbox, rss().encode())) == 1


async def test_a_child_that_was_killed_is_replaced(sandbox: SandboxPool):
    await read(sandbox, rss().encode())
    os.kill(sandbox._free[0].process.pid, 9)
    await asyncio.sleep(0.1)
    with pytest.raises(SourceError):
        await read(sandbox, rss().encode())
    assert len(await read(sandbox, rss().encode())) == 1


async def test_a_job_that_is_called_off_leaves_no_child_with_half_a_question(sandbox: SandboxPool):
    await read(sandbox, rss().encode())
    task = asyncio.create_task(read(sandbox, HEAVY))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(await read(sandbox, rss().encode())) == 1


async def test_the_child_knows_nothing_of_the_parents_environment(
    sandbox: SandboxPool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SECRET_OF_THE_PARENT", "1")
    await read(sandbox, rss().encode())
    environment = await asyncio.to_thread(Path(f"/proc/{sandbox._free[0].process.pid}/environ").read_bytes)
    assert b"SECRET_OF_THE_PARENT" not in environment


async def test_without_children_jobs_run_here():
    sandbox = SandboxPool(CollectSettings(readers=0))
    assert len(await read(sandbox, rss().encode())) == 1
    with pytest.raises(SourceError):
        await read(sandbox, b"")
