"""Confirming by a button or by a reply, declining, and the welcome that follows."""

import asyncio
import re
import smtplib
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.deliver.mailer import whole
from digest.deliver.return_path import confirming_address, read_confirming_address, return_path
from digest.errors import InputError
from digest.model import EditionState, Notice, Subscriber, Subscription, SubscriptionState
from digest.services.app import App
from digest.services.audience import consent, subscribers
from digest.services.audience.joining.funnel import funnel
from digest.services.bounces import reports
from digest.services.sending.notices import ON_THE_WIRE, send_notice
from digest.storage.audience import lists, suppressions
from digest.storage.audience import subscribers as stored
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, an_edition, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app

AMAL = "amal@mujaz.example"
HOME, ELSEWHERE = "203.0.113.9", "198.51.100.7"
HEARS = {
    "collect": {"readers": 0},
    "bounces": {"listen_port": 0},
    "mail": {"bounce_domain": "bounces.mujaz.example"},
    "web": {"public_url": "https://news.mujaz.example"},
}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def letters() -> list[bytes]:
    return []


@pytest.fixture
async def app(database: Database, clock: FixedClock, letters: list[bytes]) -> App:
    mailer = FakeMailer()
    mailer.before_each = lambda job: letters.append(whole(job.build()))
    made = an_app(database, mailer, clock, HEARS)
    async with database.begin() as session:
        await lists.add(session, a_list(welcome=True))
    return made


async def mails(app: App) -> int:
    """Send what waits; returns how many mails that made."""
    before = sum(app.mailer.taken.values())
    async with app.database.begin() as session:
        waiting = (await session.exec(select(Notice.id).order_by(Notice.id))).all()
    for one in waiting:
        await send_notice(app, one)
    return sum(app.mailer.taken.values()) - before


async def asks(app: App, came_from: str = HOME) -> tuple[Notice, str]:
    """Send in the form and have the mail sent; returns the notice and the link's token."""
    await consent.request(app, "daily", AMAL, came_from=came_from)
    assert await mails(app) == 1
    async with app.database.begin() as session:
        notice = (await session.exec(select(Notice).order_by(Notice.id.desc()).limit(1))).one()
        person = await stored.by_id(session, notice.subscriber_id)
    return notice, app.links.confirm("daily", person.key, notice.created_at).rpartition("/")[2]


async def subscription(app: App) -> Subscription | None:
    async with app.database.begin() as session:
        return (await session.exec(select(Subscription))).first()


def reply_to(letter: bytes) -> str:
    (found,) = re.findall(rb"^Reply-To: <?([^>\r]+)>?\r$", letter, re.MULTILINE)
    return found.decode()


def an_answer(text: str, headers: str = "", sender: str = AMAL) -> bytes:
    head = f"From: <{sender}>\r\nSubject: Re: x\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n"
    return f"{head}\r\n{text}\r\n".encode()


async def test_an_answer_to_the_mail_confirms_whoever_it_says_it_is_from(app: App, letters: list[bytes]):
    await asks(app)
    to = reply_to(letters[0])
    assert to.endswith("@bounces.mujaz.example")
    async with reports.bounce_server(app) as door:  # type: ignore[union-attr]

        def post() -> None:
            with smtplib.LMTP("127.0.0.1", door.port) as client:
                forged = to.replace("c+1.", "c+2.")
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    client.sendmail(AMAL, [forged], an_answer("نعم"))
                client.sendmail(AMAL, [to], an_answer("نعم", sender="phone@mujaz.example"))

        await asyncio.to_thread(post)
    known = await subscription(app)
    assert (known.state, known.consent_from) == (SubscriptionState.CONFIRMED, HOME)
    events = (await subscribers.profile(app, AMAL)).events
    assert [(one.event, one.how, one.came_from) for one in events] == [
        ("asked", "form", HOME),
        ("confirmed", "mail", "<phone@mujaz.example>: Re: x"),
    ]
    (day,) = await funnel(app, "daily", days=2)
    assert (day.asked, day.opened, day.confirmed, day.by_reply) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    ("text", "headers", "change"),
    [
        ("نعم", "Auto-Submitted: auto-replied\r\n", ""),
        ("نعم", "X-Autoreply: yes\r\n", ""),
        ("لا، أوقفوا هذا", "", ""),
        ("شكرًا", "", ""),
        ("نعم", "", "edition"),
        ("نعم", "", "person"),
        ("نعم", "", "old"),
    ],
)
async def test_what_says_no_or_is_written_by_a_program_or_forged_confirms_nothing(
    app: App, clock: FixedClock, text: str, headers: str, change: str
):
    notice, _ = await asks(app)
    secret = app.keys.return_paths.current
    to = confirming_address(notice.id, notice.subscriber_id, secret, "b.example")
    if change == "edition":  # a reader's own return path of edition 1 is not the seal of notice 1
        to = "c" + return_path(notice.id, notice.subscriber_id, secret, "b.example")[1:]
        assert read_confirming_address(to, [secret]) is None
    if change == "person":  # a seal that is right, for a sign-up that is somebody else's
        to = confirming_address(notice.id, notice.subscriber_id + 1, secret, "b.example")
    if change == "old":
        clock.forward(timedelta(days=7, seconds=1))
    await reports.process_mail(app, an_answer(text, f"{headers}To: <{to}>\r\n"), (to,))
    assert (await subscription(app)).state is SubscriptionState.PENDING


async def test_an_answer_brings_nobody_back_who_left_after_the_mail(
    app: App, clock: FixedClock, letters: list[bytes]
):
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    clock.forward(timedelta(minutes=1))
    async with app.database.begin() as session:
        key = (await stored.by_email(session, AMAL)).key
    await consent.leave(app, "daily", app.links.unsubscribe("daily", key).rpartition("/")[2])
    to = reply_to(letters[0])
    await reports.process_mail(app, an_answer("نعم"), (to,))
    assert (await subscription(app)).state is SubscriptionState.LEFT


