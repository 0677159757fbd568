"""Making editions: once a local date however many try, held when late or empty, found again after a crash."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from digest.clock import FixedClock
from digest.errors import InputError, NothingToSendError, PermanentDeliveryError
from digest.model import Edition, EditionState, MailingList, Notice, SubscriptionState
from digest.services import tasks
from digest.services.app import App
from digest.services.editions import publish
from digest.services.editions.publish import Issue
from digest.services.sending import notices
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from tests.builders import a_list, a_subscriber, a_subscription, an_article, an_edition_content, hours_ago
from tests.fakes_delivery import FakeMailer, an_app

NEWS = (
    (
        "افتتاح جسر المرفأ الجديد أمام الشاحنات",
        "افتتحت هيئة الطرق جسر المرفأ بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل، وقالت إنه سيخفف الزحام عن وسط المدينة.",
    ),
    (
        "نسور الواحة يفوز بكأس الشتاء لكرة السلة",
        "تغلب فريق نسور الواحة على ضيفه الميناء بنتيجة ٨٨ مقابل ٧٩، وسجل قائده ٣١ نقطة في المباراة النهائية.",
    ),
    (
        "جامعة الساحل تطلق برنامجا لدراسة الطاقة الشمسية",
        "يبدأ التسجيل في البرنامج مطلع الشهر المقبل، ويتيح لستين طالبا التدرب في محطات التوليد القريبة من الصحراء.",
    ),
    (
        "موسم القمح في السهل الشرقي يتجاوز التوقعات",
        "جمع المزارعون ٤٥ ألف طن من الحبوب، وعزت وزارة الزراعة ذلك إلى أمطار مبكرة وبذور تقاوم الجفاف.",
    ),
)
DUE = datetime(2026, 1, 5, 3, 30, tzinfo=UTC)  # 06:30 in Riyadh
ISSUE_DEADLINE = datetime(2026, 1, 5, 10, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(DUE + timedelta(minutes=1))


@pytest.fixture
def app(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock)


async def a_morning(app: App, stories: int = 4, readers: int = 3, **fields: object) -> MailingList:
    """A list with readers, and some articles of the night."""
    async with app.database.begin() as session:
        mailing_list = a_list(**fields)
        session.add(mailing_list)
        people = [a_subscriber(number) for number in range(1, readers + 1)]
        session.add_all(people)
        await session.flush()
        session.add_all(a_subscription(mailing_list.id, person.id) for person in people)
        session.add_all(
            an_article(
                title=title,
                content_hash=f"{number}",
                url=f"https://marfa.example/{number}",
                published_at=hours_ago(4),
                first_seen_at=hours_ago(3),
                paragraphs=[told],
            )
            for number, (title, told) in enumerate(NEWS[:stories])
        )
    return mailing_list


async def all_editions(app: App) -> list[Edition]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Edition).order_by(col(Edition.id)))).all())


async def test_two_schedulers_that_race_make_one_edition_of_a_local_date(app: App, database: Database, clock):
    mailing_list = await a_morning(app)
    apps = [app, *(an_app(database, app.mailer, clock) for _ in range(2))]
    made = await asyncio.gather(*(publish.make_due(one, mailing_list.id) for one in apps))
    (edition,) = await all_editions(app)
    assert [one.id for one in made if one is not None] == [edition.id]
    assert (edition.state, edition.planned) == (EditionState.SENDING, 3)
    for one in apps:
        await deliver_edition(one, edition.id, lambda _: None)
    assert set(app.mailer.taken.values()) == {1}
    assert await publish.make_due(app, mailing_list.id) is None


async def test_an_edition_that_is_not_due_is_not_made(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, weekdays=[])
    assert await publish.make_due(app, mailing_list.id) is None
    assert await publish.make_due(app, 999) is None


async def test_an_edition_that_was_missed_for_too_long_is_held_and_can_be_let_go(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, misfire_hours=2)
    clock.forward(timedelta(hours=3))
    held = await publish.make_due(app, mailing_list.id)
    assert held.state is EditionState.HELD
    assert "missed" in held.held_reason
    assert await tasks.run_due(app) == 0
    assert not app.mailer.taken
    resumed = await publish.resume(app, held)
    assert (resumed.state, resumed.planned) == (EditionState.SENDING, 3)
    assert (await deliver_edition(app, held.id, lambda _: None)).sent == 3


async def test_a_day_with_too_little_to_say_is_held_and_mails_nobody(app: App):
    mailing_list = await a_morning(app, stories=1)
    held = await publish.make_due(app, mailing_list.id)
    assert held.state is EditionState.HELD
    assert "only 1 stories" in held.held_reason
    assert not app.mailer.taken


async def test_a_day_without_any_story_cannot_be_let_go(app: App):
    mailing_list = await a_morning(app, stories=0)
    held = await publish.make_due(app, mailing_list.id)
    with pytest.raises(InputError, match="no story"):
        await publish.resume(app, held)


async def test_what_is_approved_is_frozen(app: App):
    mailing_list = await a_morning(app)
    issue = Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE)
    first = await publish.approve(app, mailing_list, issue)
    assert first.fingerprint == publish.fingerprint(an_edition_content())
    assert await publish.approve(app, mailing_list, issue) is None


async def test_an_approved_edition_whose_maker_died_is_started_by_the_next_tick(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, enabled=False)
    edition = await publish.approve(
        app, mailing_list, Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE)
    )
    assert await tasks.run_due(app) == 1
    app.queue.start(app)
    await app.queue.idle()
    await app.queue.stop()
    assert set(app.mailer.taken.values()) == {1}
    (edition,) = await all_editions(app)
    assert edition.state is EditionState.FINISHED
    assert not await publish.start_approved(app, edition.id)


async def test_an_approved_edition_that_is_late_is_held(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, enabled=False)
    await publish.approve(app, mailing_list, Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE))
    clock.forward(timedelta(days=1))
    assert await tasks.run_due(app) == 0
    assert (await all_editions(app))[0].state is EditionState.HELD


async def test_a_tick_leads_an_edition_all_the_way(app: App, clock: FixedClock):
    await a_morning(app)
    assert await tasks.run_due(app) == 1
    app.queue.start(app)
    await app.queue.idle()
    await tasks.run_due(app)
    await app.queue.idle()
    await app.queue.stop()
    (edition,) = await all_editions(app)
    assert edition.state is EditionState.FINISHED
    assert len(app.mailer.taken) == 3


async def test_a_job_whose_transaction_was_rolled_back_is_not_in_line(app: App):
    class RolledBackError(Exception):
        pass

    with pytest.raises(RolledBackError):  # noqa: PT012 - the block is the transaction
        async with app.database.begin() as session:
            await app.queue.enqueue_with(session, "send_batch", [1, 2])
            raise RolledBackError
    app.queue.start(app)
    await asyncio.wait_for(app.queue.idle(), 1)
    await app.queue.stop()


async def test_a_broken_row_does_not_stop_the_others(app: App, clock: FixedClock):
    mailing_list = await a_morning(app, enabled=False)
    await publish.approve(app, mailing_list, Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE))
    (edition,) = await all_editions(app)
    await publish.start(app, edition)
    async with app.database.begin() as session:
        await batches.due_batches(session, clock.now(), 10)
    for wrong in (987, 988):
        await app.queue.enqueue("send_batch", wrong)
    app.queue.start(app)
    await app.queue.idle()
    await app.queue.stop()
    assert len(app.mailer.taken) == 3


async def test_a_test_letter_is_marked_and_outside_the_books(app: App):
    mailing_list = await a_morning(app)
    words = await publish.send_test(app, mailing_list, an_edition_content(), "Editor@mujaz.example")
    assert words == "250 2.0.0 ok"
    assert app.mailer.taken == {"editor@mujaz.example": 1}
    assert await all_editions(app) == []
    app.mailer.refuses("editor@mujaz.example", 550, "5.1.1 unknown")
    with pytest.raises(PermanentDeliveryError, match=r"5\.1\.1 unknown"):
        await publish.send_test(app, mailing_list, an_edition_content(), "editor@mujaz.example")
    with pytest.raises(NothingToSendError):
        await publish.send_test(app, mailing_list, an_edition_content(sections=()), "editor@mujaz.example")
    with pytest.raises(InputError):
        await publish.send_test(app, mailing_list, an_edition_content(), "nobody")


async def a_notice(app: App) -> int:
    mailing_list = await a_morning(app, readers=0, enabled=False)
    now = app.clock.now()
    async with app.database.begin() as session:
        person = a_subscriber(7)
        session.add(person)
        await session.flush()
        session.add(
            a_subscription(mailing_list.id, person.id, state=SubscriptionState.PENDING, requested_at=now)
        )
        notice = Notice(list_id=mailing_list.id, subscriber_id=person.id, created_at=now, next_try_at=now)
        session.add(notice)
        await session.flush()
        return notice.id


async def test_a_confirmation_is_mailed_once(app: App):
    notice = await a_notice(app)
    sent = await asyncio.gather(*(notices.send_notice(app, notice) for _ in range(3)))
    assert sorted(sent) == [False, False, True]
    assert app.mailer.taken == {"reader7@mujaz.example": 1}


async def test_a_confirmation_that_could_not_be_sent_is_tried_again(app: App, clock: FixedClock):
    notice = await a_notice(app)
    app.mailer.refuses("reader7@mujaz.example", 451, "4.3.0 later")
    assert await notices.send_notice(app, notice)
    app.mailer.accepts("reader7@mujaz.example")
    assert not await notices.send_notice(app, notice)
    clock.forward(timedelta(minutes=6))
    assert await notices.send_notice(app, notice)
    assert app.mailer.taken == {"reader7@mujaz.example": 1}


async def test_a_confirmation_to_a_server_that_is_away_waits(app: App, clock: FixedClock):
    notice = await a_notice(app)
    app.mailer.is_away()
    assert await notices.send_notice(app, notice)
    app.mailer.is_back()
    clock.forward(timedelta(minutes=6))
    assert await notices.send_notice(app, notice)
    assert app.mailer.taken == {"reader7@mujaz.example": 1}
