"""Consent: confirming. Nobody is mailed an edition who did not press the button, or answered the mail that
asks.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError
from digest.model import BounceEvent, Notice, NoticeKind, Subscriber, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.render.links import CONFIRM_LIFE
from digest.services.app import App
from digest.services.audience.joining import agreed, defence, funnel
from digest.services.audience.joining.leaving import leave, leave_by_mail
from digest.services.audience.joining.memberships import (
    ConsentEvidence,
    Membership,
    membership,
    to_the_second,
)
from digest.services.audience.joining.welcome import welcome
from digest.services.audience.returning import ALLOWANCE_LIFE, mailbox_hash, yields
from digest.services.audience.signups import request
from digest.storage.audience import address_changes, bounces, lists, subscribers, suppressions
from digest.storage.audience.joining import signups

__all__ = [
    "Membership",
    "confirm",
    "confirm_by_mail",
    "confirmable",
    "decline",
    "leave",
    "leave_by_mail",
    "membership",
    "request",
]

log = structlog.get_logger()


async def confirmable(app: App, slug: str, token: str) -> Membership:
    """Read a link that confirms, as long as it is not used up.

    It is, once its owner has left since it was mailed, and has not asked again; and for an address that must
    never be mailed, unless its owner may lift that.

    Raises:
        InputError: as `membership`, or the link is used up.
    """
    found = await membership(app, slug, token, purpose="confirm")
    async with app.database.begin() as session:
        await _refuse_used_up(app, session, found.person, found.subscription, _asked_at(token))
    return found


async def _refuse_used_up(
    app: App, session: AsyncSession, person: Subscriber, known: Subscription | None, asked_at: datetime
) -> None:
    banned = await suppressions.suppression_of(session, app.keys.suppression_hashes(person.email))
    if known is None or _used_up(known, asked_at) or (banned is not None and not yields(banned.reason)):
        raise InputError("This link was used up.", remedy="Subscribe again to get a new one.")


def _asked_at(token: str) -> datetime:
    """When the confirmation was mailed, to the second."""
    return datetime.fromtimestamp(int(token.split(".")[1]), UTC)


def _used_up(known: Subscription, asked_at: datetime) -> bool:
    if known.state is not SubscriptionState.LEFT:
        return False
    again = known.asked_again_at
    return again is None or to_the_second(asked_at) < to_the_second(again)


async def confirm(
    app: App, slug: str, token: str, *, came_from: str, page: str = "", words: str = ""
) -> Membership:
    """Confirm a subscription; doing it twice, or twice at once, changes nothing.

    An address that bounces had stopped, or whose owner had it erased, is mailed again. What the earlier
    consent was is kept as an event, and from where the sign-up came stays beside from where it was confirmed.
    `words` are what the page said.

    Raises:
        InputError: as `confirmable`.
    """
    found = await confirmable(app, slug, token)
    async with app.database.begin() as session:
        asked_at = await _mailed_at(session, found, _asked_at(token))
        key = await agreed.keep(app, session, found.mailing_list, words)
        evidence = ConsentEvidence(how="link", came_from=came_from, page=page, text_key=key)
        return await _confirmed(app, session, found, asked_at, evidence)


async def confirm_by_mail(app: App, notice_id: int, subscriber_id: int, *, words: str) -> bool:
    """Confirm the sign-up that a confirmation mail asked about, because its answer says yes.

    The seal of the address that the answer came to has been checked: only who got the mail knows it, whatever
    stands in the answer's From. `words` are kept as evidence. False: there is nothing to confirm, or not any
    more.
    """
    done = False
    async with app.database.begin() as session:
        found = await _asked_by(session, notice_id, subscriber_id)
        if found is not None and app.clock.now() - found[1].created_at <= CONFIRM_LIFE:
            evidence = ConsentEvidence(how="mail", came_from=words.replace("\x00", "")[:300])
            try:
                await _confirmed(app, session, found[0], found[1].created_at, evidence)
                done = True
            except InputError:
                pass  # the owner has left since, or must never be mailed
    log.info("subscriber.answered", notice=notice_id, subscriber=subscriber_id, confirmed=done)
    return done


async def _asked_by(
    session: AsyncSession, notice_id: int, subscriber_id: int
) -> tuple[Membership, Notice] | None:
    notice = await session.get(Notice, notice_id)
    if notice is None or notice.kind != NoticeKind.CONFIRM or notice.subscriber_id != subscriber_id:
        return None
    mailing_list = await lists.by_id(session, notice.list_id)
    person = await subscribers.by_id(session, subscriber_id)
    known = await subscribers.subscription(session, notice.list_id, subscriber_id)
    if mailing_list is None or person is None or known is None:
        return None
    return Membership(mailing_list, person, known), notice


async def _confirmed(
    app: App, session: AsyncSession, found: Membership, asked_at: datetime, evidence: ConsentEvidence
) -> Membership:
    """Confirm under the row's lock, so that of two presses at once the second finds it done.

    Raises:
        InputError: its owner has left since it was asked for, or must never be mailed.
    """
    list_id, person_id = row_id(found.mailing_list), row_id(found.person)
    subscription = await subscribers.locked_subscription(session, list_id, person_id)
    await _refuse_used_up(app, session, found.person, subscription, asked_at)
    assert subscription is not None
    if subscription.state is not SubscriptionState.CONFIRMED:
        now = app.clock.now()
        await _note_before(session, subscription)
        await _settle(session, subscription, now)
        await signups.note(
            session,
            subscription,
            "confirmed",
            at=now,
            how=evidence.how,
            came_from=evidence.came_from,
            page=evidence.page,
            text_key=evidence.text_key,
        )
        await signups.confirmed(session, mailbox_hash(found.person.email, app.keys.suppression.current))
        await funnel.count(
            session, found.mailing_list, asked_at, "by_reply" if evidence.how == "mail" else "by_page"
        )
        await defence.note_confirmed(session, list_id, now)
        await welcome(session, found.mailing_list, found.person, now)
    await _let_back(app, session, found.person, asked_at, evidence.came_from)
    return replace(found, subscription=subscription)


async def _settle(session: AsyncSession, subscription: Subscription, now: datetime) -> None:
    """Write the confirmation. Where the sign-up came from stays; for who comes back, it is the newest
    one's.
    """
    asked = await signups.last_asked(session, subscription.list_id, subscription.subscriber_id)
    if subscription.state is not SubscriptionState.PENDING and asked is not None:
        subscription.consent_from = asked.came_from
    subscription.requested_at = subscription.asked_again_at or subscription.requested_at
    subscription.state, subscription.confirmed_at = SubscriptionState.CONFIRMED, now
    subscription.left_at = subscription.asked_again_at = subscription.import_id = (
        subscription.ended_by_import
    ) = None
    subscription.consent_how = "form"
    await subscribers.save_subscription(session, subscription)


async def _note_before(session: AsyncSession, subscription: Subscription) -> None:
    """Keep what the subscription rested on before, which the new confirmation writes over."""
    if subscription.confirmed_at is not None:
        await signups.note(
            session,
            subscription,
            "before",
            at=subscription.confirmed_at,
            how=subscription.consent_how,
            came_from=subscription.consent_from,
        )


async def decline(app: App, slug: str, token: str, *, came_from: str) -> Membership:
    """Drop a sign-up whose address's owner did not ask for it; who is subscribed already stays so.

    A person who is on no other list is forgotten at once, with the address.

    Raises:
        InputError: as `confirmable`.
    """
    found = await confirmable(app, slug, token)
    list_id, person_id = row_id(found.mailing_list), row_id(found.person)
    async with app.database.begin() as session:
        known = await subscribers.locked_subscription(session, list_id, person_id)
        if known is None or known.state is SubscriptionState.CONFIRMED:
            return found
        asked_at = _asked_at(token)
        if known.state is SubscriptionState.LEFT:
            known.asked_again_at = None
            await subscribers.save_subscription(session, known)
        else:
            await session.delete(known)
            await session.flush()
        await funnel.count(session, found.mailing_list, asked_at, "declined")
        if await subscribers.of_person(session, person_id):
            await signups.note(
                session, known, "declined", at=app.clock.now(), how="link", came_from=came_from
            )
        else:
            await subscribers.remove(session, person_id)
    return found


async def _mailed_at(session: AsyncSession, found: Membership, second: datetime) -> datetime:
    """When exactly the confirmation was asked for whose link names only the second."""
    latest = await subscribers.latest_notice(session, row_id(found.mailing_list), row_id(found.person))
    same = latest is not None and to_the_second(latest.created_at) == second
    return latest.created_at if latest is not None and same else second


async def _let_back(
    app: App, session: AsyncSession, found: Subscriber, asked_at: datetime, came_from: str
) -> None:
    """Mail an address again that was stopped: a confirmation that was asked for since then has arrived there.

    A link from before proves nothing; whoever is suppressed for good stays so, however the button was come
    by.
    """
    subscriber_id = row_id(found)
    hashes = app.keys.suppression_hashes(found.email)
    banned = await suppressions.suppression_of(session, hashes)
    if banned is not None and yields(banned.reason) and asked_at > banned.created_at:
        await suppressions.lift(session, hashes, app.clock.now(), "confirmed by its owner")
        banned = None
    if not found.disabled_reason or banned is not None:
        return
    kept = await bounces.locked(session, subscriber_id)
    stopped = await signups.first_stop(session, subscriber_id)
    if kept is None or stopped is None or asked_at <= stopped:
        return
    person, _ = kept
    said = f"confirmed from {came_from}; it was: {person.disabled_reason}"[:300]
    person.disabled_reason = None
    session.add(person)
    await bounces.forget(session, subscriber_id)
    session.add(
        BounceEvent(
            subscriber_id=subscriber_id, at=app.clock.now(), event="enabled", words=said, read_by="its owner"
        )
    )


UNCONFIRMED_LIFE = timedelta(days=7)
"""As long as the link in the confirmation mail works."""


async def forget_unconfirmed(app: App, now: datetime) -> int:
    """Delete sign-ups and changes of address that nobody confirmed while their link worked, and people who
    are left without any list.
    """
    async with app.database.begin() as session:
        await signups.forget_allowances(session, now - ALLOWANCE_LIFE)
        await address_changes.forget_before(session, now - UNCONFIRMED_LIFE)
        return await subscribers.drop_unconfirmed(session, now - UNCONFIRMED_LIFE)
