"""Asking, confirming, leaving and coming back: a link is used up, a mailbox is asked seldom, evidence
stays.
"""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import func, select

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import Edition, MailingList, Notice, Signup, Subscriber, Subscription, SubscriptionState
from digest.services.app import App
from digest.services.audience import consent, sample_readers, signups, subscribers
from digest.services.audience.admin import erasing
from digest.services.audience.returning import mailbox
from digest.services.bounces import scores
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.services.sending.deliveries import balance
from digest.services.sending.notices import send_notice
from digest.storage.audience import lists, suppressions
from digest.storage.audience import subscribers as stored
from digest.storage.database.engine import Database
from tests.builders import a_list
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition

AMAL = "amal@mujaz.example"
HOME = "203.0.113.9"
STRANGER = "198.51.100.7"


async def asks(app: App, address: str = AMAL, slug: str = "daily", came_from: str = HOME) -> str | None:
    """Send in the form; returns the token of the confirmation that is mailed, or None."""
    before = await notices(app)
    await consent.request(app, slug, address, came_from=came_from)
    if await notices(app) == before:
        return None
    async with app.database.begin() as session:
        latest = (await session.exec(select(Notice).order_by(Notice.id.desc()).limit(1))).one()
        person = await stored.by_id(session, latest.subscriber_id)
    return app.links.confirm(slug, person.key, latest.created_at).rpartition("/")[2]


async def notices(app: App) -> int:
    async with app.database.begin() as session:
        return (await session.exec(select(func.count()).select_from(Notice))).one()


async def leaves(app: App) -> None:
    async with app.database.begin() as session:
        key = (await stored.by_email(session, AMAL)).key
    await consent.leave(app, "daily", app.links.unsubscribe("daily", key).rpartition("/")[2])


async def wish(app: App) -> Subscription:
    async with app.database.begin() as session:
        return (await session.exec(select(Subscription))).one()


@pytest.mark.red("confirm-after-leaving")
@pytest.mark.usefixtures("mailing_list")
@pytest.mark.parametrize("minutes", [0, 5])
async def test_an_old_confirmation_link_never_takes_back_who_left(app: App, clock: FixedClock, minutes: int):
    old = await asks(app)
    await consent.confirm(app, "daily", old, came_from=HOME)
    clock.forward(timedelta(minutes=minutes))
    await leaves(app)
    with pytest.raises(InputError, match="used up"):
        await consent.confirm(app, "daily", old, came_from=HOME)
    with pytest.raises(InputError, match="used up"):
        await consent.confirmable(app, "daily", old)
    assert (await wish(app)).state is SubscriptionState.LEFT
    clock.forward(timedelta(seconds=2))
    new = await asks(app)
    with pytest.raises(InputError, match="used up"):
        await consent.confirm(app, "daily", old, came_from=HOME)
    await consent.confirm(app, "daily", new, came_from=HOME)
    assert (await wish(app)).state is SubscriptionState.CONFIRMED


@pytest.mark.usefixtures("mailing_list")
async def test_who_left_comes_back_the_same_day_and_is_asked_once(app: App, clock: FixedClock):
    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    for _ in range(3):
        clock.forward(timedelta(minutes=1))
        await leaves(app)
        assert await asks(app) is not None
        assert await asks(app) is None


@pytest.mark.usefixtures("mailing_list")
async def test_who_was_erased_comes_back_by_the_own_button_only(app: App, clock: FixedClock):
    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    await erasing.forget(app, AMAL)
    clock.forward(timedelta(minutes=1))
    token = await asks(app)
    hashed = app.keys.suppression_hash(AMAL)
    async with app.database.begin() as session:
        assert await suppressions.suppression_of(session, [hashed]) is not None
    await consent.confirm(app, "daily", token, came_from=HOME)
    async with app.database.begin() as session:
        assert await suppressions.suppression_of(session, [hashed]) is None


@pytest.mark.parametrize(
    ("reason", "comes_back"),
    [
        ("no such address", True),
        ("imported: bounced", True),
        ("complained", False),
        ("imported: blocked", False),
    ],
)
@pytest.mark.usefixtures("mailing_list")
async def test_a_suppression_yields_to_its_owner_unless_it_is_a_complaint_or_a_block(
    app: App, clock: FixedClock, reason: str, comes_back: bool
):
    hashed = app.keys.suppression_hash(AMAL)
    async with app.database.begin() as session:
        await suppressions.suppress(session, hashed, reason, clock.now())
    clock.forward(timedelta(minutes=1))
    token = await asks(app)
    assert (token is not None) is comes_back
    if token:
        await consent.confirm(app, "daily", token, came_from=HOME)
    async with app.database.begin() as session:
        assert (await suppressions.suppression_of(session, [hashed]) is None) is comes_back


@pytest.mark.usefixtures("mailing_list")
async def test_a_hard_bounced_person_who_confirms_anew_is_mailed_again_within_the_second(
    app: App, clock: FixedClock
):
    from digest.deliver.bounces.report import BounceReport, Event, Weight

    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    async with app.database.begin() as session:
        person = await stored.by_email(session, AMAL)
        report = BounceReport(
            event=Event.BOUNCE, weight=Weight.HARD, code="5.1.1", words="550 none", address="", read_by="smtp"
        )
        await scores.apply_report(
            app,
            session,
            scores.AttributedReport(subscriber_id=person.id, report=report, at=clock.now(), at_rcpt=True),
        )
    assert (await scores.evidence(app, AMAL)).person.disabled_reason
    clock.forward(timedelta(milliseconds=300))
    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    found = await scores.evidence(app, AMAL)
    assert (found.person.disabled_reason, found.suppression) == (None, None)