async def test_in_a_mailbox_the_answer_is_known_by_the_address_it_was_sent_to(app: App, letters: list[bytes]):
    await asks(app)
    await reports.process_mail(app, an_answer("yes", f"To: <{reply_to(letters[0]).upper()}>\r\n"), ())
    assert (await subscription(app)).state is SubscriptionState.CONFIRMED


async def test_where_no_mail_is_read_nobody_is_told_to_answer(database: Database, clock: FixedClock):
    kept: list[bytes] = []
    mailer = FakeMailer()
    mailer.before_each = lambda job: kept.append(whole(job.build()))
    app = an_app(database, mailer, clock)
    async with database.begin() as session:
        await lists.add(session, a_list())
    await asks(app)
    assert b"Reply-To" not in kept[0]


async def test_two_presses_at_once_confirm_once_and_greet_once(app: App, letters: list[bytes]):
    _, token = await asks(app)
    presses = [consent.confirm(app, "daily", token, came_from=one) for one in (HOME, ELSEWHERE) * 3]
    await asyncio.gather(*presses)
    events = (await subscribers.profile(app, AMAL)).events
    assert [one.event for one in events] == ["asked", "confirmed"]
    assert await mails(app) == 1
    assert await mails(app) == 0
    (day,) = await funnel(app, "daily", days=1)
    assert (day.opened, day.confirmed, day.by_page) == (1, 1, 1)


async def test_the_welcome_tells_the_latest_edition_and_can_be_left_by(app: App, letters: list[bytes]):
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, "daily")
        content = an_edition_content()
        session.add(
            an_edition(
                mailing_list.id,
                state=EditionState.FINISHED,
                content=content.model_dump(mode="json"),
                finished_at=NOW,
            )
        )
    _, token = await asks(app)
    found = await consent.confirm(app, "daily", token, came_from=HOME)
    assert await mails(app) == 1
    letter = letters[-1]
    flat = letter.replace(b"\r\n ", b" ")
    assert b"List-Unsubscribe: <" + app.links.unsubscribe("daily", found.person.key).encode() in flat
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in flat
    from email import message_from_bytes, policy

    text = message_from_bytes(letter, policy=policy.default).get_body(("plain",)).get_content()
    assert content.stories[0].headline in text.replace("\u200f", "")
    assert app.links.edition("daily", 1) in text
    assert "أول عدد" in text
    assert "بتوقيت الرياض" in text


@pytest.mark.parametrize("reason", ["complained", "removed", "no such address"])
async def test_nobody_who_must_not_be_mailed_is_greeted(app: App, reason: str):
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    async with app.database.begin() as session:
        await suppressions.suppress(session, app.keys.suppression_hash(AMAL), reason, NOW)
    assert await mails(app) == 0


async def test_a_list_that_wants_none_greets_nobody(app: App):
    async with app.database.begin() as session:
        (await lists.by_slug(session, "daily")).welcome = False
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    assert await mails(app) == 0


@pytest.mark.parametrize("crash", ["before the answer was kept", "line lost"])
async def test_a_welcome_that_may_have_arrived_is_never_sent_again(app: App, clock: FixedClock, crash: str):
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    if crash == "line lost":
        app.mailer.loses(AMAL)
        assert await mails(app) == 1
    else:
        async with app.database.begin() as session:
            waiting = (await session.exec(select(Notice).where(Notice.kind == "welcome"))).one()
            waiting.reply, waiting.attempts = ON_THE_WIRE, 1
    clock.forward(timedelta(hours=1))
    assert await mails(app) == 0
    async with app.database.begin() as session:
        notice = (await session.exec(select(Notice).where(Notice.kind == "welcome"))).one()
    assert (notice.sent_at, notice.next_try_at) == (None, None)


async def test_a_welcome_that_no_server_heard_of_is_sent_when_one_does(app: App, clock: FixedClock):
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    app.mailer.is_away()
    assert await mails(app) == 0
    app.mailer.is_back()
    clock.forward(timedelta(minutes=6))
    assert await mails(app) == 1


async def test_who_says_that_they_did_not_ask_is_forgotten_at_once(app: App):
    _, token = await asks(app)
    await consent.decline(app, "daily", token, came_from=ELSEWHERE)
    async with app.database.begin() as session:
        assert (await session.exec(select(Subscriber))).all() == []
    with pytest.raises(InputError):
        await consent.confirm(app, "daily", token, came_from=HOME)
    (day,) = await funnel(app, "daily", days=1)
    assert (day.asked, day.opened, day.declined, day.confirmed) == (1, 1, 1, 0)


async def test_a_subscriber_is_not_dropped_by_declining(app: App):
    _, token = await asks(app)
    await consent.confirm(app, "daily", token, came_from=HOME)
    await consent.decline(app, "daily", token, came_from=ELSEWHERE)
    assert (await subscription(app)).state is SubscriptionState.CONFIRMED


async def test_where_a_sign_up_came_from_stays_beside_where_it_was_confirmed(app: App, clock: FixedClock):
    _, token = await asks(app, HOME)
    await consent.confirm(app, "daily", token, came_from=ELSEWHERE, page="/l/daily/confirm", words="نعم [زر]")
    known = await subscription(app)
    assert known.consent_from == HOME
    asked, confirmed = (await subscribers.profile(app, AMAL)).events
    assert (asked.came_from, confirmed.came_from, confirmed.page) == (HOME, ELSEWHERE, "/l/daily/confirm")
    assert len(confirmed.text_key) == 16
