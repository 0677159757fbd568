"""Sending that is paused, told to stop, cut off or kept from its database: nobody is lost, nobody is mailed twice."""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.deliver.mailer import Job
from digest.errors import StoreError, TemporaryDeliveryError
from digest.model import (
    EditionState,
    OnUnknown,
)
from digest.model.editions.edition_moves import Move
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries, recorder
from digest.services.sending.batches import deliver_batch, due_batches
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from digest.storage.ledger.writer import OnPostgresql, OnSqlite
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.sending import delivering
from tests.integration.sending.delivering import (
    SMALL,
    an_edition_for,
    deliver,
    reader,
)

app = delivering.app
clock = delivering.clock


@pytest.mark.parametrize("on_unknown", list(OnUnknown))
async def test_a_pause_in_the_middle_records_what_is_on_the_wire_and_sends_nothing_more(
    app: App, on_unknown: OnUnknown
):
    edition = await an_edition_for(app, 20, on_unknown=on_unknown)
    app.mailer.gate.clear()
    work = asyncio.create_task(deliver(app, edition))
    await app.mailer.busy.wait()
    paused = await deliveries.move_by_hand(app, edition, Move.PAUSE)
    app.mailer.gate.set()
    books = await work
    assert paused.state is EditionState.PAUSED
    assert (books.sent, books.in_doubt) == (sum(app.mailer.taken.values()), 0)
    assert 0 < books.sent <= 5
    await publish.resume(app, paused)
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (20, 0)
    assert set(app.mailer.taken.values()) == {1}


@pytest.mark.parametrize("on_unknown", list(OnUnknown))
async def test_a_process_that_is_told_to_stop_waits_for_the_reply_and_gives_its_batch_back(
    app: App, on_unknown: OnUnknown
):
    edition = await an_edition_for(app, 20, on_unknown=on_unknown)
    app.mailer.gate.clear()
    work = asyncio.create_task(deliver(app, edition))
    await app.mailer.busy.wait()
    work.cancel()
    await asyncio.sleep(0.05)
    app.mailer.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    books = await deliveries.balance(app, edition.id)
    assert (books.sent, books.in_doubt) == (sum(app.mailer.taken.values()), 0)
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (20, 0)
    assert set(app.mailer.taken.values()) == {1}


async def test_a_process_that_is_told_to_stop_while_it_claims_gives_its_batch_back(
    app: App, clock: FixedClock
):
    edition = await an_edition_for(app, 5)
    due = await due_batches(app, clock.now(), 10)
    claiming = asyncio.create_task(deliver_batch(app, due[0]))
    await asyncio.sleep(0)
    claiming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await claiming
    assert await due_batches(app, clock.now(), 10) == due
    assert (await deliver(app, edition)).sent == 5


async def test_a_worker_that_slept_past_its_lease_sends_nothing_more(app: App, clock: FixedClock):
    edition = await an_edition_for(app, 10)

    def sleep(_: Job) -> None:
        if sum(app.mailer.taken.values()) == 4:
            clock.forward(timedelta(minutes=5))

    app.mailer.before_each = sleep
    async with app.database.begin() as session:
        (batch,) = await batches.due_batches(session, clock.now(), 10)
    await deliver_batch(app, batch)
    assert sum(app.mailer.taken.values()) == 5
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (10, 0)
    assert set(app.mailer.taken.values()) == {1}


@pytest.mark.parametrize(
    ("on_unknown", "in_doubt", "waiting"), [(OnUnknown.HOLD, 1, 0), (OnUnknown.RESEND, 0, 1)]
)
async def test_a_lost_reply_is_held_or_tried_again_as_the_list_says(
    app: App, on_unknown: OnUnknown, in_doubt: int, waiting: int
):
    edition = await an_edition_for(app, 3, on_unknown=on_unknown)
    app.mailer.loses(reader(2))
    books = await deliver(app, edition)
    assert (books.sent, books.in_doubt, books.waiting) == (2, in_doubt, waiting)
    assert await deliveries.in_doubt(app, edition) == [reader(2)] * in_doubt


async def test_a_repeat_has_the_same_message_id(app: App, clock: FixedClock):
    edition = await an_edition_for(app, 2)
    app.mailer.loses(reader(2))
    await deliver(app, edition)
    clock.forward(timedelta(minutes=10))
    await deliver(app, edition)
    assert app.mailer.taken[reader(2)] == 2
    assert sorted(app.mailer.message_ids.values()) == [1, 2]


