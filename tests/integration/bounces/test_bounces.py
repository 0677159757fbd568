"""What comes back: whose it is, what it adds up to, and what happens to the address."""

from datetime import timedelta

import pytest
from sqlmodel import select

from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import BounceScore, SubscriptionState
from digest.render.message.mime import edition_message_id, message_id
from digest.services import tasks
from digest.services.app import App
from digest.services.bounces import reports, scores
from digest.services.sending.notices import send_notice
from digest.storage.audience import subscribers as stored
from tests.integration.bounces.coming_back import AMAL, GONE, comes_back, notices, path_of, sent
from tests.unit.deliver.bounces.returned import OURS, complaint, returned


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
