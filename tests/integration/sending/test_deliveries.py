"""Sending an edition: everybody once, every outcome in the books, and what happens when something breaks."""

import asyncio
import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.deliver.mailer import Job
from digest.errors import InputError, StoreError, TemporaryDeliveryError
from digest.model import (
    DeliveryStatus,
    Edition,
    EditionState,
    MailingList,
    OnUnknown,
    Subscriber,
    SubscriptionState,
)
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries, recorder
from digest.services.sending.batches import deliver_batch, deliver_edition, due_batches
from digest.storage.audience import subscribers, suppressions
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from digest.storage.ledger.deliveries import Balance
from digest.storage.ledger.writer import OnPostgresql, OnSqlite
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, HoardingMailer, an_app, keep_an_edition

SMALL = {"run": {"batch_size": 10, "lease_seconds": 60}, "mail": {"gate": 4}}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, SMALL)


async def an_edition_for(app: App, readers: int, **fields: object) -> Edition:
    edition = await keep_an_edition(app.database, readers, **fields)
    await publish.start(app, edition)
    return edition


async def deliver(app: App, edition: Edition) -> Balance:
    return await deliver_edition(app, edition.id, lambda _: None)


async def state(app: App, edition: Edition) -> EditionState:
    async with app.database.begin() as session:
        return (await session.get(Edition, edition.id)).state


def reader(number: int) -> str:
    return f"reader{number}@mujaz.example"


async def test_everybody_gets_it_once_and_it_is_finished(app: App):
    edition = await an_edition_for(app, 23)
    books = await deliver(app, edition)
    assert (books.sent, books.waiting, books.holds) == (23, 0, True)
    assert set(app.mailer.taken.values()) == {1}
    assert len(app.mailer.taken) == 23
    assert await state(app, edition) is EditionState.FINISHED
    assert await deliveries.audit(app, edition.id)
    assert (await deliver(app, edition)).sent == 23
    assert sum(app.mailer.taken.values()) == 23


async def test_a_reader_who_left_or_was_suppressed_after_the_freeze_is_never_mailed(app: App):
    edition = await an_edition_for(app, 5)
    async with app.database.begin() as session:
        ids = sorted((await session.exec(select(Subscriber.id))).all())
        wish = await subscribers.subscription(session, edition.list_id, ids[0])
        wish.state = SubscriptionState.LEFT
        session.add(wish)
        await subscribers.remove(session, ids[1])
        hashed = app.keys.suppression_hash(reader(3))
        await suppressions.suppress(session, hashed, "complained", NOW)
    books = await deliver(app, edition)
    assert books.skipped == {"left": 1, "deleted": 1, "suppressed": 1}
    assert set(app.mailer.taken) == {reader(4), reader(5)}
    assert books.holds


async def test_a_reader_whose_sections_have_nothing_today_is_left_out(app: App):
    edition = await an_edition_for(app, 3)
    async with app.database.begin() as session:
        ids = sorted((await session.exec(select(Subscriber.id))).all())
        for subscriber_id, sections in ((ids[0], ["sport"]), (ids[1], ["economy", "sport"])):
            wish = await subscribers.subscription(session, edition.list_id, subscriber_id)
            wish.sections = sections
            session.add(wish)
    books = await deliver(app, edition)
    assert (books.sent, books.skipped) == (2, {"no section chosen": 1})
    assert set(app.mailer.taken) == {reader(2), reader(3)}


async def test_a_busy_server_is_tried_again_later_and_the_tries_are_kept(app: App, clock: FixedClock):
    edition = await an_edition_for(app, 3)
    app.mailer.refuses(reader(2), 451, "4.3.0 try later")
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (2, 1)
    assert await state(app, edition) is EditionState.SENDING
    clock.forward(timedelta(minutes=4))
    assert (await deliver(app, edition)).waiting == 1
    app.mailer.accepts(reader(2))
    clock.forward(timedelta(minutes=2))
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (3, 0)
    assert set(app.mailer.taken.values()) == {1}
    (told,) = await deliveries.who(app, reader(2))
    assert [(one.code, one.words) for one in told.tries] == [(451, "4.3.0 try later"), (250, "2.0.0 ok")]
    with pytest.raises(InputError, match="Nobody has the address"):
        await deliveries.who(app, "nobody@mujaz.example")


