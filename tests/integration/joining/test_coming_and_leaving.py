"""Who was stopped comes back by the form, and who wants to leave may do it by mail."""

import asyncio
import re
import smtplib
from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.deliver.mailer import whole
from digest.deliver.return_path import leaving_address, return_path
from digest.errors import InputError
from digest.model import Edition, Notice, SubscriptionState
from digest.services.app import App
from digest.services.audience import consent
from digest.services.bounces import reports, scores
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.services.sending.notices import send_notice
from digest.storage.audience import lists
from digest.storage.audience import subscribers as stored
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.unit.deliver.bounces.returned import complaint, returned

AMAL = "reader1@mujaz.example"
DOOR = {
    "collect": {"readers": 0},
    "bounces": {"threshold": 1, "listen_port": 0},
    "mail": {"bounce_domain": "bounces.mujaz.example"},
}


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def app(embedded: Database, clock: FixedClock) -> App:
    return an_app(embedded, FakeMailer(), clock, DOOR)


@pytest.fixture
def on_both(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, DOOR)


async def sent(app: App, messages: dict[str, bytes] | None = None) -> Edition:
    """Send an edition to two readers, keeping the messages."""
    kept = {} if messages is None else messages
    app.mailer.before_each = lambda job: kept.update({job.recipient: whole(job.build())})
    edition = await keep_an_edition(app.database, 2)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    return edition


async def disabled(app: App, clock: FixedClock, edition: Edition) -> None:
    """Let Amal's mail bounce until it is stopped."""
    for edition_id in (edition.id, 0):  # the edition, then the probe
        to = return_path(edition_id, 1, app.keys.return_paths.current, "bounces.mujaz.example")
        await reports.process_mail(app, returned("postfix", "5.1.1", "550 5.1.1 none", to=to), (to,))
    clock.forward(timedelta(minutes=1))
    assert (await scores.evidence(app, AMAL)).person.disabled_reason is not None


async def confirmation(app: App, slug: str) -> str:
    """Ask by the form and return the token of the mail that comes."""
    await consent.request(app, slug, AMAL, came_from="203.0.113.9")
    async with app.database.begin() as session:
        asked = (await session.exec(select(Notice).where(Notice.kind == "confirm"))).all()
    assert asked
    assert await send_notice(app, asked[-1].id)
    return app.links.confirm(slug, (await person(app)).key, asked[-1].created_at).rpartition("/")[2]


async def person(app: App):
    async with app.database.begin() as session:
        return await stored.by_email(session, AMAL)


async def slug_of(app: App, edition: Edition) -> str:
    async with app.database.begin() as session:
        return (await lists.by_id(session, edition.list_id)).slug


async def state(app: App, edition: Edition) -> SubscriptionState:
    async with app.database.begin() as session:
        return (await stored.subscription(session, edition.list_id, 1)).state


async def test_who_was_stopped_by_bounces_is_mailed_again_after_confirming(on_both: App, clock: FixedClock):
    app = on_both
    edition = await sent(app)
    await disabled(app, clock, edition)
    slug = await slug_of(app, edition)
    token = await confirmation(app, slug)
    assert app.mailer.taken[AMAL] == 2
    assert (await person(app)).disabled_reason is not None  # asking alone proves nothing
    await consent.confirm(app, slug, token, came_from="203.0.113.9")
    found = await scores.evidence(app, AMAL)
    assert (found.person.disabled_reason, found.score.points) == (None, 0)
    assert (found.events[0].event, found.events[0].read_by) == ("enabled", "its owner")
    assert "203.0.113.9" in found.events[0].words
    assert "bounced again and again" in found.events[0].words
    await consent.confirm(app, slug, token, came_from="203.0.113.9")
    assert len((await scores.evidence(app, AMAL)).events) == len(found.events)


async def test_a_link_from_before_the_bounces_brings_nobody_back(app: App, clock: FixedClock):
    edition = await sent(app)
    slug = await slug_of(app, edition)
    old = app.links.confirm(slug, (await person(app)).key, clock.now()).rpartition("/")[2]
    await disabled(app, clock, edition)
    await consent.confirm(app, slug, old, came_from="")
    assert (await person(app)).disabled_reason is not None


