"""A restored backup never mails anybody again by itself, at whatever moment of an edition's life it was taken."""

import asyncio
import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import EditionHeldError, InputError, StoreError
from digest.model import Delivery, DeliveryStatus, Edition, EditionState, Instance
from digest.services import tasks
from digest.services.app import App
from digest.services.copies import watch
from digest.services.editions import publish
from digest.services.editions.lifecycle import restored
from digest.services.schedule.steadiness import ClockWatch
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage import instances
from digest.storage.database.backup import back_up, restore
from digest.storage.database.engine import Database
from digest.storage.database.mark_file import MarkFile
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, a_morning, all_editions

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


@pytest.mark.red("restore-doubles")
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda one: one.__name__)
async def test_a_restored_backup_never_mails_anybody_again_by_itself(
    place: Place, moment: Callable[[Place], Any]
):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await moment(place)
    mailed = sum(place.mailer.taken.values())
    assert mailed
    await place.take_back(copy)
    place.clock.forward(timedelta(minutes=40))
    await place.tick()
    assert (sum(place.mailer.taken.values()), place.twice) == (mailed, 0)
    edition = await composed(place)
    assert edition.state is EditionState.HELD
    assert "digest db restore --verify" in (edition.held_reason or "")
    with pytest.raises(EditionHeldError, match="digest db restore --verify"):
        await publish.resume(place.app, edition)
    place.clock.forward(timedelta(days=1))
    await place.tick()
    assert (sum(place.mailer.taken.values()), place.twice) == (mailed, 0)


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda one: one.__name__)
async def test_a_person_may_say_that_it_went_out(place: Place, moment: Callable[[Place], Any]):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await moment(place)
    mailed = sum(place.mailer.taken.values())
    await place.take_back(copy)
    evidence = await restored.count_as_sent(place.app)
    assert [one.mailing_list.slug for one in evidence.held] == ["daily"]
    await place.tick()
    assert sum(place.mailer.taken.values()) == mailed
    edition = await composed(place)
    books = await deliveries.balance(place.app, edition.id or 0)
    assert (edition.state, edition.held_reason, books.waiting) == (EditionState.FINISHED, None, 0)
    assert books.holds
    assert await deliveries.audit(place.app, edition.id or 0)
    with pytest.raises(InputError, match="Nothing says"):
        await restored.count_as_sent(place.app)


