"""Single mails to one person: the confirmation of a wish to subscribe, the probe of an address that bounces."""

from datetime import timedelta

import structlog

from digest.deliver import policy
from digest.deliver.mailer import Job, send_one
from digest.deliver.outcome import Kind
from digest.deliver.return_path import return_path
from digest.errors import DeliveryError
from digest.model import MailingList, Notice, Subscriber, Subscription, SubscriptionState
from digest.render.message.mime import Recipient, message_id, prepare
from digest.render.notice import render_notice
from digest.services.app import App
from digest.services.bounces import reports as bounces
from digest.services.bounces.scores import PROBE
from digest.services.sending.signing import built
from digest.storage import lists, subscribers

log = structlog.get_logger()

LIFE = timedelta(hours=24)


async def send_notice(app: App, notice_id: int) -> bool:
    """Send a notice that waits. False when there is nothing to do; a refusal is recorded and tried again, or not."""
    now = app.clock.now()
    async with app.database.begin() as session:
        # Taken by moving its next try ahead: a second worker finds nothing due, a crash tries again later.
        notice = await subscribers.take_notice(session, notice_id, now, timedelta(minutes=5))
        if notice is None:
            return False
        mailing = await lists.by_id(session, notice.list_id)
        person = await subscribers.by_id(session, notice.subscriber_id)
        wish = await subscribers.subscription(session, notice.list_id, notice.subscriber_id)
    if (
        mailing is None
        or person is None
        or wish is None
        or (person.sample and app.settings.mail.all_servers)
        or not _is_needed(notice, person, wish)
    ):
        async with app.database.begin() as session:
            await subscribers.settle_notice(
                session, notice_id, sent_at=None, next_try_at=None, reply="not needed"
            )
        return True
    try:
        outcome = await send_one(app.mailer, _job(app, notice, mailing, person))
    except DeliveryError as error:
        log.warning("notice.waits", notice=notice.id, reason=str(error))
        return True
    verdict = policy.after(
        outcome,
        attempts=notice.attempts,
        now=now,
        deadline=notice.created_at + LIFE,
        waits=[timedelta(minutes=minutes) for minutes in app.settings.mail.retry_minutes],
        jitter=app.random(),
    )
    async with app.database.begin() as session:
        await subscribers.settle_notice(
            session,
            notice_id,
            sent_at=now if outcome.kind is Kind.ACCEPTED else None,
            next_try_at=verdict.next_try_at,
            reply=f"{outcome.code or ''} {outcome.reply}".strip(),
        )
    await bounces.notice_refused(app, person.id or 0, outcome)
    return True


def _is_needed(notice: Notice, person: Subscriber, wish: Subscription) -> bool:
    reads = wish.state is SubscriptionState.CONFIRMED
    if notice.kind == PROBE:
        return reads and person.disabled_reason is None
    return not reads or person.disabled_reason is not None


def _job(app: App, notice: Notice, mailing: MailingList, person: Subscriber) -> Job:
    links = app.links
    look = app.press.look(mailing, 0)
    leads_to = (
        links.preferences(mailing.slug, person.key)
        if notice.kind == PROBE
        else links.confirm(mailing.slug, person.key, notice.created_at)
    )
    rendered = render_notice(notice.kind, look, action_url=leads_to, now=app.clock.now())
    prepared = prepare(rendered, app.press.head(mailing, 0, notice.created_at), notice=True)
    domain = app.press.domain(mailing)
    recipient = Recipient(
        email=person.email,
        name="",
        message_id=message_id(f"notice:{notice.id}", person.key, domain),
        unsubscribe_url=links.archive(mailing.slug),
        unsubscribe_mailto=look.from_address,
        preferences_url=links.archive(mailing.slug),
    )
    return Job(
        subscriber_id=person.id or 0,
        # Edition 0: what comes back to this return path is no edition, and may be a probe.
        sender=return_path(0, person.id or 0, links.secret, app.settings.mail.bounce_domain or domain),
        recipient=person.email,
        build=lambda: built(app, prepared, recipient),
    )