async def test_a_server_that_stays_busy_ends_in_failed_and_can_be_tried_again_by_hand(
    app: App, clock: FixedClock
):
    edition = await an_edition_for(app, 3)
    app.mailer.refuses(reader(2), 451, "4.3.0 try later")
    app.mailer.refuses(reader(3), 550, "5.1.1 no such user")
    for _ in range(8):
        await deliver(app, edition)
        clock.forward(timedelta(minutes=45))
    books = await deliver(app, edition)
    assert (books.sent, books.failed, books.bounced, books.waiting) == (1, 1, 1, 0)
    edition = await publish.by_number(app, await the_list(app), 1)
    assert edition.state is EditionState.FINISHED
    app.mailer.accepts(reader(2))
    clock.forward(timedelta(days=1))
    assert await deliveries.retry(app, edition, [DeliveryStatus.FAILED]) == 1
    books = await deliver(app, edition)
    assert (books.sent, books.failed, books.bounced) == (2, 0, 1)
    assert app.mailer.taken == {reader(1): 1, reader(2): 1}
    assert await deliveries.audit(app, edition.id)


async def the_list(app: App) -> MailingList:
    async with app.database.begin() as session:
        return (await session.exec(select(MailingList))).one()


async def test_a_server_that_objects_to_the_sender_pauses_the_edition_and_nobody_pays_for_it(
    app: App, clock: FixedClock
):
    edition = await an_edition_for(app, 30)
    app.mailer.refuses(reader(5), 550, "5.7.1 message rejected, poor reputation")
    books = await deliver(app, edition)
    edition = await publish.by_number(app, await the_list(app), 1)
    assert edition.state is EditionState.PAUSED
    assert "poor reputation" in edition.held_reason
    assert books.bounced == books.failed == 0
    assert books.sent < 10
    assert await due_batches(app, clock.now(), 10) == []
    app.mailer.accepts(reader(5))
    resumed = await publish.resume(app, edition)
    assert (resumed.state, resumed.held_reason) == (EditionState.SENDING, None)
    clock.forward(timedelta(minutes=10))
    books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (30, 0)
    assert set(app.mailer.taken.values()) == {1}


@pytest.mark.parametrize("on_unknown", list(OnUnknown))
async def test_a_pause_in_the_middle_records_what_is_on_the_wire_and_sends_nothing_more(
    app: App, on_unknown: OnUnknown
):
    edition = await an_edition_for(app, 20, on_unknown=on_unknown)
    app.mailer.gate.clear()
    work = asyncio.create_task(deliver(app, edition))
    await app.mailer.busy.wait()
    paused = await deliveries.change_state(app, edition, EditionState.PAUSED)
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


async def test_no_more_is_unrecorded_than_the_gate_lets_through(database: Database, clock: FixedClock):
    mailer = HoardingMailer()
    app = an_app(database, mailer, clock, SMALL)
    edition = await an_edition_for(app, 10)
    assert (await deliver(app, edition)).sent == 10
    assert mailer.most_on_the_wire == 4


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


async def test_an_edition_that_is_late_is_held_and_mails_nobody(app: App, clock: FixedClock):
    # As after restoring a backup, or on a machine that slept.
    edition = await an_edition_for(app, 5)
    clock.forward(timedelta(hours=7))
    assert await due_batches(app, clock.now(), 10) == []
    assert (await deliver(app, edition)).sent == 0
    assert await state(app, edition) is EditionState.HELD
    assert not app.mailer.taken
    await publish.resume(app, edition := await publish.by_number(app, await the_list(app), 1))
    assert (await deliver(app, edition)).sent == 5


async def test_a_cancelled_edition_stays_so_and_its_books_balance(app: App, now: datetime):
    edition = await an_edition_for(app, 5)
    await deliveries.change_state(app, edition, EditionState.CANCELLED)
    books = await deliver(app, edition)
    assert (books.sent, books.waiting, books.holds) == (0, 5, True)
    with pytest.raises(InputError, match="cancelled"):
        await deliveries.change_state(app, edition, EditionState.SENDING)
    edition = await publish.by_number(app, await the_list(app), 1)
    with pytest.raises(InputError, match="nobody to try again"):
        await deliveries.retry(app, edition, [DeliveryStatus.FAILED])
    assert await due_batches(app, now, 10) == []


async def test_four_senders_at_once_mail_everybody_once(database: Database, clock: FixedClock):
    mailer = FakeMailer()
    apps = [an_app(database, mailer, clock, SMALL) for _ in range(4)]
    edition = await an_edition_for(apps[0], 100)
    await asyncio.gather(*(deliver(app, edition) for app in apps))
    books = await deliver(apps[0], edition)
    assert (books.sent, books.waiting) == (100, 0)
    assert set(mailer.taken.values()) == {1}
    assert await state(apps[0], edition) is EditionState.FINISHED


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
