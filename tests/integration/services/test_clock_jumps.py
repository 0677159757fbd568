"""A clock that jumps makes no edition, holds none, and what it put off can be freed."""

from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.model import Edition, EditionState
from digest.services import tasks
from digest.services.app import App
from digest.services.copies import watch as copies
from digest.services.editions import publish as editions
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.storage import instances
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.integration.services.test_editions import DUE, a_morning, all_editions

SECONDS = timedelta(seconds=6)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(DUE + timedelta(minutes=1))


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"batch_size": 10}})


async def ticks(app: App, clock: FixedClock, count: int = 3) -> None:
    app.queue.start(app)
    for _ in range(count):
        await tasks.run_due(app)
        await app.queue.idle()
        clock.forward(SECONDS)
    await app.queue.stop()


@pytest.mark.red("clock-jump")
@pytest.mark.parametrize(
    "by", [timedelta(days=1, minutes=2), timedelta(hours=23, minutes=50), timedelta(days=40)]
)
async def test_tomorrows_edition_is_never_made_by_a_clock_jump(app: App, clock: FixedClock, by: timedelta):
    await a_morning(app)
    await ticks(app, clock)
    clock.jump(by)
    await ticks(app, clock)
    clock.jump(-by)
    await ticks(app, clock)
    (today,) = await all_editions(app)
    assert today.local_date.isoformat() == "2026-01-05"
    clock.forward(timedelta(days=1))
    await ticks(app, clock)
    assert [one.local_date.day for one in await all_editions(app)] == [5, 6]


async def test_a_clock_that_was_set_right_is_believed_after_a_minute(app: App, clock: FixedClock):
    await a_morning(app)
    await ticks(app, clock)
    clock.jump(timedelta(days=1))
    await ticks(app, clock, 2)
    assert len(await all_editions(app)) == 1
    clock.forward(timedelta(minutes=1))
    await ticks(app, clock)
    assert len(await all_editions(app)) == 2


async def test_a_process_that_begins_a_day_later_first_watches_the_clock_for_a_while(
    app: App, database: Database, clock: FixedClock
):
    await a_morning(app)
    async with database.begin() as session:
        found = await instances.ensure(session, clock.now())
        found.seen_at = clock.now() - timedelta(days=1)
        session.add(found)
    await ticks(app, clock, 2)
    assert await all_editions(app) == []
    await ticks(app, clock, 2)
    assert len(await all_editions(app)) == 1


@pytest.mark.red("clock-jump")
async def test_a_jump_in_a_send_holds_nothing_as_late(app: App, database: Database, clock: FixedClock):
    edition = await keep_an_edition(database, 5, enabled=False)
    await tasks.run_due(app)
    clock.forward(timedelta(seconds=20))
    clock.jump(timedelta(days=2))
    await tasks.run_due(app)
    clock.jump(-timedelta(days=2))
    await ticks(app, clock, 16)
    async with database.begin() as session:
        found = await session.get(Edition, edition.id)
    assert found is not None
    assert (found.state, len(app.mailer.taken)) == (EditionState.FINISHED, 5)


@pytest.mark.red("clock-jump")
@pytest.mark.parametrize("how", ["resume", "pause and resume", "retry"])
async def test_what_a_jump_stranded_a_person_frees(database: Database, how: str):
    clock = FixedClock(NOW)
    app = an_app(database, FakeMailer(), clock, {"run": {"batch_size": 10}})
    edition = await keep_an_edition(database, 30)
    await editions.start(app, edition)
    async with database.begin() as session:
        first, second, *_ = await batches.due_batches(session, NOW, 10)
        ahead = NOW + timedelta(days=2)
        # One batch was claimed by a clock that ran ahead, and one put off by it.
        taken = await batches.claim(session, first, "gone", NOW, timedelta(days=2))
        late = await batches.claim(session, second, "here", NOW, timedelta(minutes=2))
        assert taken is not None
        assert late is not None
        await batches.postpone(session, late, ahead)
    async with database.begin() as session:
        assert len(await batches.due_batches(session, NOW, 10)) == 1
    edition = await editions.by_number(app, await _list(app), 1)
    if how == "retry":
        await deliveries.retry(app, edition, [])
    else:
        if "pause" in how:
            edition = await deliveries.change_state(app, edition, EditionState.PAUSED)
        await editions.resume(app, edition)
    assert (await deliver_edition(app, edition.id, lambda _: None)).sent == 30
    assert set(app.mailer.taken.values()) == {1}


async def _list(app: App) -> object:
    from digest.services.audience import lists

    assert await copies.look(app) is None
    return await lists.ensure(app, "daily")
