"""Due times and leases that a wrong clock left behind strand nobody."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from digest.clock import FixedClock
from digest.model import Batch, Delivery, DeliveryStatus, Edition
from digest.model.editions.edition_moves import Move
from digest.runtime.scheduler import ticking
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.sending import deliveries, times
from digest.services.sending.batches import deliver_edition, due_batches
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

READERS = 30
SETTINGS: dict[str, Any] = {"run": {"batch_size": 10, "lease_seconds": 30}}
AHEAD = {"two days": timedelta(days=2), "an hour": timedelta(hours=1)}


@pytest.fixture
def app(database: Database) -> App:
    return an_app(database, FakeMailer(), FixedClock(NOW), SETTINGS)


async def a_started_edition(app: App) -> Edition:
    edition = await keep_an_edition(app.database, READERS)
    await publish.start(app, edition)
    async with app.database.begin() as session:
        found = await session.get(Edition, edition.id)
    assert found is not None
    return found


async def set_batches(app: App, **values: datetime) -> None:
    async with app.database.begin() as session:
        await session.exec(update(Batch).values(**values))


async def sent(app: App, edition: Edition) -> int:
    return (await deliver_edition(app, edition.id or 0, lambda _: None)).sent


async def test_due_times_of_a_clock_that_was_two_days_ahead_are_pulled_in_by_the_next_tick(app: App):
    edition = await a_started_edition(app)
    await set_batches(app, due_at=NOW + timedelta(days=2))
    await tasks.run_due(app)
    assert len(await due_batches(app, NOW, 10)) == 3
    assert await sent(app, edition) == READERS


async def test_leases_of_a_clock_that_was_ahead_are_void_and_plausible_ones_stand(app: App):
    await a_started_edition(app)
    await set_batches(app, lease_until=NOW + timedelta(days=2))
    assert len(await due_batches(app, NOW, 10)) == 3
    await set_batches(app, lease_until=NOW + timedelta(seconds=30))
    assert await due_batches(app, NOW, 10) == []


async def test_waits_that_can_be_stand(app: App):
    await a_started_edition(app)
    await set_batches(app, due_at=NOW + timedelta(minutes=120))
    assert await due_batches(app, NOW, 10) == []


@pytest.mark.parametrize("ahead", AHEAD)
async def test_a_run_mails_whom_a_clock_that_was_wrong_made_wait(app: App, ahead: str):
    edition = await a_started_edition(app)
    await set_batches(app, due_at=NOW + AHEAD[ahead], lease_until=NOW + timedelta(days=2))
    assert await sent(app, edition) == READERS


@pytest.mark.parametrize("ahead", AHEAD)
async def test_resume_frees_whom_a_clock_that_was_wrong_made_wait(app: App, ahead: str):
    edition = await a_started_edition(app)
    await set_batches(app, due_at=NOW + AHEAD[ahead], lease_until=NOW + timedelta(days=2))
    await deliveries.move_by_hand(app, edition, Move.PAUSE)
    await deliveries.move_by_hand(app, edition, Move.RESUME)
    assert len(await due_batches(app, NOW, 10)) == 3


async def test_retry_frees_whom_a_clock_that_was_wrong_made_wait(app: App):
    edition = await a_started_edition(app)
    await set_batches(app, due_at=NOW + timedelta(hours=1))
    await deliveries.retry(app, edition, [DeliveryStatus.FAILED])
    assert len(await due_batches(app, NOW, 10)) == 3


async def test_a_start_after_the_clock_was_set_back_by_an_hour_lets_nobody_wait_for_that_hour(app: App):
    edition = await a_started_edition(app)
    back = an_app(app.database, app.mailer, FixedClock(NOW - timedelta(hours=1)), SETTINGS)
    assert await due_batches(back, back.clock.now(), 10) == []
    (tick,) = [job for job in ticking(back).get_jobs() if job.id == "run_due"]
    await tick.func()
    assert len(await due_batches(back, back.clock.now(), 10)) == 3
    assert await sent(back, edition) == READERS


async def test_a_next_try_that_was_set_in_the_future_is_made_now(app: App):
    edition = await a_started_edition(app)
    app.mailer.refuses("reader7@mujaz.example", 450)  # type: ignore[attr-defined]
    ahead = an_app(app.database, app.mailer, FixedClock(NOW + timedelta(hours=2)), SETTINGS)
    assert await sent(ahead, edition) == READERS - 1
    app.mailer.accepts("reader7@mujaz.example")  # type: ignore[attr-defined]
    assert await sent(app, edition) == READERS


async def test_a_next_try_that_is_plausible_is_waited_for(app: App):
    edition = await a_started_edition(app)
    app.mailer.refuses("reader7@mujaz.example", 450)  # type: ignore[attr-defined]
    await sent(app, edition)
    app.mailer.accepts("reader7@mujaz.example")  # type: ignore[attr-defined]
    await times.make_due(app)
    assert await sent(app, edition) == READERS - 1
    async with app.database.begin() as session:
        (row,) = (
            await session.exec(select(Delivery).where(col(Delivery.status) == DeliveryStatus.WAITING))
        ).all()
    assert row.next_try_at is not None
    assert row.next_try_at > NOW
