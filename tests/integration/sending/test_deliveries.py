"""Sending an edition: everybody once, every outcome in the books, and what happens when something breaks."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import (
    DeliveryStatus,
    EditionState,
    Subscriber,
    SubscriptionState,
)
from digest.model.editions.edition_moves import Move
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries
from digest.services.sending.batches import due_batches
from digest.storage.audience import subscribers, suppressions
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, HoardingMailer, an_app
from tests.integration.sending import delivering
from tests.integration.sending.delivering import (
    SMALL,
    an_edition_for,
    deliver,
    reader,
    state,
    the_list,
)

app = delivering.app
clock = delivering.clock


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


async def test_no_more_is_unrecorded_than_the_gate_lets_through(database: Database, clock: FixedClock):
    mailer = HoardingMailer()
    app = an_app(database, mailer, clock, SMALL)
    edition = await an_edition_for(app, 10)
    assert (await deliver(app, edition)).sent == 10
    assert mailer.most_on_the_wire == 4


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
    await deliveries.move_by_hand(app, edition, Move.CANCEL)
    books = await deliver(app, edition)
    assert (books.sent, books.waiting, books.holds) == (0, 5, True)
    with pytest.raises(InputError, match="cancelled"):
        await deliveries.move_by_hand(app, edition, Move.RESUME)
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
