"""Subscribers by an admin's hand: add, list, show, export, remove."""

import csv
import io
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import structlog

from digest.deliver.outcome import without_address
from digest.errors import InputError, NotFoundError, StoreError
from digest.model import ConsentEvent, MailingList, Subscriber, Subscription, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.imports.addresses import quoted
from digest.services.audience.returning import mailbox_hash
from digest.storage.audience import erasure, lists, signups, subscribers
from digest.storage.database.overwriting import overwrite_deleted
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()

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
        if await subscribers.suppression_of(session, app.keys.suppression_hashes(email)):
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
    """A person's subscriptions, each with its list, and all that was noted about them."""

    subscriptions: tuple[tuple[MailingList, Subscription], ...]
    events: tuple[ConsentEvent, ...]


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
        return SubscriberProfile(
            tuple(await subscribers.of_person(session, row_id(person))),
            tuple(await signups.history(session, row_id(person))),
        )


async def remove(app: App, address: str) -> None:
    """Forget a person: the address goes from every table, from words that servers said and from the file.

    A keyed hash keeps it from coming back by import: only the owner may come back, by the form and the button
    in the mail.

    Raises:
        InputError: nobody has that address.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        if person is None:
            raise NotFoundError(
                f"Nobody has the address {email}.", remedy="`digest subscribers list` shows who is there."
            )
        await subscribers.suppress(session, app.keys.suppression_hash(email), "removed", app.clock.now())
        await erasure.scrub(session, row_id(person), email, partial(without_address, address=email))
        await subscribers.remove(session, row_id(person))
        await signups.drop_of(session, email, mailbox_hash(email, app.keys.suppression.current))
    try:
        await overwrite_deleted(app.database)
    except StoreError as error:
        # Others are at the file; what they write next, and the next removal, does it.
        log.warning("database.deleted_rows_remain", reason=str(error))


async def everyone(app: App, slug: str | None) -> list[tuple[Subscriber, Subscription]]:
    """Return all subscribers of a list, or of all lists, by address."""
    async with app.database.begin() as session:
        list_id = (await lists.by_slug(session, slug)).id if slug else None
        return await subscribers.everyone(session, list_id)


async def export_csv(app: App, slug: str | None) -> AsyncIterator[str]:
    """Yield the lines of a CSV with every subscriber; cells that a spreadsheet would run are quoted with an
    apostrophe.
    """
    yield _line(["email", "name", "state", "requested_at", "confirmed_at", "left_at", "consent", "stopped"])
    for person, subscription in await everyone(app, slug):
        stamps = (subscription.requested_at, subscription.confirmed_at, subscription.left_at)
        yield _line(
            [
                person.email,
                person.name,
                subscription.state.value,
                *(stamp.isoformat() if stamp else "" for stamp in stamps),
                subscription.consent_how,
                person.disabled_reason or "",
            ]
        )


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([quoted(cell) for cell in cells])
    return out.getvalue()
