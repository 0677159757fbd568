"""What comes back: whose it is, what it adds up to, and what happens to the address."""

import asyncio
import smtplib
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.deliver.bounces.report import Event, Weight
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.return_path import return_path
from digest.deliver.webhooks.common import ProviderEvent
from digest.errors import InputError
from digest.model import BounceScore, Edition, EditionState, Notice, SubscriptionState
from digest.render.message.mime import edition_message_id, message_id
from digest.services import tasks
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.bounces import breaker, reports, scores
from digest.services.bounces.breaker import is_checkpoint
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from digest.services.sending.notices import send_notice
from digest.storage.audience import lists
from digest.storage.audience import subscribers as stored
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.fakes_delivery import FakeMailer, an_app, keep_an_edition
from tests.integration.deliver.test_bounce_doors import imap_server
from tests.unit.deliver.bounces.returned import OURS, complaint, returned

AMAL = "reader1@mujaz.example"
HERE = {"readers": 0}
"""Mail is read in this process, which is the same code and starts at once."""
SMALL = {"run": {"batch_size": 60}, "bounces": {"threshold": 3}, "collect": HERE}
GONE = "5.1.1 There is no such mailbox"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(embedded: Database, clock: FixedClock) -> App:
    return an_app(embedded, FakeMailer(), clock, SMALL)


@pytest.fixture
async def on_both(database: Database, clock: FixedClock) -> App:
    return an_app(database, FakeMailer(), clock, SMALL)


async def sent(app: App, readers: int = 3) -> Edition:
    """Keep an edition that was sent to so many readers."""
    edition = await keep_an_edition(app.database, readers)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    return edition


def path_of(app: App, edition_id: int, subscriber_id: int = 1) -> str:
    return return_path(edition_id, subscriber_id, app.keys.return_paths.current, "mujaz.example")


async def comes_back(app: App, edition_id: int, words: str = GONE, *, action: str = "failed") -> None:
    to = path_of(app, edition_id)
    await reports.process_mail(
        app, returned("postfix", words.split(maxsplit=1)[0], f"550 {words}", action, to=to), (to,)
    )


async def notices(app: App) -> list[Notice]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Notice))).all())


async def state_of(app: App, list_id: int) -> SubscriptionState:
    async with app.database.begin() as session:
        return (await stored.subscription(session, list_id, 1)).state


async def test_an_address_that_bounces_day_after_day_is_probed_then_disabled_until_a_person_enables_it(
    app: App, clock: FixedClock
):
    edition = await sent(app)
    for _ in range(3):
        for _ in range(4):  # a day's bounces are one point, however many they are
            await comes_back(app, edition.id)
        clock.forward(timedelta(days=1))
    (probe,) = await notices(app)
    assert probe.kind == "probe"
    assert await send_notice(app, probe.id)
    assert app.mailer.taken[AMAL] == 2
    assert (await scores.evidence(app, AMAL)).person.disabled_reason is None
    await comes_back(app, 0)  # the probe itself
    found = await scores.evidence(app, AMAL)
    assert GONE in found.person.disabled_reason
    assert [one.step for one in found.events] == ["disable", "probe", "nothing", "nothing"]
    assert {(one.weight, one.read_by, one.code) for one in found.events} == {("hard", "dsn", "5.1.1")}
    assert found.suppression is None
    assert await scores.enable(app, AMAL)
    assert not await scores.enable(app, AMAL)
    found = await scores.evidence(app, AMAL)
    assert (found.person.disabled_reason, found.score.points) == (None, 0)
    assert found.events[0].event == "enabled"
    with pytest.raises(InputError, match="Nobody has the address"):
        await scores.enable(app, "nobody@mujaz.example")


async def test_full_mailboxes_count_nothing_and_old_scores_are_forgotten(app: App, clock: FixedClock):
    edition = await sent(app)
    await comes_back(app, edition.id, "4.2.2 mailbox full", action="delayed")
    assert (await scores.evidence(app, AMAL)).score.points == 0
    await comes_back(app, edition.id)
    assert (await scores.evidence(app, AMAL)).score.points == 1
    clock.forward(timedelta(days=8))
    assert (await scores.evidence(app, AMAL)).score.points == 0
    await tasks.sweep(app)
    async with app.database.begin() as session:
        assert (await session.exec(select(BounceScore))).all() == []


async def test_who_complains_is_taken_off_every_list_and_never_mailed_again(on_both: App):
    app = on_both
    edition = await sent(app)
    to = path_of(app, edition.id)
    await reports.process_mail(app, complaint(), (to,))
    found = await scores.evidence(app, AMAL)
    assert found.suppression.reason == "complained"
    assert found.events[0].step == "suppress"
    assert await state_of(app, edition.list_id) is SubscriptionState.LEFT


