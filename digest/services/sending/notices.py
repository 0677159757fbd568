"""Send single mails: confirmations of sign-ups, welcomes, probes of bouncing addresses."""

from dataclasses import replace
from datetime import timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.deliver import policy
from digest.deliver.mailer import Job, send_one
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.return_path import confirming_address
from digest.errors import DeliveryError
from digest.model import MailingList, Notice, NoticeKind, Subscriber, Subscription
from digest.model.people.eligibility import may_receive
from digest.model.rows import row_id
from digest.render.message.mime import prepare
from digest.render.notice import NOTHING_MORE, NoticeContent, render_notice
from digest.services.app import App
from digest.services.audience.choices.first_delivery import first_delivery
from digest.services.audience.choices.rules import Preferences
from digest.services.audience.joining.latest import latest_edition
from digest.services.audience.returning import yields
from digest.services.bounces import reports
from digest.services.mail_jobs import notice_job
from digest.services.sending.patience import through_outages
from digest.storage.audience import address_changes, lists, subscribers, suppressions

log = structlog.get_logger()

LIFE = timedelta(hours=24)
ON_THE_WIRE = "on the wire"
"""What is noted of a welcome before a server hears of it: who finds that later does not know whether it was
taken.
"""


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
        if notice.kind == NoticeKind.ADDRESS:
            person = await _at_new_address(session, person)
        hashes = app.keys.suppression_hashes(person.email) if person else ()
        banned = await suppressions.suppression_of(session, hashes)
        in_doubt = notice.kind == NoticeKind.WELCOME and notice.reply == ON_THE_WIRE
        if notice.kind == NoticeKind.WELCOME and not in_doubt:
            notice.reply = ON_THE_WIRE
    if in_doubt:
        # Nobody needs a second welcome; a confirmation that may be lost is sent again, or nobody could join.
        await _give_up(app, notice_id, "in doubt: the process ended before the server's answer was kept")
        return True
    if (
        mailing_list is None
        or person is None
        or subscription is None
        or (person.sample and app.settings.mail.all_servers)
        # Who may come back by the button in the mail must get the mail.
        or (banned is not None and not (notice.kind == NoticeKind.CONFIRM and yields(banned.reason)))
        or not _is_needed(notice, person, subscription)
    ):
        await _give_up(app, notice_id, "not needed")
        return True
    try:
        content = await _content(app, notice, mailing_list, person, subscription)
        job = _job(app, notice, mailing_list, person, content)
        outcome = await send_one(app.mailer, job)
    except DeliveryError as error:
        log.warning("notice.waits", notice=notice.id, reason=str(error))
        await _keep_waiting(app, notice)
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
            next_try_at=None if _may_be_there(notice, outcome) else verdict.next_try_at,
            reply=outcome.answer,
        ),
    )
    if notice.kind != NoticeKind.ADDRESS:  # what a new address refuses says nothing of the one that there is
        await reports.notice_refused(app, row_id(person), outcome)
    return True


def _may_be_there(notice: Notice, outcome: Outcome) -> bool:
    """Say whether a welcome may have been taken, although nobody said so: then it is not sent again."""
    return notice.kind == NoticeKind.WELCOME and outcome.kind is Kind.LOST


async def _at_new_address(session: AsyncSession, person: Subscriber | None) -> Subscriber | None:
    """Return a person as of the address that they asked for; None: nobody asks for one any more."""
    change = await address_changes.of_subscriber(session, row_id(person)) if person else None
    if person is None or change is None:
        return None
    return Subscriber(
        id=person.id, email=change.email, key=change.key, sample=person.sample, created_at=person.created_at
    )


def _is_needed(notice: Notice, person: Subscriber, subscription: Subscription) -> bool:
    """A probe and a welcome go to who is mailed, a confirmation to who is not."""
    if notice.kind == NoticeKind.ADDRESS:
        return True
    is_mailed = may_receive(subscription, person, suppressed=False) is None
    return is_mailed if notice.kind in {NoticeKind.PROBE, NoticeKind.WELCOME} else not is_mailed


async def _give_up(app: App, notice_id: int, reply: str) -> None:
    async with app.database.begin() as session:
        await subscribers.settle_notice(session, notice_id, sent_at=None, next_try_at=None, reply=reply)


async def _keep_waiting(app: App, notice: Notice) -> None:
    """Note that no server heard of a welcome, so that its next try is no second one."""
    if notice.kind == NoticeKind.WELCOME:
        async with app.database.begin() as session:
            await subscribers.settle_notice(
                session, row_id(notice), sent_at=None, next_try_at=notice.next_try_at, reply="no server"
            )


async def _content(
    app: App, notice: Notice, mailing_list: MailingList, person: Subscriber, subscription: Subscription
) -> tuple[str, NoticeContent]:
    """Return where a notice leads, and what it says besides its fixed words."""
    links, slug = app.links, mailing_list.slug
    first_at = first_delivery(mailing_list, app.clock.now(), Preferences.of(subscription))
    if notice.kind == NoticeKind.WELCOME:
        latest = await latest_edition(app, mailing_list)
        greeting = NoticeContent(
            first_at=first_at,
            headlines=latest.headlines if latest else (),
            preferences_url=links.preferences(slug, person.key),
            leave_url=links.unsubscribe(slug, person.key),
        )
        return (links.edition(slug, latest.number) if latest and mailing_list.public else ""), greeting
    if notice.kind == NoticeKind.PROBE:
        return links.preferences(slug, person.key), NOTHING_MORE
    if notice.kind == NoticeKind.ADDRESS:
        return links.address(slug, person.key, notice.created_at), NOTHING_MORE
    asks = NoticeContent(first_at=first_at, by_reply=app.settings.bounces.hears_mail)
    return links.confirm(slug, person.key, notice.created_at), asks


def _job(
    app: App,
    notice: Notice,
    mailing_list: MailingList,
    person: Subscriber,
    leads: tuple[str, NoticeContent],
) -> Job:
    mail_style = app.renderer.mail_style(mailing_list, 0)
    leads_to, content = leads
    rendered = render_notice(
        notice.kind, mail_style, action_url=leads_to, now=app.clock.now(), content=content
    )
    head = app.renderer.head(mailing_list, 0, notice.created_at)
    if content.by_reply:
        back_to = app.settings.mail.bounce_domain or app.renderer.domain(mailing_list)
        sealing = app.keys.return_paths.current
        answers_to = confirming_address(row_id(notice), row_id(person), sealing, back_to)
        head = replace(head, reply_to=answers_to)
    # A welcome goes to a subscriber: it can be left by, as every mail of the list.
    prepared = prepare(rendered, head, notice=notice.kind != NoticeKind.WELCOME)
    seed = f"notice:{notice.id}"
    return notice_job(app, mailing_list, person, prepared, seed, leave_url=content.leave_url)
