"""Single mails to one person: the confirmation of a wish to subscribe."""

from datetime import timedelta

import structlog

from digest.deliver import policy
from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind
from digest.errors import DeliveryError
from digest.model import SubscriptionState
from digest.render.mime import Recipient, message_id, prepare
from digest.render.notice import render_notice
from digest.services.app import App
from digest.services.editions import send_one
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
    if mailing is None or person is None or wish is None or wish.state is SubscriptionState.CONFIRMED:
        async with app.database.begin() as session:
            await subscribers.settle_notice(
                session, notice_id, sent_at=None, next_try_at=None, reply="not needed"
            )
        return True
    look = app.press.look(mailing, 0)
    confirm_url = app.links.confirm(mailing.slug, person.key, wish.requested_at)
    rendered = render_notice(notice.kind, look, confirm_url=confirm_url, now=now)
    prepared = prepare(rendered, app.press.head(mailing, 0, notice.created_at), notice=True)
    recipient = Recipient(
        email=person.email,
        name="",
        message_id=message_id(f"notice:{notice.id}", person.key, app.press.domain(mailing)),
        unsubscribe_url=app.links.archive(mailing.slug),
        unsubscribe_mailto=look.from_address,
        preferences_url=app.links.archive(mailing.slug),
    )
    job = Job(
        subscriber_id=person.id or 0,
        sender=look.from_address,
        recipient=person.email,
        build=lambda: prepared.build(recipient),
    )
    try:
        outcome = await send_one(app, job)
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
    return True
