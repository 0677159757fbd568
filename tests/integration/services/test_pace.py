"""The pace at work: shared by all senders through the database, unfair to nobody."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import select

from digest.clock import FixedClock
from digest.model import Batch, DeliveryStatus, Edition
from digest.services import deliveries, editions
from digest.services.app import App
from digest.storage.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition


def settings(**pacing: object) -> dict[str, object]:
    return {"run": {"batch_size": 20}, "pacing": {"enabled": True, **pacing}}


async def an_edition_to(app: App, *addresses: str) -> Edition:
    edition = await keep_an_edition(app.database, addresses)
    await editions.start(app, edition)
    return edition


def gmail(count: int) -> list[str]:
    return [f"reader{number}@gmail.com" for number in range(count)]


async def deliver(app: App, edition: Edition):
    return await deliveries.deliver_edition(app, edition.id, lambda _: None)


async def test_a_stalled_receiver_delays_no_other(database: Database):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=10))
    edition = await an_edition_to(app, *gmail(40), *[f"reader@paper{number}.example" for number in range(30)])
    books = await deliver(app, edition)
    others = [address for address in app.mailer.taken if not address.endswith("gmail.com")]
    assert len(others) == 30
    assert (books.sent, books.waiting) == (35, 35)
    for _ in range(12):
        clock.forward(timedelta(seconds=60))
        books = await deliver(app, edition)
    assert (books.sent, books.waiting) == (70, 0)
    assert set(app.mailer.taken.values()) == {1}


async def test_senders_share_one_allowance(database: Database):
    clock = FixedClock(NOW)
    mailer = FakeMailer()
    apps = [an_app(database, mailer, clock, settings(domain_per_minute=20)) for _ in range(3)]
    edition = await an_edition_to(apps[0], *gmail(60))
    await asyncio.gather(*(deliver(app, edition) for app in apps))
    assert sum(mailer.taken.values()) == 10


async def test_a_receiver_that_objects_gets_half_and_the_others_the_same(database: Database):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, settings(domain_per_minute=60))
    edition = await an_edition_to(app, *gmail(60), "reader@paper.example")
    app.mailer.refuses("reader0@gmail.com", 421, "4.7.28 unusual rate of mail")
    await deliver(app, edition)
    assert "reader@paper.example" in app.mailer.taken
    before = sum(app.mailer.taken.values())
    clock.forward(timedelta(seconds=20))
    await deliver(app, edition)
    assert 8 <= sum(app.mailer.taken.values()) - before <= 12  # half of 60 a minute, for 20 seconds


async def test_in_quiet_hours_the_batches_wait_for_the_morning(database: Database):
    clock = FixedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))  # 04:00 in Riyadh
    app = an_app(database, FakeMailer(), clock, settings(quiet_from="22:00", quiet_to="06:00"))
    edition = await an_edition_to(app, *gmail(3))
    assert (await deliver(app, edition)).waiting == 3
    async with app.database.begin() as session:
        (batch,) = (await session.exec(select(Batch))).all()
    assert batch.due_at == datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    clock.forward(timedelta(hours=2))
    assert (await deliver(app, edition)).sent == 3


async def test_without_a_pace_nothing_is_asked_of_the_database(database: Database):
    app = an_app(database, FakeMailer(), FixedClock(NOW), {"pacing": {"domain_per_minute": 1}})
    edition = await an_edition_to(app, *gmail(30))
    assert (await deliver(app, edition)).sent == 30
    (told,) = await deliveries.who(app, "reader3@gmail.com")
    assert told.status is DeliveryStatus.SENT
