"""When alerts go out: apart from each other, at night or in the morning, and not for what is old."""

from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.model import (
    AlertChoice,
    AlertVerdict,
    AlertWatch,
    EditionContent,
    Subscription,
)
from digest.services.app import App
from digest.services.audience import lists
from digest.services.editions.alerts.check import check
from digest.storage.editions import alerts as stored
from tests.integration.editions import alerting
from tests.integration.editions.alerting import (
    FLOOD,
    FLOOD_TEXT,
    MORNING,
    NIGHT,
    NOON,
    a_newsroom,
    comes,
    editions_of,
    many_tell,
    send_all,
    verdicts,
)

app = alerting.app
clock = alerting.clock

pytestmark = pytest.mark.usefixtures("no_visits")


async def test_two_alerts_are_half_an_hour_apart_and_the_second_waits_its_turn(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)
    await check(app, mailing_list.id)
    clock.forward(timedelta(minutes=10))
    await many_tell(app, 1, 2, 3, title=FLOOD, text=FLOOD_TEXT)
    assert not await check(app, mailing_list.id)
    assert (await verdicts(app))[FLOOD] is AlertVerdict.SOON
    clock.forward(timedelta(minutes=20))
    async with app.database.begin() as session:
        assert await stored.unlooked(session, clock.now()) == [mailing_list.id]
    assert await check(app, mailing_list.id)
    await send_all(app)
    assert app.mailer.taken == {"reader1@mujaz.example": 2}


async def test_a_burst_of_fifty_breaking_items_makes_one_alert_at_once_and_no_more_than_the_day_allows(
    app: App, clock: FixedClock
):
    mailing_list = await a_newsroom(app, alert_sources=["1"])
    names = [f"مكان{chr(0x0628 + n // 7)}{chr(0x062D + n % 7)}" for n in range(50)]
    for n, name in enumerate(names):
        await comes(
            app, 1, f"حادث غامض في {name} رقمه {n * 37 + 11}", f"وقع حادث {name} وحده {n}.", breaking=True
        )
    for _ in range(8):
        await check(app, mailing_list.id)
        clock.forward(timedelta(minutes=15))
        made = await editions_of(app)
        assert len(made) <= 3
    assert len(await editions_of(app)) >= 1


async def test_who_slept_past_the_lease_makes_no_alert(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    async with app.database.begin() as session:
        old = await stored.claim(session, mailing_list.id, clock.now())
        assert await stored.claim(session, mailing_list.id, clock.now()) is None
    clock.forward(timedelta(minutes=3))
    async with app.database.begin() as session:
        new = await stored.claim(session, mailing_list.id, clock.now())
        assert (
            await stored.holds(session, mailing_list.id, old),
            await stored.holds(session, mailing_list.id, new),
        ) == (
            False,
            True,
        )


async def test_a_lease_that_a_wrong_clock_gave_holds_nobody_up(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    async with app.database.begin() as session:
        session.add(AlertWatch(list_id=mailing_list.id, lease_until=clock.now() + timedelta(days=400)))
    await many_tell(app, 1, 2, 3)
    assert await check(app, mailing_list.id)


async def test_at_night_it_waits_and_comes_in_the_morning_as_one(app: App, clock: FixedClock):
    clock.at = NIGHT
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)
    assert not await check(app, mailing_list.id)
    clock.forward(timedelta(hours=2))
    await many_tell(app, 1, 2, 3, title=FLOOD, text=FLOOD_TEXT)
    assert not await check(app, mailing_list.id)
    assert set((await verdicts(app)).values()) == {AlertVerdict.NIGHT}
    clock.forward(MORNING - clock.now())
    assert await check(app, mailing_list.id)
    (edition,) = await editions_of(app)
    assert len(EditionContent.model_validate(edition.content).stories) == 2
    await send_all(app)
    assert app.mailer.taken == {"reader1@mujaz.example": 1}


@pytest.mark.parametrize(("at_night", "sent"), [("hold", 0), ("big", 1), ("all", 1)])
async def test_the_list_says_what_goes_out_at_night(app: App, clock: FixedClock, at_night: str, sent: int):
    clock.at = NIGHT
    mailing_list = await a_newsroom(app, alert_sources=["1"])
    await lists.change(app, mailing_list.slug, {"alerts_at_night": at_night})
    await many_tell(app, 1, 2, 3)
    await check(app, mailing_list.id)
    assert len(await editions_of(app)) == sent


async def test_an_ordinary_alert_waits_at_night_where_only_big_ones_go_out(app: App, clock: FixedClock):
    clock.at = NIGHT
    mailing_list = await a_newsroom(app, alert_sources=["1"], alerts_at_night="big")
    await comes(app, 1, breaking=True)
    assert not await check(app, mailing_list.id)
    assert set((await verdicts(app)).values()) == {AlertVerdict.NIGHT}


async def test_a_reader_is_not_alerted_in_quiet_hours_of_their_own(app: App):
    mailing_list = await a_newsroom(app, AlertChoice.ALL, AlertChoice.ALL)
    async with app.database.begin() as session:
        wish = await session.get(Subscription, (mailing_list.id, 1))
        wish.quiet_hours = "11:00-13:00"
        session.add(wish)
    await many_tell(app, 1, 2, 3)
    assert await check(app, mailing_list.id)
    await send_all(app)
    assert set(app.mailer.taken) == {"reader2@mujaz.example"}


async def test_what_was_found_too_long_ago_is_not_urgent_any_more(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)
    clock.forward(timedelta(hours=2))
    assert not await check(app, mailing_list.id)
    assert list((await verdicts(app)).values()) == [AlertVerdict.LATE]


async def test_a_clock_that_jumps_makes_no_alert(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    await check(app, mailing_list.id)
    clock.at = NOON + timedelta(hours=5)
    await many_tell(app, 1, 2, 3)
    assert not await check(app, mailing_list.id)
    assert await editions_of(app) == []
    clock.forward(timedelta(minutes=2))
    assert await check(app, mailing_list.id)
