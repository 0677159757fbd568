"""Consent: asking, confirming, leaving. Nobody is mailed an edition who did not press the button in a mail."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.errors import InputError
from digest.model import MailingList, Notice, Subscriber, Subscription, SubscriptionState
from digest.services.addresses import address_hash, normalised
from digest.services.app import App
from digest.storage import lists, subscribers

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
        if await subscribers.suppression(session, address_hash(email, app.links.secret)):
            return
        person = await subscribers.add(
            session, email, name="", locale=mailing.language, key=secrets.token_hex(16), now=now
        )
        known = await subscribers.subscription(session, mailing.id or 0, person.id or 0)
        if known and known.state is SubscriptionState.CONFIRMED:
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
        else:
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
    """Confirm a subscription; doing it twice changes nothing.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="confirm")
    if found.subscription.state is not SubscriptionState.CONFIRMED:
        found.subscription.state = SubscriptionState.CONFIRMED
        found.subscription.confirmed_at = app.clock.now()
        found.subscription.left_at = None
        found.subscription.consent_from = came_from or found.subscription.consent_from
        async with app.database.begin() as session:
            await subscribers.save_subscription(session, found.subscription)
    return found


async def leave(app: App, slug: str, token: str) -> Membership:
    """End a subscription; doing it twice changes nothing. What is still waiting for this person is skipped.

    Raises:
        InputError: as `membership`.
    """
    found = await membership(app, slug, token, purpose="unsubscribe")
    if found.subscription.state is not SubscriptionState.LEFT:
        found.subscription.state = SubscriptionState.LEFT
        found.subscription.left_at = app.clock.now()
        async with app.database.begin() as session:
            await subscribers.save_subscription(session, found.subscription)
    return found


UNCONFIRMED_LIFE = timedelta(days=7)
"""As long as the link in the confirmation mail works."""


async def forget_unconfirmed(app: App, now: datetime) -> int:
    """Delete wishes that nobody confirmed while their link worked, and people who are left without any list."""
    async with app.database.begin() as session:
        return await subscribers.drop_unconfirmed(session, now - UNCONFIRMED_LIFE)
