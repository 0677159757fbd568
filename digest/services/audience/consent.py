"""Consent: asking, confirming, leaving. Nobody is mailed an edition who did not press the button in a mail."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError
from digest.model import BounceEvent, MailingList, Notice, Subscriber, Subscription, SubscriptionState
from digest.model.eligibility import may_receive
from digest.services.app import App
from digest.storage import bounces, editions, lists, subscribers
from digest.text.email_address import normalised

log = structlog.get_logger()

CONFIRMATION_PAUSE = timedelta(hours=24)
"""One confirmation mail a day and address, whoever fills in the form how often."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A person, a list and what stands between them."""

    mailing: MailingList
    person: Subscriber
    subscription: Subscription


async def request(app: App, slug: str, address: str, *, came_from: str) -> None:
    """Take a wish to subscribe, and have the confirmation mailed.

    The answer is the same whether or not the address is known, suppressed or confirmed already, so that the form
    tells nobody who reads what. At most one confirmation mail a day goes to one address and list.

    Raises:
        InputError: it is no address, or there is no such public list.
    """
    email = normalised(address)
    now = app.clock.now()
    async with app.database.begin() as session:
        mailing = await lists.by_slug(session, slug)
        if not mailing.public:
            raise InputError(f"There is no list {slug}.")
        if await subscribers.suppression_of(session, app.keys.suppression_hashes(email)):
            return
        person = await subscribers.add(
            session, email, name="", locale=mailing.language, key=secrets.token_hex(16), now=now
        )
        known = await subscribers.subscription(session, mailing.id or 0, person.id or 0)
        if may_receive(known, person, suppressed=False) is None:
            return
        latest = await subscribers.latest_notice(session, mailing.id or 0, person.id or 0)
        if latest and now - latest.created_at < CONFIRMATION_PAUSE:
            return
        if known is None:
            known = Subscription(
                list_id=mailing.id or 0,
                subscriber_id=person.id or 0,
                state=SubscriptionState.PENDING,
                requested_at=now,
                consent_how="form",
                consent_from=came_from,
            )
        elif known.state is not SubscriptionState.CONFIRMED:
            known.requested_at = now
            known.consent_how, known.consent_from = "form", came_from
        await subscribers.save_subscription(session, known)
        await subscribers.add_notice(
            session,
            Notice(
                kind="confirm",
                list_id=mailing.id or 0,
                subscriber_id=person.id or 0,
                created_at=now,
                next_try_at=now,
            ),
        )


async def membership(app: App, slug: str, token: str, *, purpose: str) -> Membership:
    """Read a signed link: who it is, for which list.

    Raises:
        InputError: the link is broken, has expired, or belongs to somebody who is gone.
    """
    key = app.links.read(purpose, token, app.clock.now(), list_slug=slug)
    async with app.database.begin() as session:
        mailing = await lists.by_slug(session, slug)
        person = await subscribers.by_key(session, key)
        known = await subscribers.subscription(session, mailing.id or 0, person.id or 0) if person else None
        if person is None or known is None:
            raise InputError("This link belongs to no subscription any more.")
        return Membership(mailing, person, known)


async def confirm(app: App, slug: str, token: str, *, came_from: str) -> Membership:
    """Confirm a subscription; doing it twice changes nothing. An address that bounces had stopped is mailed again.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="confirm")
    async with app.database.begin() as session:
        if found.subscription.state is not SubscriptionState.CONFIRMED:
            found.subscription.state = SubscriptionState.CONFIRMED
            found.subscription.confirmed_at = app.clock.now()
            found.subscription.left_at = None
            found.subscription.consent_from = came_from or found.subscription.consent_from
            await subscribers.save_subscription(session, found.subscription)
        if found.person.disabled_reason:
            asked_at = datetime.fromtimestamp(int(token.split(".")[1]), UTC)
            await _enabled_by_its_owner(app, session, found.person, asked_at, came_from)
    return found


async def _enabled_by_its_owner(
    app: App, session: AsyncSession, found: Subscriber, asked_at: datetime, came_from: str
) -> None:
    """Mail an address again that bounces had stopped: a confirmation that was asked for since then has arrived there.

    A link from before proves nothing; whoever is suppressed stays so, however the button was come by.
    """
    subscriber_id = found.id or 0
    kept = await bounces.locked(session, subscriber_id)
    stopped = await bounces.disabled_at(session, subscriber_id)
    if kept is None or stopped is None or asked_at <= stopped:
        return
    person, _ = kept
    if await subscribers.suppression_of(session, app.keys.suppression_hashes(person.email)):
        return
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
        await _left(session, found.subscription, app.clock.now())
    return found


async def leave_by_mail(app: App, edition_id: int, subscriber_id: int, *, words: str) -> bool:
    """End the subscription that an edition came by, because a mail to its address of leaving asks for it.

    The address's seal has been checked. `words` are kept as evidence. False: there is nothing to end.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        edition = await editions.by_id(session, edition_id)
        known = await subscribers.subscription(session, edition.list_id, subscriber_id) if edition else None
        done = known is not None and await _left(session, known, now)
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


async def _left(session: AsyncSession, known: Subscription, now: datetime) -> bool:
    if known.state is SubscriptionState.LEFT:
        return False
    known.state, known.left_at = SubscriptionState.LEFT, now
    await subscribers.save_subscription(session, known)
    return True


UNCONFIRMED_LIFE = timedelta(days=7)
"""As long as the link in the confirmation mail works."""


async def forget_unconfirmed(app: App, now: datetime) -> int:
    """Delete wishes that nobody confirmed while their link worked, and people who are left without any list."""
    async with app.database.begin() as session:
        return await subscribers.drop_unconfirmed(session, now - UNCONFIRMED_LIFE)