async def test_who_complained_is_never_mailed_again_whatever_is_pressed(app: App, clock: FixedClock):
    edition = await sent(app)
    slug = await slug_of(app, edition)
    to = return_path(edition.id, 1, app.keys.return_paths.current, "bounces.mujaz.example")
    await reports.process_mail(app, complaint(), (to,))
    clock.forward(timedelta(minutes=1))
    await consent.request(app, slug, AMAL, came_from="")
    async with app.database.begin() as session:
        assert (await session.exec(select(Notice))).all() == []
    made = app.links.confirm(slug, (await person(app)).key, clock.now()).rpartition("/")[2]
    with pytest.raises(InputError, match="used up"):
        await consent.confirm(app, slug, made, came_from="")
    assert (await person(app)).disabled_reason is not None


def a_farewell(headers: str = "", subject: str = "unsubscribe") -> bytes:
    return f"From: Amal <{AMAL}>\r\nSubject: {subject}\r\n{headers}\r\n\r\n".encode()


async def test_the_address_in_the_mail_lets_its_reader_leave_by_mail(on_both: App):
    app = on_both
    messages: dict[str, bytes] = {}
    edition = await sent(app, messages)
    (to,) = re.findall(rb"<mailto:([^?>]+)\?subject=unsubscribe>", messages[AMAL].replace(b"\r\n ", b" "))
    assert to.endswith(b"@bounces.mujaz.example")
    async with reports.bounce_server(app) as door:  # type: ignore[union-attr]

        def post() -> str:
            with smtplib.LMTP("127.0.0.1", door.port) as client:
                client.sendmail(AMAL, [to.decode()], a_farewell())
                forged = to.decode().replace("u+", "u+1")
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    client.sendmail(AMAL, [forged], a_farewell())
                return client.ehlo()[1].decode().splitlines()[0]

        assert await asyncio.to_thread(post) == "bounces.mujaz.example"
        await asyncio.sleep(0.01)
    assert await state(app, edition) is SubscriptionState.LEFT
    (kept,) = (await scores.evidence(app, AMAL)).events
    assert (kept.event, kept.read_by, kept.words) == ("left", "mail", f"Amal <{AMAL}>: unsubscribe")
    await reports.process_mail(app, a_farewell(), (to.decode(),))
    assert len((await scores.evidence(app, AMAL)).events) == 1


async def test_a_farewell_in_the_mailbox_is_known_by_its_header(app: App):
    edition = await sent(app)
    to = leaving_address(return_path(edition.id, 1, app.keys.return_paths.current, "bounces.mujaz.example"))
    await reports.process_mail(app, a_farewell(f"To: <{to.upper()}>\r\n"), ())
    assert await state(app, edition) is SubscriptionState.LEFT


@pytest.mark.parametrize(
    ("headers", "subject", "change"),
    [
        ("Auto-Submitted: auto-replied\r\n", "unsubscribe", ""),
        ("", "Out of office", ""),
        ("", "رد تلقائي: خارج المكتب", ""),
        ("Content-Type: multipart/report; boundary=x\r\n", "unsubscribe", ""),
        ("", "unsubscribe", "seal"),
        ("", "unsubscribe", "edition"),
        ("", "unsubscribe", "bounce"),
    ],
)
async def test_what_is_forged_or_written_by_a_program_ends_no_subscription(
    app: App, headers: str, subject: str, change: str
):
    edition = await sent(app)
    path = return_path(
        99 if change == "edition" else edition.id, 1, app.keys.return_paths.current, "b.example"
    )
    to = path if change == "bounce" else leaving_address(path)
    if change == "seal":
        to = leaving_address(return_path(edition.id, 1, b"another key", "b.example"))
    await reports.process_mail(app, a_farewell(f"{headers}To: {to}\r\n", subject), (to,))
    assert await state(app, edition) is SubscriptionState.CONFIRMED
    assert (await scores.evidence(app, AMAL)).events == ()


async def test_where_no_mail_is_read_the_address_to_leave_by_is_the_senders(embedded: Database):
    app = an_app(embedded, FakeMailer(), FixedClock(NOW))
    messages: dict[str, bytes] = {}
    await sent(app, messages)
    header = messages[AMAL].replace(b"\r\n ", b" ")
    assert b"<mailto:digest@mujaz.example?subject=unsubscribe>" in header
