"""Alerts: what makes one, who gets it, how often, and what becomes of one that was wrong."""

import asyncio
from datetime import timedelta

import pytest

from digest.clock import FixedClock
from digest.errors import InputError, NothingToSendError
from digest.model import (
    AlertChoice,
    AlertVerdict,
    EditionContent,
    EditionKind,
    EditionState,
    Subscription,
)
from digest.services import tasks
from digest.services.app import App, SilentProgress
from digest.services.audience import lists
from digest.services.editions.alerts import correcting, explaining
from digest.services.editions.alerts.check import check
from digest.services.editions.composing.explain import cases_of
from digest.services.editions.run import run as by_hand
from digest.services.editions.run.run import RunRequest
from tests.builders import a_list, a_source, a_subscriber, a_subscription
from tests.integration.editions import alerting
from tests.integration.editions.alerting import (
    FLOOD,
    FLOOD_TEXT,
    QUAKE,
    QUAKE_TEXT,
    WRONG,
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


async def test_three_outlets_within_half_an_hour_alert_only_the_readers_who_chose_it(app: App):
    mailing_list = await a_newsroom(app, AlertChoice.ALL, AlertChoice.BIG, AlertChoice.NONE)
    await many_tell(app, 1, 2)
    assert not await check(app, mailing_list.id)
    await many_tell(app, 3)
    assert await check(app, mailing_list.id)
    await send_all(app)
    assert set(app.mailer.taken) == {"reader1@mujaz.example", "reader2@mujaz.example"}
    (edition,) = await editions_of(app)
    assert (edition.kind, edition.content["alert_cause"], edition.is_big) == (
        EditionKind.BREAKING,
        "outlets",
        True,
    )


async def test_a_trusted_sources_breaking_news_goes_to_those_who_want_all_alerts(app: App):
    mailing_list = await a_newsroom(app, AlertChoice.ALL, AlertChoice.BIG, alert_sources=["1"])
    await comes(app, 2, breaking=True)
    assert not await check(app, mailing_list.id)
    await comes(app, 1, FLOOD, FLOOD_TEXT, breaking=True)
    assert await check(app, mailing_list.id)
    await send_all(app)
    assert set(app.mailer.taken) == {"reader1@mujaz.example"}
    (edition,) = await editions_of(app)
    assert edition.content["alert_cause"] == "publisher"


async def test_without_trusted_sources_or_with_one_that_is_gone_breaking_news_alone_is_no_alert(app: App):
    mailing_list = await a_newsroom(app, alert_sources=["a source that was removed"])
    await comes(app, 1, breaking=True)
    assert not await check(app, mailing_list.id)
    assert await editions_of(app) == []


async def test_a_list_that_did_not_ask_for_it_alerts_nobody(app: App):
    mailing_list = await a_newsroom(app, alerts=False)
    await many_tell(app, 1, 2, 3, 4)
    assert not await check(app, mailing_list.id)
    assert await tasks.run_due(app) == 0
    assert a_list().alerts is False
    assert a_subscription(1, 1).alerts is AlertChoice.NONE


async def test_when_nobody_chose_alerts_none_is_made_and_it_is_said(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app, AlertChoice.NONE)
    await many_tell(app, 1, 2, 3)
    assert not await check(app, mailing_list.id)
    assert list((await verdicts(app)).values()) == [AlertVerdict.NOBODY]
    assert "nobody chose" in (await explaining.unpublished_alerts(app, mailing_list))[0]
    clock.forward(timedelta(seconds=1))
    with pytest.raises(NothingToSendError, match="Nobody chose the alerts"):
        await by_hand.run(app, RunRequest(kind=EditionKind.BREAKING), SilentProgress())
    dry = await by_hand.run(app, RunRequest(kind=EditionKind.BREAKING, dry_run=True), SilentProgress())
    assert dry.alert_readers == (0, 1)
    assert await editions_of(app) == []


async def test_light_outlets_and_slow_ones_do_not_count(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    async with app.database.begin() as session:
        source = await session.get(type(a_source()), 3)
        source.standing = 0.5
        session.add(source)
    await many_tell(app, 1, 2, 3)
    assert not await check(app, mailing_list.id)
    clock.forward(timedelta(minutes=31))
    await many_tell(app, 4)
    assert not await check(app, mailing_list.id)


async def test_a_topic_is_alerted_to_once_and_again_only_with_a_new_fact(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)
    assert await check(app, mailing_list.id)
    clock.forward(timedelta(minutes=40))
    await comes(app, 4)
    assert not await check(app, mailing_list.id)
    clock.forward(timedelta(minutes=40))
    for outlet in (1, 2, 3):
        await comes(
            app, outlet, f"{QUAKE} ومقتل 240 شخصا", f"{QUAKE_TEXT} وقتل 240 شخصا بحسب الدفاع المدني {outlet}."
        )
    assert await check(app, mailing_list.id)
    _, update = await editions_of(app)
    (story,) = EditionContent.model_validate(update.content).stories
    assert story.update
    assert "240" in story.headline or "٢٤٠" in story.headline


async def test_two_workers_that_find_the_same_alert_make_one(app: App):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)
    await asyncio.gather(*(check(app, mailing_list.id) for _ in range(4)))
    await check(app, mailing_list.id)
    await send_all(app)
    assert len(await editions_of(app)) == 1
    assert app.mailer.taken == {"reader1@mujaz.example": 1}


async def test_an_alert_that_was_made_before_a_restart_is_sent_after_it_once(
    app: App, monkeypatch: pytest.MonkeyPatch
):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2, 3)

    async def dies(*_: object) -> int:
        raise asyncio.CancelledError

    with monkeypatch.context() as broken:
        broken.setattr("digest.services.editions.alerts.check.start", dies)
        with pytest.raises(asyncio.CancelledError):
            await check(app, mailing_list.id)
    (made,) = await editions_of(app)
    assert made.state is EditionState.APPROVED
    assert await tasks.start_edition(app, made.id)
    await check(app, mailing_list.id)
    await send_all(app)
    assert app.mailer.taken == {"reader1@mujaz.example": 1}