async def test_a_server_that_is_away_costs_nobody_anything(app: App, clock: FixedClock):
    edition = await an_edition_for(app, 5)
    app.mailer.is_away()
    with pytest.raises(TemporaryDeliveryError):
        await deliver(app, edition)
    async with app.database.begin() as session:
        assert await batches.due_batches(session, clock.now(), 10) == []
    assert not await tasks.send_batch(app, 1)
    app.mailer.is_back()
    clock.forward(timedelta(minutes=2))
    assert (await deliver(app, edition)).sent == 5


async def test_a_locked_database_delays_the_record_and_loses_nothing(tmp_path, clock: FixedClock):
    database = Database(f"sqlite:///{tmp_path}/digest.db", busy_seconds=0.05)
    await database.upgrade()
    app = an_app(database, FakeMailer(), clock, SMALL)
    edition = await an_edition_for(app, 10)
    other = sqlite3.connect(tmp_path / "digest.db", isolation_level=None, check_same_thread=False)

    def lock(_: Job) -> None:
        if sum(app.mailer.taken.values()) == 1:
            other.execute("BEGIN IMMEDIATE")

    app.mailer.after_each = lock
    work = asyncio.create_task(deliver(app, edition))
    await asyncio.sleep(1.0)
    assert 1 <= sum(app.mailer.taken.values()) <= 4  # what the gate lets through, no more
    other.execute("ROLLBACK")
    other.close()
    books = await work
    assert (books.sent, books.waiting) == (10, 0)
    assert set(app.mailer.taken.values()) == {1}
    await database.close()


async def test_a_full_disk_delays_the_record_and_loses_nothing(
    tmp_path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
):
    database = Database(f"sqlite:///{tmp_path}/digest.db")
    await database.upgrade()
    app = an_app(database, FakeMailer(), clock, {**SMALL, "mail": {"gate": 40}, "run": {"batch_size": 500}})
    edition = await an_edition_for(app, 400)
    (pages,) = database.group(lambda driver, _: driver.execute("PRAGMA page_count").fetchone())
    limits = [pages + 1]
    lend = Database.lend

    def limited(self: Database):
        driver = lend(self)
        driver.execute(f"PRAGMA max_page_count={limits[-1]}").fetchone()
        return driver

    monkeypatch.setattr(Database, "lend", limited)
    work = asyncio.create_task(deliver(app, edition))
    await asyncio.sleep(1.5)
    assert not work.done()
    taken = sum(app.mailer.taken.values())
    assert (await deliveries.balance(app, edition.id)).sent < taken < 400
    limits.append(1_000_000)
    books = await work
    assert (books.sent, books.waiting) == (400, 0)
    assert set(app.mailer.taken.values()) == {1}
    await database.close()


async def test_a_recorder_that_breaks_ends_the_sending_with_the_reason(
    app: App, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(OnSqlite, "begin", lambda *_: False)
    monkeypatch.setattr(OnPostgresql, "begin", lambda *_: False)
    edition = await an_edition_for(app, 200)
    with monkeypatch.context() as for_now:
        for_now.setattr(recorder, "record", broken)
        async with asyncio.timeout(10):
            with pytest.raises(RuntimeError, match="nobody thought"):
                await deliver(app, edition)
    assert sum(app.mailer.taken.values()) <= 64
    # What was written down before it broke is all that is known; the rest goes out when somebody records
    # again.
    assert (await deliveries.balance(app, edition.id)).waiting == 200
    assert (await deliver(app, edition)).sent == 200


async def test_a_server_of_the_database_that_restarts_in_the_middle_loses_nothing(
    database: Database, clock: FixedClock
):
    if database.embedded:
        cut = "SELECT 1"  # a file has no server; the send goes through all the same
    else:
        cut = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    app = an_app(database, FakeMailer(), clock, SMALL)
    other = Database(database.url)
    edition = await an_edition_for(app, 30)
    cuts: list[asyncio.Task[object]] = []

    def restart(_: Job) -> None:
        if sum(app.mailer.taken.values()) in {3, 14}:
            cuts.append(asyncio.create_task(other.write(lambda it: it.exec_driver_sql(cut).all())))

    app.mailer.after_each = restart
    for _ in range(10):
        with suppress(StoreError):
            await deliver(app, edition)
        clock.forward(timedelta(seconds=61))
    await asyncio.gather(*cuts)
    books = await deliveries.balance(app, edition.id)
    assert (books.sent, books.waiting) == (30, 0)
    assert set(app.mailer.taken.values()) == {1}
    await other.close()