async def test_a_complaint_that_anybody_could_have_written_changes_nothing(app: App):
    edition = await sent(app)
    await reports.process_mail(app, complaint(original_to=AMAL), ())
    found = await scores.evidence(app, AMAL)
    assert (found.suppression, found.person.disabled_reason) == (None, None)
    assert await state_of(app, edition.list_id) is SubscriptionState.CONFIRMED
    # With the Message-ID of a mail that only its reader got, it is believed.
    async with app.database.begin() as session:
        person = await stored.by_email(session, AMAL)
    ours = message_id(f"{edition.id}:{edition.fingerprint}", person.key, "mujaz.example")
    await reports.process_mail(app, complaint(original_to=AMAL).replace(OURS.encode(), ours.encode()), ())
    assert (await scores.evidence(app, AMAL)).suppression is not None


@pytest.mark.parametrize("shown", ["", "redacted@receiver.example"])
async def test_a_complaint_that_keeps_nothing_but_our_message_id_is_its_readers(on_both: App, shown: str):
    app = on_both
    edition = await sent(app)
    async with app.database.begin() as session:
        person = await stored.by_email(session, AMAL)
    fingerprint, own = edition.fingerprint, "mujaz.example"
    ours = edition_message_id(edition.id, fingerprint, person.id, person.key, own)
    forged = edition_message_id(edition.id, fingerprint, person.id, "another's key", own)
    for named in (forged, ours.replace(f".{person.id}@", ".4242@"), f"<{'0' * 32}.99.{person.id}@{own}>"):
        await reports.process_mail(
            app, complaint(original_to=shown).replace(OURS.encode(), named.encode()), ()
        )
        assert (await scores.evidence(app, AMAL)).suppression is None
    await reports.process_mail(app, complaint(original_to=shown).replace(OURS.encode(), ours.encode()), ())
    found = await scores.evidence(app, AMAL)
    assert found.suppression.reason == "complained"
    assert found.events[0].edition_id == edition.id
    assert await state_of(app, edition.list_id) is SubscriptionState.LEFT


async def test_bounces_that_anybody_could_have_written_lead_to_a_probe_and_no_further(
    app: App, clock: FixedClock
):
    await sent(app)
    for _ in range(8):
        await reports.process_mail(app, returned("postfix", "5.1.1", GONE, reader=AMAL), ())
        clock.forward(timedelta(days=1))
    assert [one.kind for one in await notices(app)] == ["probe"]
    assert (await scores.evidence(app, AMAL)).person.disabled_reason is None
    await comes_back(app, 0)  # the probe's return path is sealed
    assert (await scores.evidence(app, AMAL)).person.disabled_reason is not None


async def test_mail_about_nobody_of_ours_is_dropped(app: App):
    await reports.process_mail(
        app, returned("postfix", "5.1.1", GONE), ("b+7.42.0123456789abcdef@mujaz.example",)
    )
    await reports.process_mail(app, b"Subject: hello\r\n\r\nhello\r\n", ())
    to = path_of(app, 7, 4242)
    await reports.process_mail(app, returned("postfix", "5.1.1", GONE, to=to), (to,))


def a_call(at: datetime) -> ProviderEvent:
    return ProviderEvent(
        provider="postmark",
        event=Event.BOUNCE,
        weight=Weight.HARD,
        code="5.1.1",
        address=AMAL,
        message_id="",
        at=at,
        words=GONE,
    )


async def test_a_probe_that_comes_back_within_the_hour_disables(app: App, clock: FixedClock):
    await sent(app)
    for _ in range(3):
        await reports.process_provider_events(app, [a_call(clock.now())])
        if not await notices(app):
            clock.forward(timedelta(days=1))
    await comes_back(app, 0)
    assert (await scores.evidence(app, AMAL)).person.disabled_reason is not None


async def test_a_provider_s_second_call_changes_nothing(app: App):
    await sent(app)
    await reports.process_provider_events(app, [a_call(NOW), a_call(NOW)])
    found = await scores.evidence(app, AMAL)
    assert (found.score.points, len(found.events)) == (1, 1)


async def test_an_address_that_a_server_does_not_know_at_rcpt_is_suppressed_at_once(on_both: App):
    app = on_both
    app.mailer.refuses(AMAL, 550, GONE)
    app.mailer.refuses("reader2@mujaz.example", 550, "no thanks")
    app.mailer.refuses("reader3@mujaz.example", 552, "5.2.2 full")
    edition = await sent(app, 5)
    found = await scores.evidence(app, AMAL)
    assert found.suppression.reason == "no such address"
    assert (found.events[0].read_by, found.events[0].step) == ("smtp", "suppress")
    second = await scores.evidence(app, "reader2@mujaz.example")
    assert (second.score.points, second.person.disabled_reason) == (1, None)
    assert (await scores.evidence(app, "reader3@mujaz.example")).events == ()
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
    with pytest.raises(InputError, match="never be mailed"):
        await subscribers.add(app, mailing_list, AMAL)
    await reports.count_missed(app)
    assert len((await scores.evidence(app, AMAL)).events) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "5.1.1 192.0.2.1 is on our blacklist",
        "5.1.1 too many mails from you this hour",
        "5.1.1 SPF check failed",
    ],
)
async def test_a_refusal_that_is_about_us_is_not_held_against_the_address(app: App, reply: str):
    app.mailer.refuses(AMAL, 550, reply)
    await sent(app)
    found = await scores.evidence(app, AMAL)
    assert (found.suppression, found.person.disabled_reason, found.score.points) == (None, None, 0)


