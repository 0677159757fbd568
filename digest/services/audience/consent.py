"""Consent: confirming and leaving. Nobody is mailed an edition who did not press the button in a mail."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import BounceEvent, MailingList, Subscriber, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.returning import ALLOWANCE_LIFE, mailbox_hash, yields
from digest.services.audience.signups import request
from digest.storage.audience import bounces, lists, signups, subscribers
from digest.storage.editions import content as editions

__all__ = ["Membership", "confirm", "confirmable", "leave", "leave_by_mail", "membership", "request"]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Membership:
    """A person, a list and what stands between them."""

    mailing_list: MailingList
    person: Subscriber
    subscription: Subscription


async def membership(app: App, slug: str, token: str, *, purpose: str) -> Membership:
    """Read a signed link: who it is, for which list.

    Raises:
        InputError: the link is broken, has expired, or belongs to somebody who is gone.
    """
    key = app.links.read(purpose, token, app.clock.now(), list_slug=slug)
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug)
        person = await subscribers.by_key(session, key)
        known = (
            await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
        )
        if person is None or known is None:
            raise NotFoundError("This link belongs to no subscription any more.")
        return Membership(mailing_list, person, known)


async def confirmable(app: App, slug: str, token: str) -> Membership:
    """Read a link that confirms, as long as it is not used up.

    It is, once its owner has left since it was mailed, and has not asked again; and for an address that must
    never be mailed, unless its owner may lift that.

    Raises:
        InputError: as `membership`, or the link is used up.
    """
    found = await membership(app, slug, token, purpose="confirm")
    async with app.database.begin() as session:
        banned = await subscribers.suppression_of(session, app.keys.suppression_hashes(found.person.email))
    if _used_up(found.subscription, _asked_at(token)) or (banned is not None and not yields(banned.reason)):
        raise InputError("This link was used up.", remedy="Subscribe again to get a new one.")
    return found


def _asked_at(token: str) -> datetime:
    """When the confirmation was mailed, to the second."""
    return datetime.fromtimestamp(int(token.split(".")[1]), UTC)


def _used_up(known: Subscription, asked_at: datetime) -> bool:
    if known.state is not SubscriptionState.LEFT:
        return False
    again = known.asked_again_at
    return again is None or asked_at < again.replace(microsecond=0)


async def confirm(app: App, slug: str, token: str, *, came_from: str) -> Membership:
    """Confirm a subscription; doing it twice changes nothing.

    An address that bounces had stopped, or whose owner had it erased, is mailed again. What the earlier
    consent was is kept as an event.

    Raises:
        InputError: as `confirmable`.
    """
    found = await confirmable(app, slug, token)
    subscription, now = found.subscription, app.clock.now()
    async with app.database.begin() as session:
        asked_at = await _mailed_at(session, found, _asked_at(token))
        if subscription.state is not SubscriptionState.CONFIRMED:
            await _note_before(session, subscription)
            subscription.requested_at = subscription.asked_again_at or subscription.requested_at
            subscription.state, subscription.confirmed_at = SubscriptionState.CONFIRMED, now
            subscription.left_at = subscription.asked_again_at = subscription.import_id = (
                subscription.ended_by_import
            ) = None
            subscription.consent_how, subscription.consent_from = (
                "form",
                came_from or subscription.consent_from,
            )
            await subscribers.save_subscription(session, subscription)
            await signups.note(session, subscription, "confirmed", at=now, how="link", came_from=came_from)
            await signups.confirmed(session, mailbox_hash(found.person.email, app.keys.suppression.current))
        await _let_back(app, session, found.person, asked_at, came_from)
    return found


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


async def _mailed_at(session: AsyncSession, found: Membership, second: datetime) -> datetime:
    """When exactly the confirmation was asked for whose link names only the second."""
    latest = await subscribers.latest_notice(session, row_id(found.mailing_list), row_id(found.person))
    same = latest is not None and latest.created_at.replace(microsecond=0) == second
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
    banned = await subscribers.suppression_of(session, hashes)
    if banned is not None and yields(banned.reason) and asked_at > banned.created_at:
        await subscribers.lift(session, hashes)
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


async def leave(app: App, slug: str, token: str) -> Membership:
    """End a subscription; doing it twice changes nothing. What is still waiting for this person is skipped.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="unsubscribe")
    async with app.database.begin() as session:
        await _left(session, found.subscription, app.clock.now(), how="link")
    return found


async def leave_by_mail(app: App, edition_id: int, subscriber_id: int, *, words: str) -> bool:
    """End the subscription that an edition came by, because a mail to its address of leaving asks for it.

    The address's seal has been checked. `words` are kept as evidence. False: there is nothing to end.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
        known = await subscribers.subscription(session, edition.list_id, subscriber_id) if edition else None
        done = known is not None and await _left(session, known, now, how="mail")
        if done:
            session.add(
                BounceEvent(
                    subscriber_id=subscriber_id,
                    at=now,
                    event="left",
                    words=words.replace("\x00", ""),
                    read_by="mail",
                )
            )
    log.info("subscriber.left_by_mail", edition=edition_id, subscriber=subscriber_id, known=done)
    return done


async def _left(session: AsyncSession, known: Subscription, now: datetime, *, how: str) -> bool:
    if known.state is SubscriptionState.LEFT and known.asked_again_at is None:
        return False
    was_left = known.state is SubscriptionState.LEFT
    known.state, known.left_at, known.asked_again_at = SubscriptionState.LEFT, now, None
    await subscribers.save_subscription(session, known)
    await signups.note(session, known, "left", at=now, how=how)
    return not was_left


UNCONFIRMED_LIFE = timedelta(days=7)
"""As long as the link in the confirmation mail works."""


async def forget_unconfirmed(app: App, now: datetime) -> int:
    """Delete sign-ups that nobody confirmed while their link worked, and people who are left without any
    list.
    """
    async with app.database.begin() as session:
        await signups.forget_allowances(session, now - ALLOWANCE_LIFE)
        return await subscribers.drop_unconfirmed(session, now - UNCONFIRMED_LIFE)
