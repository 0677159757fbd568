"""A probe that comes back, and what a server refuses at RCPT."""

from datetime import datetime, timedelta

import pytest

from digest.clock import FixedClock
from digest.deliver.bounces.report import Event, Weight
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.webhooks.common import ProviderEvent
from digest.errors import InputError
from digest.services.app import App
from digest.services.audience import subscribers
from digest.services.bounces import reports, scores
from digest.services.sending.notices import send_notice
from digest.storage.audience import lists
from tests.builders import NOW
from tests.integration.bounces.coming_back import AMAL, GONE, comes_back, notices, sent


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
