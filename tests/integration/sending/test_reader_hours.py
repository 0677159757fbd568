"""Editions reach readers at their own hour, in their own zone: once, and in time by their own clock."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import delete, select

from digest.clock import FixedClock
from digest.model import (
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionState,
    MailingList,
    Subscriber,
    Subscription,
)
from digest.model.editions.edition_moves import Move
from digest.services.app import App
from digest.services.audience import lists
from digest.services.audience.choices import pausing, preferences
from digest.services.editions import publish
from digest.services.editions.lifecycle.resuming import resume
from digest.services.sending import deliveries, times
from digest.services.sending.batches import deliver_edition, due_batches
from digest.services.sending.progress import progress
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition
from tests.fakes_delivery import FakeMailer, an_app

DAY = timedelta(days=1)
OWN = (
    ("", None),
    ("", 20),
    ("", 5),
    ("Africa/Cairo", 6),
    ("America/New_York", 7),
    ("America/New_York", None),
)
"""Of six readers: with the list (07:00 in Riyadh when it is made), and hours of their own."""
HOURS = [None, 17, 2 + 24, 4, 12, 11.5]
"""When that is, in hours UTC; 06:00 in Cairo is the moment at which it is made."""


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"batch_size": 2}})


async def an_edition_for(
    database: Database, owns: Sequence[tuple[str, int | None]] = OWN, **fields
) -> Edition:
    async with database.begin() as session:
        mailing_list = a_list(misfire_hours=2)
        people = [a_subscriber(number) for number in range(1, len(owns) + 1)]
        session.add_all([mailing_list, *people])
        await session.flush()
        session.add_all(
            a_subscription(mailing_list.id, person.id, timezone=zone, hour=hour)
            for person, (zone, hour) in zip(people, owns, strict=True)
        )
        edition = an_edition(mailing_list.id, send_deadline=NOW + timedelta(hours=2), **fields)
        session.add(edition)
        await session.flush()
        return edition


def to(clock: FixedClock, at: datetime) -> None:
    """Let time go by until then."""
    clock.forward(at - clock.now())


async def state(app: App) -> EditionState:
    async with app.database.begin() as session:
        return (await session.exec(select(Edition))).one().state


def got(app: App) -> set[int]:
    return {int(address[6:].partition("@")[0]) for address in app.mailer.taken}


async def send(app: App, edition: Edition) -> None:
    await deliver_edition(app, edition.id, lambda _: None)


async def test_each_reader_gets_it_at_their_hour_and_it_is_finished_after_the_last(
    app: App, clock: FixedClock
):
    edition = await an_edition_for(app.database)
    assert await publish.start(app, edition) == len(OWN)
    midnight = NOW.replace(hour=0)
    for hour, expected in (
        (4, {1, 4}),
        (11.49, {1, 4}),
        (11.5, {1, 4, 6}),
        (12, {1, 4, 5, 6}),
        (16.99, {1, 4, 5, 6}),
        (17, {1, 2, 4, 5, 6}),
        (26, {1, 2, 3, 4, 5, 6}),
    ):
        to(clock, midnight + timedelta(hours=hour))
        assert await state(app) is EditionState.SENDING
        await due_batches(app, clock.now(), 100)
        await send(app, edition)
        assert got(app) == expected, hour
    assert await state(app) is EditionState.FINISHED
    assert set(app.mailer.taken.values()) == {1}
    books = await deliveries.balance(app, edition.id)
    assert (books.sent, books.holds, await deliveries.audit(app, edition.id)) == (6, True, True)


async def test_no_word_of_a_person_and_no_wrong_clock_sends_before_the_hour(app: App, clock: FixedClock):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    await send(app, edition)
    await times.make_due(app)
    await times.pull_in(app, clock.now())
    await deliveries.move_by_hand(app, edition, Move.PAUSE)
    async with app.database.begin() as session:
        edition = await session.get(Edition, edition.id)
    await resume(app, edition)
    await deliveries.retry(app, edition, [DeliveryStatus.FAILED])
    await send(app, edition)
    assert got(app) == {1, 4}


async def test_a_batch_that_a_wrong_clock_put_days_ahead_is_due_by_its_readers_hour(
    app: App, clock: FixedClock
):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    async with app.database.begin() as session:
        for batch in (await session.exec(select(Batch))).all():
            batch.due_at = NOW + 9 * DAY
            session.add(batch)
    await times.pull_in(app, NOW)
    async with app.database.begin() as session:
        made = (await session.exec(select(Batch).order_by(Batch.position))).all()
    assert [batch.due_at for batch in made] == [batch.planned_at or NOW for batch in made]


async def test_lateness_is_by_the_readers_own_hour(app: App, clock: FixedClock):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    to(clock, NOW.replace(hour=15))  # The machine slept: nine hours late for the list, three for New York.
    await due_batches(app, clock.now(), 100)
    assert await state(app) is EditionState.SENDING
    await send(app, edition)
    assert got(app) == set()
    to(clock, NOW.replace(hour=18))
    await due_batches(app, clock.now(), 100)
    await send(app, edition)
    assert got(app) == {2}
    to(clock, NOW.replace(hour=4) + DAY + timedelta(seconds=1))
    await due_batches(app, clock.now(), 100)
    assert await state(app) is EditionState.HELD
    async with app.database.begin() as session:
        edition = await session.get(Edition, edition.id)
    await resume(app, edition)
    await send(app, edition)
    assert got(app) == {1, 2, 3, 4, 5, 6}
    assert set(app.mailer.taken.values()) == {1}


async def test_who_changes_the_hour_while_it_waits_gets_it_once(app: App, clock: FixedClock):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    await send(app, edition)
    for number in (1, 2, 3):
        await preferences.set_by_admin(
            app, await a_daily(app), f"reader{number}@mujaz.example", {"hour": 23, "timezone": "Asia/Tokyo"}
        )
    for hour in range(5, 48):
        to(clock, NOW.replace(hour=0) + timedelta(hours=hour))
        await send(app, edition)
    assert got(app) == {1, 2, 3, 4, 5, 6}
    assert set(app.mailer.taken.values()) == {1}


async def a_daily(app: App) -> MailingList:
    return await lists.choose(app, "daily")


async def test_a_pause_that_is_made_while_it_waits_skips_its_reader(app: App, clock: FixedClock):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    await pausing.pause_by_admin(app, await a_daily(app), "reader2@mujaz.example", 7)
    to(clock, NOW.replace(hour=17))
    await send(app, edition)
    async with app.database.begin() as session:
        row = await session.get(Delivery, (edition.id, 2))
    assert (row.status, row.reason) == (DeliveryStatus.SKIPPED, "paused")


async def test_how_far_it_is_says_until_when_readers_wait(app: App, clock: FixedClock):
    edition = await an_edition_for(app.database)
    await publish.start(app, edition)
    await send(app, edition)
    async with app.database.begin() as session:
        edition = await session.get(Edition, edition.id)
    stands = await progress(app, edition)
    assert (stands.for_their_hour, stands.first_hour, stands.last_hour) == (
        4,
        NOW.replace(hour=11, minute=30),
        NOW.replace(hour=2) + DAY,
    )


ZONES = ("", "Africa/Cairo", "Asia/Beirut", "America/New_York", "Pacific/Auckland")
CHANGE = st.tuples(
    st.integers(0, 3 * 24), st.integers(1, 3), st.sampled_from(ZONES), st.none() | st.integers(0, 23)
)
BEGIN = datetime(2026, 3, 27, 3, 30, tzinfo=UTC)
"""Beirut's clock jumps in the second night."""