async def test_a_probe_that_a_server_refuses_disables(app: App, clock: FixedClock):
    edition = await sent(app)
    for _ in range(3):
        await comes_back(app, edition.id)
        clock.forward(timedelta(days=1))
    (probe,) = await notices(app)
    app.mailer.refuses(AMAL, 550, "5.2.1 disabled")
    await send_notice(app, probe.id)
    assert "5.2.1 disabled" in (await scores.evidence(app, AMAL)).person.disabled_reason
    await reports.notice_refused(app, 1, Outcome(Kind.TEMPORARY, 450, "later"))


async def test_a_stale_list_is_paused_and_nobody_is_blamed_until_a_person_resumes_it(
    on_both: App, clock: FixedClock
):
    app = on_both
    for number in range(1, 31):
        app.mailer.refuses(f"reader{number}@mujaz.example", 550, GONE)
    edition = await keep_an_edition(app.database, 180)
    await publish.start(app, edition)
    books = await deliver_edition(app, edition.id, lambda _: None)
    assert (books.bounced, books.waiting) == (30, 120)
    async with app.database.begin() as session:
        paused = await session.get(Edition, edition.id)
    assert paused.state is EditionState.PAUSED
    assert paused.held_reason == "50.0% of 60 bounced; the limit is 5.0%."
    assert (await scores.evidence(app, AMAL)).events == ()
    clock.forward(timedelta(minutes=1))
    await publish.resume(app, paused)
    assert (await deliver_edition(app, edition.id, lambda _: None)).sent == 150
    await reports.count_missed(app)
    assert (await scores.evidence(app, AMAL)).suppression is not None


async def test_complaints_pause_as_well_and_the_domain_is_named(app: App):
    people = [f"r{number}@{'gone' if number < 60 else 'fine'}.example" for number in range(400)]
    edition = await keep_an_edition(app.database, people)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    async with app.database.begin() as session:
        (await session.get(Edition, edition.id)).state = EditionState.SENDING
    for reader in (1, 2):
        await reports.process_mail(app, complaint(), (path_of(app, edition.id, reader),))
    async with app.database.begin() as session:
        paused = await session.get(Edition, edition.id)
    assert paused.state is EditionState.PAUSED
    assert "at gone.example complained" in paused.held_reason
    assert "r0@" not in paused.held_reason


def test_counting_from_the_beginning_again_and_again_stays_cheap():
    points = [position for position in range(4000) if is_checkpoint(position)]
    assert points[:17] == [*range(16), 16]
    gaps = [(after - before) / after for before, after in pairwise(points[16:])]
    assert max(gaps) <= 1 / 8
    assert sum(points) < 15 * 4000


async def test_an_edition_that_is_gone_trips_nothing(app: App):
    assert not await breaker.heed(app, 99)


async def test_the_door_of_the_settings_takes_what_came_back_to_us(embedded: Database):
    app = an_app(embedded, settings={"bounces": {"listen_port": 0}, "collect": HERE})
    edition = await sent(app)
    to = path_of(app, edition.id)
    door = reports.bounce_server(app)

    def post() -> None:
        with smtplib.LMTP("127.0.0.1", door.port) as client:
            client.sendmail("", [to], returned("gmail", "5.1.1", GONE, to=to))
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("", [to.replace("+", "+9")], b"Subject: x\r\n\r\nx\r\n")

    async with door:
        await asyncio.to_thread(post)
        await asyncio.sleep(0.01)
    assert (await scores.evidence(app, AMAL)).score.points == 1
    assert reports.bounce_server(an_app(embedded)) is None


async def test_the_mailbox_of_the_settings_is_read_as_a_task(embedded: Database):
    mails: dict[int, bytes] = {}
    async with imap_server(mails, []) as port:
        box = {
            "imap_host": "127.0.0.1",
            "imap_port": port,
            "imap_tls": False,
            "imap_username": "bounces",
            "imap_password": "hush",
        }
        app = an_app(embedded, settings={"bounces": box, "collect": HERE})
        edition = await sent(app)
        to = path_of(app, edition.id)
        mails[1] = returned("exim", "5.1.1", GONE, to=to)
        assert await tasks.collect_bounces(app, 0)
    assert (await scores.evidence(app, AMAL)).score.points == 1
    assert not await tasks.collect_bounces(an_app(embedded), 0)
