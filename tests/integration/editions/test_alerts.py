"""Alerts: what makes one, who gets it, how often, and what becomes of one that was wrong."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import InputError, NothingToSendError
from digest.model import (
    Alert,
    AlertChoice,
    AlertVerdict,
    AlertWatch,
    Edition,
    EditionContent,
    EditionKind,
    EditionState,
    MailingList,
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
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.editions import alerts as stored
from tests.builders import a_list, a_source, a_subscriber, a_subscription, an_article
from tests.fakes_delivery import FakeMailer, an_app

NOON = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)  # 12:00 in Riyadh
NIGHT = datetime(2026, 1, 5, 22, 0, tzinfo=UTC)  # 01:00 in Riyadh
MORNING = datetime(2026, 1, 6, 4, 5, tzinfo=UTC)  # 07:05 in Riyadh
QUAKE = "زلزال قوي يضرب مدينة المرجان ويهدم عشرات المنازل"
QUAKE_TEXT = (
    "ضرب زلزال قوته سبع درجات مدينة المرجان الساحلية فجرًا وهدم عشرات المنازل، وأعلنت السلطات الطوارئ."
)
FLOOD = "سيول جارفة تغرق بلدة الوادي وتقطع الطريق الدولي"
FLOOD_TEXT = "أغرقت سيول جارفة بلدة الوادي الجبلية وقطعت الطريق الدولي، وفتحت المدارس أبوابها لإيواء السكان."
OUTLETS = ("المرفأ", "الضحى", "النوافذ", "السهل")
WRONG = "ذكرنا أن قوة الزلزال سبع درجات، والصحيح ست."


pytestmark = pytest.mark.usefixtures("no_visits")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def app(database: Database, clock: FixedClock, tmp_path) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"out": str(tmp_path / "out")}})


async def a_newsroom(app: App, *choices: AlertChoice, **fields: object) -> MailingList:
    """A list that alerts, four outlets, and a reader for each choice (by default one who wants all)."""
    async with app.database.begin() as session:
        mailing_list = a_list(**{"alerts": True, "min_stories": 1, "weekdays": [], **fields})
        session.add(mailing_list)
        session.add_all(
            a_source(name=name, location=f"https://{n}.example/feed", next_poll_at=NOON + timedelta(days=30))
            for n, name in enumerate(OUTLETS, 1)
        )
        people = [a_subscriber(n) for n, _ in enumerate(choices or (AlertChoice.ALL,), 1)]
        session.add_all(people)
        await session.flush()
        session.add_all(
            a_subscription(mailing_list.id, person.id, alerts=choice)
            for person, choice in zip(people, choices or (AlertChoice.ALL,), strict=True)
        )
    return mailing_list


async def comes(
    app: App,
    outlet: int,
    title: str = QUAKE,
    text: str = QUAKE_TEXT,
    *,
    at: datetime | None = None,
    **fields: object,
) -> None:
    """An outlet (its number, from 1) publishes an article, which is collected at once."""
    when = at or app.clock.now()
    url = f"https://{outlet}.example/{abs(hash((title, when)))}"
    async with app.database.begin() as session:
        session.add(
            an_article(
                **{
                    "source_id": outlet,
                    "source_name": OUTLETS[outlet - 1],
                    "title": title,
                    "paragraphs": [text],
                    "url": url,
                    "url_key": url,
                    "content_hash": f"{outlet} {title}",
                    "published_at": when,
                    "first_seen_at": when,
                    "section": "politics",
                    **fields,
                }
            )
        )


async def many_tell(app: App, *outlets: int, title: str = QUAKE, text: str = QUAKE_TEXT) -> None:
    for outlet in outlets:
        await comes(app, outlet, title, text)


async def editions_of(app: App) -> list[Edition]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Edition).order_by(Edition.number))).all())


async def verdicts(app: App) -> dict[str, AlertVerdict]:
    async with app.database.begin() as session:
        return {row.headline: row.verdict for row in (await session.exec(select(Alert))).all()}


async def send_all(app: App) -> None:
    for edition in await editions_of(app):
        if edition.state is EditionState.SENDING:
            await deliver_edition(app, edition.id, lambda _: None)


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
    assert explaining.why_sent(edition) == "several outlets told it at once"


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
