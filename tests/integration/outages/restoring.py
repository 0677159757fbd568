"""What tests of restored databases share: a sender of its own database, and moments of an edition's life."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from digest.clock import FixedClock
from digest.model import Edition
from digest.services import tasks
from digest.services.app import App
from digest.services.copies import watch
from digest.services.editions import publish
from digest.services.schedule.steadiness import ClockWatch
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage.database.backup import back_up, restore
from digest.storage.database.engine import Database
from digest.storage.database.mark_file import MarkFile
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, all_editions

READERS = 12


SMALL = {"run": {"batch_size": 4}, "mail": {"gate": 2}}


class Place:
    """A database that can be copied and taken back, with the mailer that counts and the mark outside."""

    def __init__(self, url: str, folder: Path, mark: Path) -> None:
        self.url, self.folder = url, folder
        self.mark = MarkFile(mark)
        self.mailer = FakeMailer()
        self.clock = FixedClock(DUE + timedelta(minutes=1))
        self.copies = 0
        self.database = Database(url)
        self.watch = ClockWatch()

    @property
    def app(self) -> App:
        settings = {**SMALL, "mailbox": {"folder": str(self.folder / "mailbox")}}
        made = an_app(self.database, self.mailer, self.clock, settings)
        return replace(made, mark=self.mark, clock_watch=self.watch)

    async def copy(self) -> Any:
        raise NotImplementedError

    async def take_back(self, copy: Any) -> None:
        raise NotImplementedError

    async def tick(self) -> None:
        """As `digest serve` does: ask what is due, and do it."""
        app = self.app
        await watch.look(app, thorough=True)
        app.queue.start(app)
        for _ in range(3):
            await tasks.run_due(app)
            await app.queue.idle()
            self.clock.forward(timedelta(seconds=6))
        await app.queue.stop()

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in self.mailer.taken.values())


class Embedded(Place):
    async def copy(self) -> Path:
        self.copies += 1
        target = self.folder / f"copy{self.copies}.db"
        await asyncio.to_thread(back_up, self.url, target)
        return target

    async def take_back(self, copy: Path) -> None:
        await self.database.close()
        await asyncio.to_thread(restore, self.url, copy, self.clock.now())
        self.database = Database(self.url)


class Served(Place):
    """On PostgreSQL the rows are copied back, as a restore into the same database does."""

    TABLES = (
        *("mailing_list", "subscriber", "subscription", "source", "article", "edition", "batch"),
        *("delivery", "instance", "secret", "notice"),
    )

    async def copy(self) -> dict[str, bytes]:
        return await asyncio.to_thread(self._rows)

    def _rows(self) -> dict[str, bytes]:
        kept = {}
        with psycopg.connect(self.url) as connection:
            for table in self.TABLES:
                with connection.cursor().copy(f"COPY {table} TO STDOUT") as lines:
                    kept[table] = b"".join(bytes(line) for line in lines)
        return kept

    async def take_back(self, copy: dict[str, bytes]) -> None:
        await asyncio.to_thread(self._replace, copy)

    def _replace(self, kept: dict[str, bytes]) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute(f"TRUNCATE {', '.join(self.TABLES)} CASCADE")
            for table in self.TABLES:
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as lines:
                    lines.write(kept[table])


@pytest.fixture
async def place(database_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    kind = Embedded if database_url.startswith("sqlite") else Served
    made = kind(database_url, tmp_path, tmp_path / "subscribers.db.mark")
    await made.database.upgrade()
    yield made
    await made.database.close()


async def composed(place: Place) -> Edition:
    (edition,) = await all_editions(place.app)
    return edition


async def before_it_is_made(place: Place) -> Any:
    copy = await place.copy()
    await place.tick()
    return copy


async def when_it_is_frozen(place: Place) -> Any:
    await watch.look(place.app)
    await publish.make_due(place.app, 1)
    copy = await place.copy()
    await place.tick()
    return copy


async def between_two_batches(place: Place) -> Any:
    await watch.look(place.app)
    await publish.make_due(place.app, 1)
    (first, *_) = await due_batches(place.app, place.clock.now(), 10)
    await deliver_batch(place.app, first)
    copy = await place.copy()
    await place.tick()
    return copy


async def in_the_middle_of_a_batch(place: Place) -> Any:
    await watch.look(place.app)
    await publish.make_due(place.app, 1)
    some = asyncio.Event()

    def each(_: Any) -> None:
        if sum(place.mailer.taken.values()) == 2:
            place.mailer.gate.clear()
            some.set()

    place.mailer.after_each = each
    app = place.app
    work = asyncio.create_task(deliver_edition(app, (await composed(place)).id, lambda _: None))
    await some.wait()
    await asyncio.sleep(0.1)
    copy = await place.copy()
    place.mailer.after_each = lambda _: None
    place.mailer.gate.set()
    await work
    return copy


async def in_a_batch_whose_process_then_died(place: Place) -> Any:
    """Copied before the first reply was recorded; some more are mailed of the same batch, which is never given back."""
    await watch.look(place.app)
    await publish.make_due(place.app, 1)
    place.mailer.gate.clear()
    app = place.app
    (first, *_) = await due_batches(app, place.clock.now(), 10)
    work = asyncio.create_task(deliver_batch(app, first))
    await place.mailer.busy.wait()
    copy = await place.copy()

    def each(_: Any) -> None:
        if sum(place.mailer.taken.values()) == 3:
            work.cancel()

    place.mailer.after_each = each
    place.mailer.gate.set()
    await asyncio.gather(work, return_exceptions=True)
    place.mailer.after_each = lambda _: None
    return copy


MOMENTS: list[Callable[[Place], Any]] = [
    before_it_is_made,
    when_it_is_frozen,
    between_two_batches,
    in_the_middle_of_a_batch,
    in_a_batch_whose_process_then_died,
]
