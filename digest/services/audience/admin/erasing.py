"""Forgetting a person: out of every table, the words that servers said, the file, and the embedded
mailbox.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog

from digest.deliver.embedded.maildir import remove_of
from digest.deliver.outcome import without_address
from digest.errors import NotFoundError, StoreError
from digest.model import SuppressionReason
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import consent
from digest.services.audience.returning import mailbox_hash
from digest.storage.audience import address_changes, erasure, subscribers, suppressions
from digest.storage.audience.joining import signups
from digest.storage.database.overwriting import overwrite_deleted
from digest.storage.programs import answers
from digest.text.addresses.email_address import normalised

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting took away. `later`: why deleted rows are still in the database's file; empty: they are
    not.
    """

    messages: int = 0
    later: str = ""


async def forget(app: App, address: str) -> Forgotten:
    """Forget a person: the address goes from every table, from words that servers said, from the file and the
    log beside it, and from the embedded mailbox.

    A keyed hash keeps it from coming back by import: only the owner may come back, by the form and the button
    in the mail. Sign-ups that wait go even when nobody has the address yet. Backups keep what they hold
    (docs/howto/privacy.md).

    Raises:
        InputError: nobody has that address.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        mailbox = mailbox_hash(email, app.keys.suppression.current)
        waiting = await signups.drop_of(session, email, mailbox)
        waiting += await address_changes.drop_to(session, email)
        if person is None and not waiting:
            raise NotFoundError(
                f"Nobody has the address {email}.", remedy="`digest subscribers search` finds who is there."
            )
        await suppressions.suppress(
            session, app.keys.suppression_hash(email), SuppressionReason.REMOVED, app.clock.now()
        )
        without = partial(without_address, address=email)
        await answers.forget_about(session, email)
        await erasure.scrub(session, row_id(person) if person else None, email, without)
        if person is not None:
            await subscribers.remove(session, row_id(person))
    messages = await asyncio.to_thread(remove_of, app.settings.mailbox.folder, email)
    try:
        await overwrite_deleted(app.database)
    except StoreError as error:
        # Others are at the file; what they write next, and the next removal, does it.
        log.warning("database.deleted_rows_remain", reason=str(error))
        return Forgotten(messages, str(error))
    return Forgotten(messages)


async def forget_by_link(app: App, slug: str, token: str) -> str:
    """Forget the subscriber to whom a link of preferences belongs, as `forget`; returns the list's language.

    Raises:
        InputError: as `consent.membership`.
    """
    found = await consent.membership(app, slug, token, purpose="preferences")
    await forget(app, found.person.email)
    return found.mailing_list.language
