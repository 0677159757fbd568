"""Change a subscriber's address: asked for behind the old one's seal, confirmed behind the new one's."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ChoiceError, InputError, NotFoundError
from digest.model import AddressChange, MailingList, Notice, Subscriber, SubscriptionState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent
from digest.services.audience.returning import CONFIRMATION_PAUSE, MOST_CONFIRMATIONS, mailbox_hash
from digest.storage.audience import address_changes, bounces, lists, subscribers, suppressions
from digest.storage.audience.joining import signups
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()

ADDRESS = "address"
"""The notice that goes to the new address, and the purpose of its link."""


@dataclass(frozen=True, slots=True)
class AskedChange:
    """A subscriber, the address that was asked for, and the list on whose page that was."""

    mailing_list: MailingList
    person: Subscriber
    change: AddressChange


async def ask(app: App, slug: str, token: str, address: str, *, came_from: str) -> consent.Membership:
    """Have a mail sent to a new address, whose button changes to it; until then nothing changes.

    The answer is the same for an address that is taken, must never be mailed, or was asked too often: it gets
    no mail.

    Raises:
        ChoiceError: it is no address, or the one that there is.
        InputError: as `consent.membership`.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    try:
        email = normalised(address)
    except InputError as error:
        raise ChoiceError(error.message, about=ADDRESS, remedy=error.remedy) from error
    if email == found.person.email:
        raise ChoiceError("This is the address already.", about=ADDRESS)
    now = app.clock.now()
    async with app.database.begin() as session:
        if await _may_be_asked(app, session, email, now):
            await _ask(session, found, email, now, came_from)
    return found


async def _may_be_asked(app: App, session: AsyncSession, email: str, now: datetime) -> bool:
    hashes = app.keys.suppression_hashes(email)
    if await subscribers.by_email(session, email) or await suppressions.suppression_of(session, hashes):
        return False
    mailbox = mailbox_hash(email, app.keys.suppression.current)
    return await signups.allow_confirmation(
        session, mailbox, now, pause=CONFIRMATION_PAUSE, most=MOST_CONFIRMATIONS, ended=None
    )


async def _ask(
    session: AsyncSession, found: consent.Membership, email: str, now: datetime, came_from: str
) -> None:
    list_id, subscriber_id = row_id(found.mailing_list), row_id(found.person)
    await address_changes.keep(
        session,
        AddressChange(
            subscriber_id=subscriber_id,
            list_id=list_id,
            email=email,
            key=secrets.token_hex(16),
            came_from=came_from,
            asked_at=now,
        ),
    )
    notice = Notice(
        kind=ADDRESS, list_id=list_id, subscriber_id=subscriber_id, created_at=now, next_try_at=now
    )
    await subscribers.add_notice(session, notice)
    await signups.note(
        session, found.subscription, "address asked", at=now, how="preferences", came_from=came_from
    )


async def asked_change(app: App, slug: str, token: str) -> AskedChange:
    """Read the link that went to a new address.

    Raises:
        InputError: it is broken, has expired, was used, or another one was asked for since.
    """
    key = app.links.read(ADDRESS, token, app.clock.now(), list_slug=slug)
    async with app.database.begin() as session:
        mailing_list = await lists.by_slug(session, slug)
        change = await address_changes.by_key(session, key)
        person = await subscribers.by_id(session, change.subscriber_id) if change else None
        if change is None or person is None:
            raise NotFoundError("This link was used up.")
        return AskedChange(mailing_list, person, change)


async def move(app: App, slug: str, token: str, *, came_from: str) -> AskedChange:
    """Change the address, because the button in the mail to the new one was pressed.

    Bounces of the old address count no more. It is kept nowhere.

    Raises:
        InputError: as `asked_change`, or the address was taken or suppressed meanwhile.
    """
    found = await asked_change(app, slug, token)
    now, subscriber_id = app.clock.now(), row_id(found.person)
    hashes = app.keys.suppression_hashes(found.change.email)
    async with app.database.begin() as session:
        taken = await subscribers.by_email(session, found.change.email)
        if taken is not None or await suppressions.suppression_of(session, hashes):
            raise InputError("This address cannot be taken.", remedy="Ask for another one.")
        await address_changes.make(session, found.change)
        kept = await bounces.locked(session, subscriber_id)
        if kept is not None:
            kept[0].disabled_reason = None
            session.add(kept[0])
            await bounces.forget(session, subscriber_id)
        for _, subscription in await subscribers.of_person(session, subscriber_id):
            if subscription.state is SubscriptionState.CONFIRMED:
                await signups.note(
                    session, subscription, "address changed", at=now, how="link", came_from=came_from
                )
    log.info("subscriber.moved", subscriber=subscriber_id)
    return found