async def test_a_person_may_say_that_nothing_went_out_since(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    await place.take_back(copy)
    place.mailer.taken.clear()
    evidence, refused = await restored.go_on(place.app)
    assert (len(evidence.held), refused) == (1, ())
    await place.tick()
    assert len(place.mailer.taken) == READERS
    assert (await composed(place)).state is EditionState.FINISHED


async def test_what_is_past_its_deadline_stays_held_when_a_person_goes_on(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await when_it_is_frozen(place)
    await place.take_back(copy)
    place.clock.forward(timedelta(hours=9))
    place.mailer.taken.clear()
    _, refused = await restored.go_on(place.app)
    assert "its deadline passed" in refused[0]
    await place.tick()
    assert not place.mailer.taken


async def test_a_backup_of_after_the_last_mail_goes_on_without_a_question(place: Place):
    await a_morning(place.app, readers=READERS)
    await place.tick()
    copy = await place.copy()
    await place.take_back(copy)
    await place.tick()
    assert await watch.look(place.app, thorough=True) is None
    assert (await composed(place)).state is EditionState.FINISHED
    assert (len(place.mailer.taken), place.twice) == (READERS, 0)


async def test_taken_back_twice_it_is_noticed_twice(place: Place):
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    for _ in range(2):
        await place.take_back(copy)
        await restored.count_as_sent(place.app)
    await place.take_back(copy)
    await place.tick()
    assert place.twice == 0
    assert (await composed(place)).state is EditionState.HELD


async def test_a_process_that_works_while_the_database_is_taken_back_sends_nothing_more(place: Place):
    await a_morning(place.app, readers=READERS)
    app = place.app
    await watch.look(app)
    await publish.make_due(app, 1)
    copy = await place.copy()
    due = await due_batches(app, place.clock.now(), 10)
    await deliver_batch(app, due[0])
    await place.take_back(copy)
    mailed = place.mailer.taken.copy()
    app = place.app
    for batch in due:
        with pytest.raises(EditionHeldError):
            await deliver_batch(app, batch)
    assert place.mailer.taken == mailed


async def test_an_older_versions_database_and_a_new_one_are_taken_over_without_a_word(place: Place):
    await a_morning(place.app, readers=READERS)
    plain = replace(place.app, mark=None)
    plain.queue.start(plain)
    await tasks.run_due(plain)
    await plain.queue.idle()
    await plain.queue.stop()
    assert len(place.mailer.taken) == READERS
    assert place.mark.read() is None
    assert await watch.look(place.app, thorough=True) is None
    assert place.mark.read() is not None
    place.clock.forward(timedelta(days=1))
    assert await watch.look(place.app, thorough=True) is None


async def test_after_a_crash_a_send_goes_on_by_itself(place: Place):
    await a_morning(place.app, readers=READERS)
    app = place.app
    await watch.look(app)
    await publish.make_due(app, 1)
    place.mailer.gate.clear()
    work = asyncio.create_task(deliver_batch(app, (await due_batches(app, place.clock.now(), 10))[0]))
    await place.mailer.busy.wait()
    place.mailer.gate.set()
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    place.clock.forward(timedelta(minutes=5))
    await place.tick()
    assert (await composed(place)).state is EditionState.FINISHED
    assert len(place.mailer.taken) == READERS


async def test_machines_that_share_a_server_do_not_alarm_each_other(place: Place, tmp_path: Path):
    if isinstance(place, Embedded):
        other = place.mark  # of one file there is one mark, which all processes share
    else:
        other = MarkFile(tmp_path / "other-machine.mark")
    await a_morning(place.app, readers=READERS)
    apps = [place.app, replace(place.app, mark=other)]
    for app in apps:
        assert await watch.look(app, thorough=True) is None
    await publish.make_due(apps[0], 1)
    for number, batch in enumerate(await due_batches(apps[0], place.clock.now(), 10)):
        await deliver_batch(apps[number % 2], batch)
    third = replace(place.app, mark=other if isinstance(place, Embedded) else MarkFile(tmp_path / "new.mark"))
    for app in (*apps, third):
        assert await watch.look(app, thorough=True) is None
    assert (len(place.mailer.taken), place.twice) == (READERS, 0)


async def test_machines_that_share_a_server_all_know_when_a_person_has_said(place: Place, tmp_path: Path):
    await a_morning(place.app, readers=READERS)
    other = place.mark if isinstance(place, Embedded) else MarkFile(tmp_path / "other-machine.mark")
    await watch.look(replace(place.app, mark=other))
    await watch.look(place.app)
    copy = await before_it_is_made(place)
    await watch.look(replace(place.app, mark=other))
    await place.take_back(copy)
    await restored.count_as_sent(place.app)
    assert await watch.look(replace(place.app, mark=other)) is None


@pytest.mark.red("restore-doubles")
async def test_a_copy_started_elsewhere_holds_what_is_due_and_says_so(place: Place, tmp_path: Path):
    await a_morning(place.app, readers=READERS)
    await place.tick()
    place.clock.forward(timedelta(days=1))
    (tmp_path / "elsewhere").mkdir()
    if isinstance(place, Embedded):
        url = f"sqlite:///{tmp_path}/elsewhere/subscribers.db"
        shutil.copy(await place.copy(), tmp_path / "elsewhere" / "subscribers.db")
        drop = ""
    else:
        await place.database.close()
        drop = f"copy_{uuid4().hex[:8]}"
        name = re.search(r"/(test_\w+)", place.url)[1]
        with psycopg.connect(place.url.replace(name, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {drop} TEMPLATE {name}")
        url = place.url.replace(name, drop)
    clone = Place(url, tmp_path / "elsewhere", tmp_path / "elsewhere" / "subscribers.db.mark")
    clone.clock = place.clock
    await clone.tick()
    assert not clone.mailer.taken
    latest = (await all_editions(clone.app))[-1]
    assert latest.state is EditionState.HELD
    assert "is a copy" in (latest.held_reason or "")
    await clone.database.close()
    if drop:
        with psycopg.connect(place.url.replace(name, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {drop} WITH (FORCE)")


async def test_a_folder_that_was_unpacked_elsewhere_is_a_copy_with_its_mark(tmp_path: Path):
    place = Embedded(f"sqlite:///{tmp_path}/digest.db", tmp_path, tmp_path / "digest.db.mark")
    await place.database.upgrade()
    await a_morning(place.app, readers=READERS)
    await place.tick()
    await place.database.close()
    shutil.copytree(tmp_path, tmp_path.with_name(f"{tmp_path.name}-copy"))
    there = tmp_path.with_name(f"{tmp_path.name}-copy")
    clone = Embedded(f"sqlite:///{there}/digest.db", there, there / "digest.db.mark")
    assert "is a copy" in (await watch.look(clone.app) or "")
    await clone.database.close()


async def test_the_embedded_mailbox_is_evidence_when_the_mark_is_lost(tmp_path: Path):
    from digest.deliver.embedded.server import EmbeddedMailer

    place = Embedded(f"sqlite:///{tmp_path}/digest.db", tmp_path, tmp_path / "digest.db.mark")
    await place.database.upgrade()
    await a_morning(place.app, readers=READERS)
    await watch.look(place.app)
    copy = await place.copy()
    app = place.app
    async with EmbeddedMailer(app.settings.mail, app.settings.mailbox.folder) as mailer:
        sending = replace(app, mailer=mailer)
        edition = await publish.make_due(sending, 1)
        assert (await deliver_edition(sending, edition.id, lambda _: None)).sent == READERS
    assert await watch.look(place.app, thorough=True) is None
    await place.take_back(copy)
    place.mark.path.unlink()
    await place.tick()
    assert not place.mailer.taken
    assert "embedded mailbox" in ((await composed(place)).held_reason or "")
    await place.database.close()


async def test_confirmations_that_may_have_gone_out_wait_too(place: Place):
    from tests.integration.editions.test_editions import a_notice

    notice = await a_notice(place.app)
    async with place.app.database.begin() as session:
        await instances.ensure(session, place.clock.now())
        await instances.suspect(session, place.clock.now(), "taken back")
    await place.tick()
    assert not place.mailer.taken
    assert not await tasks.send_notice(place.app, notice)
    await restored.count_as_sent(place.app)
    await place.tick()
    assert not place.mailer.taken


async def test_who_waited_of_an_edition_that_went_out_is_skipped_with_the_reason(place: Place):
    await a_morning(place.app, readers=READERS)
    copy = await between_two_batches(place)
    await place.take_back(copy)
    await restored.count_as_sent(place.app)
    async with place.app.database.begin() as session:
        rows = (await session.exec(select(Delivery))).all()
    assert sorted(row.status for row in rows) == ["sent"] * 4 + ["skipped"] * 8
    assert {row.reason for row in rows if row.status is DeliveryStatus.SKIPPED} == {
        "went out before the database was taken back"
    }


async def test_a_restore_refuses_while_in_use_keeps_the_old_file_and_takes_only_ours(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/digest.db"
    database = Database(url)
    await database.upgrade()
    copy = tmp_path / "copy.db"
    await asyncio.to_thread(back_up, url, copy)
    async with database.begin() as session:
        await instances.ensure(session, DUE)
    with pytest.raises(StoreError, match="Somebody works with"):
        await asyncio.to_thread(restore, url, copy, DUE)
    await database.close()
    with pytest.raises(InputError, match="no copy of a database"):
        await asyncio.to_thread(restore, url, tmp_path / "digest.db.txt", DUE) if (
            tmp_path / "digest.db.txt"
        ).write_text("no database" * 500) else None
    with pytest.raises(InputError, match="There is no file"):
        await asyncio.to_thread(restore, url, tmp_path / "none.db", DUE)
    with pytest.raises(InputError, match="the database itself"):
        await asyncio.to_thread(restore, url, tmp_path / "digest.db", DUE)
    with pytest.raises(InputError, match="PostgreSQL"):
        await asyncio.to_thread(restore, "postgresql://localhost/digest", copy, DUE)
    kept = [await asyncio.to_thread(restore, url, copy, DUE) for _ in range(2)]
    assert [one.name for one in kept if one] == [
        "digest.db.before-20260105-033000",
        "digest.db.before-20260105-033000-2",
    ]
    with closing(sqlite3.connect(kept[0])) as opened:
        assert opened.execute("SELECT count(*) FROM instance").fetchone() == (1,)
    assert (tmp_path / "digest.db").stat().st_mode & 0o777 == 0o600
    database = Database(url)
    async with database.begin() as session:
        assert (await session.exec(select(Instance))).first() is None
    await database.close()
