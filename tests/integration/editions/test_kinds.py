"""Weekly editions and alerts: what they look back on, who gets them, and that each goes out once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import AlertChoice, Edition, EditionKind, EditionState, Frequency, MailingList
from digest.services import tasks
from digest.services.app import App, SilentProgress
from digest.services.editions import publish
from digest.services.editions.run.run import RunRequest, RunResult
from digest.services.editions.run.run import run as run_digest
from digest.services.sending.batches import deliver_edition
from digest.storage.audience import eligible
from digest.storage.database.engine import Database
from tests.builders import a_list, a_source, a_subscriber, a_subscription, an_article
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import NEWS

NOW = datetime(2026, 1, 9, 4, 0, tzinfo=UTC)  # Friday, 07:00 in Riyadh
FRIDAY = date(2026, 1, 9)


pytestmark = pytest.mark.usefixtures("no_visits")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(database: Database, clock: FixedClock, tmp_path) -> App:
    return an_app(database, FakeMailer(), clock, {"run": {"out": str(tmp_path / "out")}})


async def a_week(app: App, hours: tuple[int, ...] = (4, 50, 100, 150), **fields: object) -> MailingList:
    """A list with a daily and a weekly reader, and a story so many hours ago each, the heaviest first."""
    async with app.database.begin() as session:
        mailing_list = a_list(**{"min_stories": 1, **fields})
        session.add(mailing_list)
        source = a_source(next_poll_at=NOW + timedelta(days=30))
        people = [a_subscriber(1), a_subscriber(2)]
        session.add_all([source, *people])
        await session.flush()
        wishes = ((Frequency.DAILY, AlertChoice.ALL), (Frequency.WEEKLY, AlertChoice.NONE))
        session.add_all(
            a_subscription(mailing_list.id, person.id, frequency=often, alerts=alerts)
            for person, (often, alerts) in zip(people, wishes, strict=True)
        )
        session.add_all(
            an_article(
                source_id=source.id,
                title=NEWS[place][0],
                paragraphs=[NEWS[place][1]],
                content_hash=f"{place}",
                url=f"https://marfa.example/{place}",
                url_key=f"https://marfa.example/{place}",
                published_at=NOW - timedelta(hours=back),
                first_seen_at=NOW - timedelta(hours=back),
            )
            for place, back in enumerate(hours)
        )
    return mailing_list


async def run(app: App, **wishes: object) -> RunResult:
    return await run_digest(app, RunRequest(**wishes), SilentProgress())


async def all_editions(app: App) -> list[Edition]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Edition).order_by(Edition.number))).all())


async def test_a_weekly_list_makes_a_weekly_edition_of_seven_days_once(app: App, clock: FixedClock):
    mailing_list = await a_week(app, layout="weekly", weekdays=[4])
    assert await tasks.run_due(app) == 1
    made = await publish.make_due(app, mailing_list.id)
    assert (made.kind, made.local_date, made.state) == (EditionKind.WEEKLY, FRIDAY, EditionState.APPROVED)
    assert made.window_end - made.window_start == timedelta(days=7)
    assert made.content["kind"] == "weekly"
    assert len([story for section in made.content["sections"] for story in section["stories"]]) == 4
    assert await publish.make_due(app, mailing_list.id) is None
    assert (await deliver_edition(app, made.id, lambda _: None)).sent == 2
    assert await tasks.run_due(app) == 0
    clock.forward(timedelta(days=6))
    assert await publish.make_due(app, mailing_list.id) is None


async def test_a_weekly_edition_is_for_all_and_a_daily_one_not_for_those_who_want_it_weekly(app: App):
    await a_week(app)
    daily = await run(app)
    assert (daily.edition.kind, daily.balance.sent) == (EditionKind.DAILY, 1)
    weekly = await run(app, kind=EditionKind.WEEKLY)
    assert (weekly.edition.kind, weekly.balance.sent) == (EditionKind.WEEKLY, 2)
    assert app.mailer.taken == {"reader1@mujaz.example": 2, "reader2@mujaz.example": 1}


async def test_a_review_of_the_week_tells_what_the_days_told_and_the_day_what_the_review_did(app: App):
    await a_week(app)
    daily = await run(app)
    weekly = await run(app, kind=EditionKind.WEEKLY)
    assert len(daily.content.stories) == 1
    assert len(weekly.content.stories) == 4
    assert (await run(app, kind=EditionKind.WEEKLY)).already
    assert (await run(app)).already
    assert [edition.kind for edition in await all_editions(app)] == [EditionKind.DAILY, EditionKind.WEEKLY]


async def test_a_weekly_edition_of_an_earlier_date_looks_back_on_the_seven_days_until_its_end(app: App):
    await a_week(app)
    done = await run(app, kind=EditionKind.WEEKLY, day=date(2026, 1, 7), dry_run=True)
    assert done.content.window_end - done.content.window_start == timedelta(days=7)
    assert done.content.window_end == datetime(2026, 1, 7, 21, tzinfo=UTC)


async def test_an_alert_tells_the_top_story_alone_and_once(app: App):
    await a_week(app, hours=(4, 5, 6))
    first = await run(app, kind=EditionKind.BREAKING)
    assert len(first.content.stories) == 1
    assert first.content.alert_cause == "editor"
    assert first.balance.sent == 1
    again = await run(app, kind=EditionKind.BREAKING)
    assert again.already
    assert app.mailer.taken == {"reader1@mujaz.example": 1}


async def test_a_day_may_have_alerts_on_several_stories(app: App):
    await a_week(app, hours=(4, 5, 6))
    first = await run(app, kind=EditionKind.BREAKING, story="جسر المرفأ")
    second = await run(app, kind=EditionKind.BREAKING, story="نسور الواحة")
    assert first.content.stories[0].headline == NEWS[0][0]
    assert second.content.stories[0].headline == NEWS[1][0]
    assert first.edition.topic != second.edition.topic
    assert (await run(app, kind=EditionKind.BREAKING, story="جسر المرفأ")).already
    assert app.mailer.taken == {"reader1@mujaz.example": 2}


async def test_a_story_that_goes_on_under_another_key_is_not_alerted_on_twice(app: App, clock: FixedClock):
    await a_week(app, hours=(4, 5, 6))
    first = await run(app, kind=EditionKind.BREAKING, story="جسر المرفأ")
    async with app.database.begin() as session:
        session.add(
            an_article(
                title=NEWS[0][0],
                paragraphs=[NEWS[0][1]],
                content_hash="0",
                url="https://duha.example/bridge",
                url_key="https://duha.example/bridge",
                source_name="الضحى",
                published_at=NOW - timedelta(hours=9),
                first_seen_at=NOW - timedelta(hours=1),
            )
        )
    again = await run(app, kind=EditionKind.BREAKING, story="جسر المرفأ")
    assert again.already
    assert again.edition.id == first.edition.id


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"kind": EditionKind.BREAKING, "story": "خبر لم يقع"}, "No story is"),
        ({"kind": EditionKind.DAILY, "story": "الجسر"}, "Only an alert"),
        ({"story": "الجسر"}, "Only an alert"),
    ],
)
async def test_an_alert_on_no_story_is_refused(app: App, wishes: dict[str, object], words: str):
    await a_week(app)
    with pytest.raises(InputError, match=words):
        await run(app, **wishes)
    assert await all_editions(app) == []


@pytest.mark.parametrize(
    ("kind", "planned"), [(EditionKind.DAILY, 1), (EditionKind.BREAKING, 1), (EditionKind.WEEKLY, 2)]
)
async def test_who_is_counted_is_who_is_planned(app: App, kind: EditionKind, planned: int):
    mailing_list = await a_week(app)
    async with app.database.begin() as session:
        assert await eligible.count(session, mailing_list.id, kind) == planned
    done = await run(app, kind=kind)
    assert done.balance.planned == planned