async def test_the_correction_of_an_alert_goes_at_once_to_those_who_got_it_and_to_nobody_else(app: App):
    mailing_list = await a_newsroom(app, AlertChoice.ALL, AlertChoice.ALL, AlertChoice.NONE)
    await many_tell(app, 1, 2, 3)
    await check(app, mailing_list.id)
    await send_all(app)
    async with app.database.begin() as session:
        session.add(late := a_subscriber(9))
        await session.flush()
        session.add(a_subscription(mailing_list.id, late.id, alerts=AlertChoice.ALL))
        left = await session.get(Subscription, (mailing_list.id, 2))
        left.state = type(left.state)("left")
        session.add(left)
    (alert,) = await editions_of(app)
    books = await correcting.correct(app, mailing_list, alert, WRONG)
    assert (books.planned, books.sent) == (1, 1)
    assert app.mailer.taken == {"reader1@mujaz.example": 2, "reader2@mujaz.example": 1}
    correction = (await editions_of(app))[-1]
    content = EditionContent.model_validate(correction.content)
    assert content.stories[0].headline.startswith("تصحيح")
    assert [one.text for one in content.corrections] == [WRONG]
    with pytest.raises(InputError, match="already"):
        await correcting.correct(app, mailing_list, alert, WRONG)


async def test_an_editors_alert_says_that_an_editor_called_it(app: App, clock: FixedClock):
    await a_newsroom(app, AlertChoice.ALL, AlertChoice.NONE)
    await many_tell(app, 1)
    clock.forward(timedelta(seconds=1))
    done = await by_hand.run(app, RunRequest(kind=EditionKind.BREAKING), SilentProgress())
    assert (done.content.alert_cause, done.content.stories[0].breaking) == ("editor", False)
    assert done.alert_readers == (1, 2)
    assert app.mailer.taken == {"reader1@mujaz.example": 1}


async def test_why_says_which_outlets_are_missing(app: App, clock: FixedClock):
    mailing_list = await a_newsroom(app)
    await many_tell(app, 1, 2)
    clock.forward(timedelta(seconds=1))
    cases = await cases_of(app, mailing_list)
    (said,) = (await explaining.about(app, mailing_list, [case.story for case in cases])).values()
    assert said == "none: too few outlets, 2 within 30 minutes; the list asks for 3"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("alert_sources", ["nobody"], "no source 'nobody'"),
        ("quiet_hours", "late", "no quiet hours"),
        ("quiet_hours", "23:00", "no quiet hours"),
        ("alerts_at_night", "loud", "alerts_at_night"),
        ("alert_outlets", 1, "alert_outlets"),
        ("alerts_a_day", 0, "alerts_a_day"),
        ("alert_minutes", 1, "alert_minutes"),
    ],
)
async def test_a_wrong_setting_is_refused_in_a_sentence(app: App, name: str, value: object, words: str):
    mailing_list = await a_newsroom(app)
    with pytest.raises(InputError, match=words):
        await lists.change(app, mailing_list.slug, {name: value})


async def test_an_editor_alerts_on_one_story_at_once_and_only_who_chose_alerts_gets_it(
    app: App, clock: FixedClock
):
    from digest.errors import RefusedError
    from digest.services.editions.alerts import by_editor

    mailing_list = await a_newsroom(app, AlertChoice.ALL, AlertChoice.NONE, AlertChoice.BIG)
    await comes(app, 1, QUAKE, QUAKE_TEXT)
    clock.forward(timedelta(minutes=1))
    (case,) = [one for one in await by_editor.stories(app, mailing_list) if one.story.headline == QUAKE]
    reach = await by_editor.reach(app, mailing_list)
    assert (reach.chose, reach.all_readers) == (2, 3)
    made = await by_editor.alert(app, mailing_list, case.story.key)
    assert (made.kind, made.state, made.planned) == (EditionKind.BREAKING, EditionState.SENDING, 2)
    for _ in range(2):
        with pytest.raises(RefusedError) as refused:
            await by_editor.alert(app, mailing_list, case.story.key)
        assert refused.value.reason == "alerted_already"
    with pytest.raises(RefusedError) as refused:
        await by_editor.alert(app, mailing_list, "0000000000")
    assert refused.value.reason == "no_such_story"
