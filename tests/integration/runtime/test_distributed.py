"""Many machines: jobs that live and die with the edition's transaction, workers that share its batches."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from digest.clock import SystemClock
from digest.errors import ConfigError
from digest.model import Edition, EditionState
from digest.runtime.distributed import ProcrastinateQueue
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.storage.database.engine import Database
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

DAY = {"run": {"batch_size": 10, "tick_seconds": 1, "log_level": "error"}}


@pytest.fixture
async def queue(url: str) -> AsyncIterator[ProcrastinateQueue]:
    async with ProcrastinateQueue(url) as opened:
        yield opened


@pytest.fixture
async def app(url: str, queue: ProcrastinateQueue) -> AsyncIterator[App]:
    database = Database(url)
    yield replace(an_app(database, FakeMailer(), SystemClock(), DAY), queue=queue)
    await database.close()


async def approved(app: App, readers: int) -> Edition:
    deadline = app.clock.now() + timedelta(hours=1)
    return await keep_an_edition(app.database, readers, edition={"send_deadline": deadline}, enabled=False)


async def test_one_job_a_batch_is_written_with_the_edition(app: App, queue: ProcrastinateQueue):
    edition = await approved(app, 25)
    assert await publish.start(app, edition) == 25
    assert await queue.waiting() == 3


async def test_a_rolled_back_edition_leaves_no_job(app: App, queue: ProcrastinateQueue):
    class SpoiledError(RuntimeError):
        pass

    class Breaking:
        async def enqueue_with(self, session: Any, task: str, row_ids: Any) -> None:
            await queue.enqueue_with(session, task, row_ids)
            raise SpoiledError

    edition = await approved(app, 25)
    with pytest.raises(SpoiledError):
        await publish.start(replace(app, queue=Breaking()), edition)
    assert await queue.waiting() == 0
    async with app.database.begin() as session:
        assert (await session.get(Edition, edition.id)).state is EditionState.APPROVED


async def test_asking_twice_for_the_same_waits_once(queue: ProcrastinateQueue):
    for _ in range(3):
        await queue.enqueue("send_batch", 7)
    await queue.enqueue("send_batch", 8)
    assert await queue.waiting() == 2


async def test_two_workers_share_an_edition_and_mail_everybody_once(app: App, url: str):
    edition = await approved(app, 60)
    await publish.start(app, edition)
    async with ProcrastinateQueue(url) as other:
        workers = [
            asyncio.create_task(app.queue.work(app)),  # type: ignore[attr-defined]
            asyncio.create_task(other.work(replace(app, queue=other))),
        ]
        for _ in range(200):
            await asyncio.sleep(0.1)
            if (await deliveries.balance(app, edition.id)).waiting == 0:
                break
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    books = await deliveries.balance(app, edition.id)
    assert (books.sent, books.waiting) == (60, 0)
    assert set(app.mailer.taken.values()) == {1}  # type: ignore[attr-defined]


async def test_a_batch_whose_job_was_lost_is_found_again_by_the_tick(app: App, queue: ProcrastinateQueue):
    edition = await approved(app, 5)

    class Forgetful:
        async def enqueue_with(self, session: Any, task: str, row_ids: Any) -> None:
            """Lose them."""

    await publish.start(replace(app, queue=Forgetful()), edition)
    assert await queue.waiting() == 0
    worker = asyncio.create_task(queue.work(app))
    for _ in range(150):
        await asyncio.sleep(0.1)
        if (await deliveries.balance(app, edition.id)).waiting == 0:
            break
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await deliveries.balance(app, edition.id)).sent == 5


def test_many_machines_on_a_file_are_refused():
    with pytest.raises(ConfigError, match="need PostgreSQL"):
        ProcrastinateQueue("sqlite:///subscribers.db")
