"""Send single mails: confirmations of sign-ups, probes of bouncing addresses."""

from datetime import timedelta

import structlog

from digest.deliver import policy
from digest.deliver.mailer import Job, send_one
from digest.deliver.outcome import Kind
from digest.errors import DeliveryError
from digest.model import MailingList, Notice, Subscriber, Subscription
from digest.model.people.eligibility import may_receive
from digest.model.rows import row_id
from digest.render.message.mime import prepare
from digest.render.notice import render_notice
from digest.services.app import App
from digest.services.audience.returning import yields
from digest.services.bounces import reports as bounces
from digest.services.bounces.scores import PROBE
from digest.services.mail_jobs import notice_job
from digest.services.sending.patience import through_outages
from digest.storage.audience import lists, subscribers

log = structlog.get_logger()

LIFE = timedelta(hours=24)


async def send_notice(app: App, notice_id: int) -> bool:
    """Send a notice that waits. False when there is nothing to do; a refusal is recorded and tried again, or
    not.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        # Taken by moving its next try ahead: a second worker finds nothing due, a crash tries again later.
        notice = await subscribers.take_notice(session, notice_id, now, timedelta(minutes=5))
        if notice is None:
            return False
        mailing_list = await lists.by_id(session, notice.list_id)
        person = await subscribers.by_id(session, notice.subscriber_id)
        subscription = await subscribers.subscription(session, notice.list_id, notice.subscriber_id)
        hashes = app.keys.suppression_hashes(person.email) if person else ()
        banned = await subscribers.suppression_of(session, hashes)
    if (
        mailing_list is None
        or person is None
        or subscription is None
        or (person.sample and app.settings.mail.all_servers)
        # Who may come back by the button in the mail must get the mail.
        or (banned is not None and not (notice.kind == "confirm" and yields(banned.reason)))
        or not _is_needed(notice, person, subscription)
    ):
        async with app.database.begin() as session:
            await subscribers.settle_notice(
                session, notice_id, sent_at=None, next_try_at=None, reply="not needed"
            )
        return True
    try:
        outcome = await send_one(app.mailer, _job(app, notice, mailing_list, person))
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
    # What the server took is not forgotten: else it would be mailed again.
    await through_outages(
        app,
        lambda: app.database.at_once(
            subscribers.settle_notice,
            notice_id,
            sent_at=now if outcome.kind is Kind.ACCEPTED else None,
            next_try_at=verdict.next_try_at,
            reply=f"{outcome.code or ''} {outcome.reply}".strip(),
        ),
    )
    await bounces.notice_refused(app, row_id(person), outcome)
    return True


def _is_needed(notice: Notice, person: Subscriber, subscription: Subscription) -> bool:
    """A probe goes to who is mailed, a confirmation to who is not."""
    is_mailed = may_receive(subscription, person, suppressed=False) is None
    return is_mailed if notice.kind == PROBE else not is_mailed


def _job(app: App, notice: Notice, mailing_list: MailingList, person: Subscriber) -> Job:
    links = app.links
    mail_style = app.renderer.mail_style(mailing_list, 0)
    leads_to = (
        links.preferences(mailing_list.slug, person.key)
        if notice.kind == PROBE
        else links.confirm(mailing_list.slug, person.key, notice.created_at)
    )
    rendered = render_notice(notice.kind, mail_style, action_url=leads_to, now=app.clock.now())
    prepared = prepare(rendered, app.renderer.head(mailing_list, 0, notice.created_at), notice=True)
    return notice_job(app, mailing_list, person, prepared, f"notice:{notice.id}")