# The database is the same one for all examples; each begins by emptying it. That both kinds do the same, the tests above say.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGE, max_size=12))
def test_whoever_changes_zone_and_hour_between_editions_gets_each_edition_once(
    database_url: str, changes: list[tuple[int, int, str, int | None]]
):
    sent, made = asyncio.run(four_days(database_url, changes))
    assert set(sent.values()) == {1}
    assert len(sent) == made * 3


async def four_days(
    url: str, changes: list[tuple[int, int, str, int | None]]
) -> tuple[dict[bytes, int], int]:
    """Three readers, an edition each morning for three days, an hour after the other."""
    database, clock = Database(url), FixedClock(BEGIN)
    app = an_app(database, FakeMailer(), clock, {"run": {"batch_size": 2}})
    async with database.begin() as session:
        await session.exec(delete(MailingList))
        await session.exec(delete(Subscriber))
        mailing_list = a_list(misfire_hours=1)
        people = [a_subscriber(number) for number in (1, 2, 3)]
        session.add_all([mailing_list, *people])
        await session.flush()
        session.add_all(a_subscription(mailing_list.id, person.id) for person in people)
    list_id, ids = mailing_list.id, [person.id for person in people]
    for hour in range(3 * 24 + 30):
        to(clock, BEGIN + timedelta(hours=hour))
        if hour % 24 == 0 and hour < 3 * 24:
            async with database.begin() as session:
                day = BEGIN.date() + timedelta(days=hour // 24)
                edition = an_edition(
                    list_id,
                    local_date=day,
                    number=hour // 24 + 1,
                    send_deadline=clock.now() + timedelta(hours=1),
                )
                session.add(edition)
            await publish.start(app, edition)
        async with database.begin() as session:
            for at, person, zone, own in changes:
                if at == hour:
                    known = await session.get(Subscription, (list_id, ids[person - 1]))
                    known.timezone, known.hour = zone, own
                    session.add(known)
            open_ones = (
                await session.exec(select(Edition.id).where(Edition.state == EditionState.SENDING))
            ).all()
        if await due_batches(app, clock.now(), 100):
            for one in open_ones:
                await deliver_edition(app, one, lambda _: None)
    async with database.begin() as session:
        ended = (await session.exec(select(Edition))).all()
    assert {edition.state for edition in ended} == {EditionState.FINISHED}
    await database.close()
    return dict(app.mailer.message_ids), len(ended)
