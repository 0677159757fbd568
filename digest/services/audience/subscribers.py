"""Subscribers by an admin's hand: add, list, show."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digest.errors import InputError, NotFoundError
from digest.model import (
    ConsentEvent,
    MailingList,
    Notice,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists, own_fields, subscribers, suppressions
from digest.storage.audience.joining import signups
from digest.text.addresses.email_address import normalised

SAMPLE = "sample"
"""How the demo's readers came; no real server ever gets mail for them."""


async def add(
    app: App, mailing_list: MailingList, address: str, *, name: str = "", how: str = "admin"
) -> bool:
    """Subscribe an address whose owner asked an admin for it. False when it was subscribed already.

    Raises:
        InputError: it is no address, it must never be mailed, or its owner left this list before.
    """
    email = normalised(address)
    now = app.clock.now()
    async with app.database.begin() as session:
        if await suppressions.suppression_of(session, app.keys.suppression_hashes(email)):
            raise InputError(
                f"{email} must never be mailed.", remedy="Its owner asked for that, or it bounced for good."
            )
        person = await subscribers.add(
            session, email, name=name, locale=mailing_list.language, key=secrets.token_hex(16), now=now
        )
        known = await subscribers.subscription(session, row_id(mailing_list), row_id(person))
        if known and known.state is SubscriptionState.LEFT:
            raise InputError(
                f"{email} left the list {mailing_list.slug}.",
                remedy="Only its owner can come back, by the form.",
            )
        if known and known.state is SubscriptionState.CONFIRMED:
            return False
        if how == SAMPLE:
            person.sample = True
            session.add(person)
        made = Subscription(
            list_id=row_id(mailing_list),
            subscriber_id=row_id(person),
            state=SubscriptionState.CONFIRMED,
            requested_at=now,
            confirmed_at=now,
            consent_how=how,
        )
        await subscribers.save_subscription(session, made)
        await signups.note(session, made, "added", at=now, how=how)
        return True


@dataclass(frozen=True, slots=True)
class SubscriberProfile:
    """A person's subscriptions, each with its list, and all that was noted about them.

    `texts` are the words agreed to, by the key that the events name.
    """

    subscriptions: tuple[tuple[MailingList, Subscription], ...]
    events: tuple[ConsentEvent, ...]
    values: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """What the person has in each list's own fields, by list id and key."""
    tags: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """The person's tags, by list id."""
    notices: tuple[Notice, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


async def profile(app: App, address: str) -> SubscriberProfile:
    """Return what a person is subscribed to, with the choices and the consent.

    Raises:
        InputError: it is no address.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        if person is None:
            return SubscriberProfile((), ())
        one = row_id(person)
        every = tuple(await subscribers.of_person(session, one))
        ids = [row_id(mailing_list) for mailing_list, _ in every]
        values = {each: await own_fields.values_of(session, [one], each) for each in ids}
        tags = {each: await own_fields.tags_of(session, [one], each) for each in ids}
        events = tuple(await signups.history(session, one))
        return SubscriberProfile(
            every,
            events,
            {each: found[one] for each, found in values.items() if found},
            {each: found[one] for each, found in tags.items() if found},
            tuple(await subscribers.notices_of(session, one)),
            await signups.texts(session, {each.text_key for each in events}),
        )


async def of_number(app: App, subscriber_id: int) -> Subscriber:
    """Return the person of a number.

    Raises:
        NotFoundError: nobody has it.
    """
    async with app.database.read() as session:
        person = await subscribers.by_id(session, subscriber_id)
    if person is None:
        raise NotFoundError(f"Nobody has the number {subscriber_id}.")
    return person


async def everyone(app: App, slug: str | None) -> list[tuple[Subscriber, Subscription]]:
    """Return all subscribers of a list, or of all lists, by address."""
    async with app.database.begin() as session:
        list_id = (await lists.by_slug(session, slug)).id if slug else None
        return await subscribers.everyone(session, list_id)
