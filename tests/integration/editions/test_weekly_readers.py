"""Who reads a daily list once a week: served by the schedule, once, with the corrections that the days told."""

from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.model import EditionKind, EditionState, Frequency, Subscription
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import corrections, publish
from digest.services.schedule.slots import weekly_day
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.builders import a_list
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_kinds import FRIDAY, NOW, a_week, all_editions, run

THURSDAY = NOW - timedelta(days=1)


pytestmark = pytest.mark.usefixtures("no_visits")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(database: Database, clock: FixedClock, tmp_path) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"out": str(tmp_path / "out")}})


async def make_all(app: App, list_id: int) -> list[EditionKind]:
    """Make and send all that is due, tick by tick."""
    kinds = []
    while (made := await publish.make_due(app, list_id)) is not None:
        kinds.append(made.kind)
        if made.state is not EditionState.HELD:
            await deliver_edition(app, made.id, lambda _: None)
    return kinds


async def want(app: App, list_id: int, subscriber_id: int, wish: Frequency) -> None:
    async with app.database.begin() as session:
        known = await session.get(Subscription, (list_id, subscriber_id))
        known.frequency = wish
        session.add(known)


async def test_on_its_weekly_day_a_daily_list_writes_to_its_weekly_readers_once(app: App, clock: FixedClock):
    mailing_list = await a_week(app)
    assert await make_all(app, mailing_list.id) == [EditionKind.DAILY, EditionKind.WEEKLY]
    assert app.mailer.taken == {"reader1@mujaz.example": 1, "reader2@mujaz.example": 1}
    daily, weekly = await all_editions(app)
    assert (weekly.local_date, weekly.for_weekly_readers, daily.for_weekly_readers) == (FRIDAY, True, False)
    assert weekly.window_end - weekly.window_start == timedelta(days=7)
    assert await tasks.run_due(app) == 0
    clock.forward(timedelta(hours=3))
    assert await make_all(app, mailing_list.id) == []


async def test_both_turns_of_a_day_are_found_by_the_clock(app: App):
    await a_week(app)
    for expected in (EditionKind.DAILY, EditionKind.WEEKLY):
        assert await tasks.run_due(app) == 1
        await publish.make_due(app, 1)
        assert (await all_editions(app))[-1].kind is expected
        await deliver_edition(app, (await all_editions(app))[-1].id, lambda _: None)
    assert await tasks.run_due(app) == 0


async def test_on_other_days_and_without_weekly_readers_there_is_none(app: App, clock: FixedClock):
    mailing_list = await a_week(app, weekly_day=5)
    assert await make_all(app, mailing_list.id) == [EditionKind.DAILY]
    await want(app, mailing_list.id, 2, Frequency.DAILY)
    clock.forward(timedelta(days=1))
    assert EditionKind.WEEKLY not in await make_all(app, mailing_list.id)
    assert {edition.kind for edition in await all_editions(app)} == {EditionKind.DAILY}


async def test_who_asks_in_the_middle_of_a_week_makes_no_missed_edition(app: App, clock: FixedClock):
    mailing_list = await a_week(app, min_stories=1)
    clock.forward(timedelta(days=3))
    assert EditionKind.WEEKLY not in await make_all(app, mailing_list.id)


async def test_one_that_was_missed_after_the_first_is_held_and_not_forgotten(app: App, clock: FixedClock):
    mailing_list = await a_week(app)
    await make_all(app, mailing_list.id)
    clock.forward(timedelta(days=8))
    made = await make_all(app, mailing_list.id)
    assert EditionKind.WEEKLY in made
    held = [edition for edition in await all_editions(app) if edition.kind is EditionKind.WEEKLY][-1]
    assert (held.state, held.for_weekly_readers) == (EditionState.HELD, True)
    assert "missed" in held.held_reason


async def test_one_that_an_editor_sent_that_day_is_not_sent_again(app: App):
    mailing_list = await a_week(app)
    by_hand = await run(app, kind=EditionKind.WEEKLY)
    assert by_hand.balance.sent == 2
    assert await make_all(app, mailing_list.id) == [EditionKind.DAILY]
    assert app.mailer.taken == {"reader1@mujaz.example": 2, "reader2@mujaz.example": 1}


async def test_a_held_one_that_a_person_lets_go_still_goes_to_weekly_readers_only(app: App):
    mailing_list = await a_week(app, min_stories=5)
    await make_all(app, mailing_list.id)
    (held,) = [edition for edition in await all_editions(app) if edition.kind is EditionKind.WEEKLY]
    await publish.resume(app, held)
    assert (await deliver_edition(app, held.id, lambda _: None)).sent == 1
    assert app.mailer.taken == {"reader2@mujaz.example": 1}


async def test_a_correction_reaches_weekly_readers_though_a_daily_edition_told_it_and_does_so_once(
    app: App, clock: FixedClock
):
    mailing_list = await a_week(app, hours=(4, 30, 50, 100))
    clock.at = THURSDAY
    await make_all(app, mailing_list.id)
    (first,) = await all_editions(app)
    await corrections.correct(app, first, "الجسر طوله ١٢٠ مترا.")
    clock.at = NOW
    await make_all(app, mailing_list.id)
    _, daily, weekly = await all_editions(app)
    for edition in (daily, weekly):
        (told,) = edition.content["corrections"]
        assert told["edition_number"] == first.number
    clock.forward(timedelta(days=7))
    assert await corrections.pending(app, mailing_list, EditionKind.WEEKLY) == ()


async def test_one_that_only_weekly_readers_were_told_is_still_told_to_the_others(app: App):
    mailing_list = await a_week(app)
    await make_all(app, mailing_list.id)
    daily = (await all_editions(app))[0]
    await corrections.correct(app, daily, "الجسر طوله ١٢٠ مترا.")
    for kind in (EditionKind.DAILY, EditionKind.WEEKLY):
        assert len(await corrections.pending(app, mailing_list, kind)) == 1


@pytest.mark.parametrize(
    ("zone", "own", "day"),
    [
        ("Asia/Riyadh", None, 4),
        ("Africa/Cairo", None, 4),
        ("Asia/Tehran", None, 4),
        ("Asia/Beirut", None, 6),
        ("Africa/Casablanca", None, 6),
        ("Europe/Berlin", None, 6),
        ("Asia/Riyadh", 0, 0),
    ],
)
def test_the_weekly_day_is_a_day_of_rest_unless_the_list_says_another(zone: str, own: int | None, day: int):
    assert weekly_day(a_list(timezone=zone, weekly_day=own)) == day