@pytest.mark.red("sign-up-flood")
async def test_one_mailbox_is_asked_once_a_day_whatever_its_spelling_and_the_list(
    app: App, mailing_list: MailingList, clock: FixedClock
):
    async with app.database.begin() as session:
        await lists.add(session, a_list(slug="other"))
    spellings = ["amal.b@gmail.com", "a.malb@gmail.com", "amalb+x@gmail.com", "am.alb+news@googlemail.com"]
    tokens = [await asks(app, one, slug) for one in spellings for slug in ("daily", "other")]
    assert [token is not None for token in tokens] == [True] + [False] * 7
    for day in range(4):
        clock.forward(timedelta(hours=25))
        assert (await asks(app, spellings[0]) is not None) is (day < 2), day
    assert mailbox("a.b+c@outlook.com") == "a.b@outlook.com"


@pytest.mark.red("sign-up-flood")
@pytest.mark.usefixtures("mailing_list")
async def test_a_strangers_sign_up_rewrites_nobodys_evidence(app: App, clock: FixedClock):
    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    await leaves(app)
    before = await wish(app)
    clock.forward(timedelta(hours=30))
    await asks(app, came_from=STRANGER)
    after = await wish(app)
    for name in ("state", "requested_at", "confirmed_at", "left_at", "consent_how", "consent_from"):
        assert getattr(after, name) == getattr(before, name), name
    events = (await subscribers.profile(app, AMAL)).events
    assert [(one.event, one.came_from) for one in events] == [
        ("asked", HOME),
        ("confirmed", HOME),
        ("left", ""),
        ("asked", STRANGER),
    ]


@pytest.mark.red("signup-timing")
@pytest.mark.usefixtures("mailing_list")
async def test_the_form_writes_the_same_for_everybody_and_looks_at_nobody(app: App):
    await consent.confirm(app, "daily", await asks(app), came_from=HOME)
    for address in (AMAL, "new@mujaz.example"):
        await signups.take(app, "daily", address, came_from=HOME)
    async with app.database.begin() as session:
        assert len((await session.exec(select(Signup))).all()) == 2
        assert await stored.by_email(session, "new@mujaz.example") is None
    assert await signups.settle(app) == 2
    assert await signups.settle(app) == 0


@pytest.mark.red("parallel-signup")
@pytest.mark.usefixtures("mailing_list")
async def test_parallel_sign_ups_of_one_address_all_succeed_and_make_one_mail(app: App):
    posts = [signups.take(app, "daily", f"r{n % 5}@mujaz.example", came_from=HOME) for n in range(60)]
    await asyncio.gather(*posts, *(signups.settle(app) for _ in range(4)))
    await asyncio.gather(*(signups.settle(app) for _ in range(4)))
    assert await notices(app) == 5
    async with app.database.begin() as session:
        assert (await session.exec(select(func.count()).select_from(Subscriber))).one() == 5
        assert (await session.exec(select(func.count()).select_from(Signup))).one() == 0


REAL = {"mail": {"host": "smtp.mujaz.example"}}


async def test_sample_readers_never_get_real_mail_whatever_is_set(database: Database, clock: FixedClock):
    app = an_app(database, FakeMailer(), clock)
    edition: Edition = await keep_an_edition(database, 2)
    async with database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
    await subscribers.add(app, mailing_list, "sample@mujaz.example", name="عيّنة", how="sample")
    real = an_app(database, FakeMailer(), clock, REAL)
    assert (await sample_readers.reminder(real)).startswith("1 sample reader")
    assert await sample_readers.reminder(app) == ""
    await publish.start(real, edition)
    await deliver_edition(real, edition.id, lambda _: None)
    assert "sample@mujaz.example" not in real.mailer.taken
    books = await balance(real, edition.id)
    assert (books.sent, dict(books.skipped), books.holds) == (2, {"sample": 1}, True)
    async with database.begin() as session:
        person = await stored.by_email(session, "sample@mujaz.example")
        person.disabled_reason = "x"
        session.add(person)
        await stored.add_notice(
            session,
            Notice(
                list_id=mailing_list.id,
                subscriber_id=person.id,
                created_at=clock.now(),
                next_try_at=clock.now(),
            ),
        )
        waiting = (await session.exec(select(Notice.id))).one()
    await send_notice(real, waiting)
    assert "sample@mujaz.example" not in real.mailer.taken
    assert await sample_readers.remove(real) == 1
    assert await sample_readers.reminder(real) == ""


@pytest.mark.red("erasure")
async def test_an_erased_address_is_in_none_of_the_files(embedded: Database, clock: FixedClock):
    app = an_app(embedded, FakeMailer(), clock)
    async with embedded.begin() as session:
        mailing_list = await lists.add(session, a_list())
    for number in range(300):
        await subscribers.add(app, mailing_list, f"reader{number}@mujaz.example", name="x" * 40)
    await consent.request(app, "daily", "erase.me@mujaz.example", came_from=HOME)
    await erasing.forget(app, "erase.me@mujaz.example")
    from pathlib import Path

    folder = Path(embedded.url.removeprefix("sqlite:///")).parent
    held = [file.name for file in folder.iterdir() if b"erase.me" in file.read_bytes()]
    assert held == []
