"""A clock that jumps makes no edition, holds none, and what it put off can be freed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.clock import FixedClock, SteadyClock, SystemClock
from digest.errors import EditionHeldError
from digest.model import Edition, EditionState, SourceKind
from digest.model.editions.edition_moves import Move
from digest.services import tasks
from digest.services.app import App, SilentProgress
from digest.services.copies import watch
from digest.services.editions import clock as clocks
from digest.services.editions import publish
from digest.services.editions.run.run import RunRequest, run
from digest.services.sending import deliveries
from digest.services.sending.batches import deliver_edition
from digest.storage import instances
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from tests.builders import NOW, a_source
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.integration.editions.test_editions import DUE, a_morning, all_editions

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


async def a_morning_that_was_right(database: Database, clock: FixedClock) -> None:
    """An edition is made by a clock that is right, and the database knows that it was."""
    app = an_app(database, FakeMailer(), clock)
    await a_morning(app)
    async with database.begin() as session:
        await instances.ensure(session, clock.now())
    await ticks(app, clock)


# A server's own clock would tell the difference.
@pytest.mark.red("clock-jump")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_process_that_begins_while_the_clock_is_a_day_ahead_does_not_make_tomorrows_edition(
    database: Database, clock: FixedClock
):
    """As a process has it: its own clock does not follow the machine's for a minute."""
    await a_morning_that_was_right(database, clock)
    clock.jump(timedelta(days=1))
    app = an_app(database, FakeMailer(), SteadyClock(clock))
    await ticks(app, clock, 1)
    clock.jump(-timedelta(days=1))
    await ticks(app, clock, 14)
    assert [one.local_date.day for one in await all_editions(app)] == [5]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_clock_that_is_not_the_database_servers_is_not_believed(database: Database):
    machine = FixedClock(datetime.now(UTC) - timedelta(minutes=2))  # noqa: TID251 - the server's own clock
    app = an_app(database, FakeMailer(), SteadyClock(machine))
    assert "the database's" in await clocks.why_doubted(app)
    app = an_app(database, FakeMailer(), SteadyClock(SystemClock()))
    assert await clocks.why_doubted(app) == ""


@pytest.mark.red("clock-jump")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("stays", [True, False])
async def test_a_run_by_hand_watches_a_clock_that_leapt_before_it_makes_an_edition(
    database: Database, clock: FixedClock, stays: bool, tmp_path: Path
):
    await a_morning_that_was_right(database, clock)
    clock.jump(timedelta(days=1))
    app = an_app(database, FakeMailer(), SteadyClock(clock), {"run": {"out": str(tmp_path)}})
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)
        clock.forward(timedelta(seconds=seconds))
        if len(waited) == 3 and not stays:
            clock.jump(-timedelta(days=1))

    if stays:
        await clocks.require_right(app, SilentProgress(), sleep=sleep)
        assert len(waited) == 10
        return
    with pytest.raises(EditionHeldError, match="set a moment ago"):
        await clocks.require_right(app, SilentProgress(), sleep=sleep)


async def test_a_run_by_hand_asks_for_the_clock(app: App, clock: FixedClock, monkeypatch: pytest.MonkeyPatch):
    await a_morning(app)
    async with app.database.begin() as session:
        session.add(a_source(enabled=True, location="/nowhere", kind=SourceKind.FOLDER))

    async def doubted(_: App) -> str:
        return "the clock jumped"

    async def sleep(_: float) -> None:
        clock.forward(timedelta(seconds=1))

    monkeypatch.setattr(clocks, "why_doubted", doubted)
    monkeypatch.setattr(clocks.asyncio, "sleep", sleep)
    with pytest.raises(EditionHeldError, match="No edition is made by this clock: the clock jumped"):
        await run(app, RunRequest(list_slug="daily"), SilentProgress())
    assert await all_editions(app) == []


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
    await publish.start(app, edition)
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
    edition = await publish.by_number(app, await _list(app), 1)
    if how == "retry":
        await deliveries.retry(app, edition, [])
    else:
        if "pause" in how:
            edition = await deliveries.move_by_hand(app, edition, Move.PAUSE)
        await publish.resume(app, edition)
    assert (await deliver_edition(app, edition.id, lambda _: None)).sent == 30
    assert set(app.mailer.taken.values()) == {1}


async def _list(app: App) -> object:
    from digest.services.audience import lists

    assert await watch.look(app) is None
    return await lists.ensure(app, "daily")
