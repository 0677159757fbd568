"""Tags that an admin gives people on a list."""

from collections.abc import Sequence

from digest.errors import InputError, NotFoundError
from digest.model import MailingList
from digest.model.people.custom_fields import LONGEST_TAG
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.segments.checking import compared
from digest.storage.audience import own_fields, subscribers
from digest.text.addresses.email_address import normalised


def tag_of(text: str) -> str:
    """Return a tag as it is kept: folded, so that two spellings are one (pure).

    Raises:
        InputError: it is empty or too long.
    """
    tag = compared(text).replace(",", " ").strip()
    if not tag or len(tag) > LONGEST_TAG:
        raise InputError(f"{text[:80]!r} is no tag.", remedy=f"A tag has 1 to {LONGEST_TAG} letters.")
    return tag


async def give(app: App, mailing_list: MailingList, addresses: Sequence[str], text: str) -> int:
    """Give people of a list a tag; returns how many there are.

    Raises:
        InputError: an address is none, or nobody on the list has it; then nobody gets the tag.
    """
    tag = tag_of(text)
    async with app.database.begin() as session:
        ids = [await subscribers.member(session, row_id(mailing_list), normalised(one)) for one in addresses]
        known = [one for one in ids if one is not None]
        if len(known) < len(ids):
            missing = [address for address, one in zip(addresses, ids, strict=True) if one is None]
            raise NotFoundError(f"{', '.join(missing)}: not on the list {mailing_list.slug}.")
        await own_fields.give_tag(session, row_id(mailing_list), known, tag, app.clock.now())
    return len(known)


async def take(app: App, mailing_list: MailingList, addresses: Sequence[str], text: str) -> int:
    """Take a tag from people of a list; returns from how many.

    Raises:
        InputError: an address is none.
    """
    tag = tag_of(text)
    async with app.database.begin() as session:
        ids = [await subscribers.member(session, row_id(mailing_list), normalised(one)) for one in addresses]
        known = [one for one in ids if one is not None]
        return await own_fields.take_tag(session, row_id(mailing_list), known, tag)


async def counts(app: App, mailing_list: MailingList) -> dict[str, int]:
    """Return how many people have each tag of a list."""
    async with app.database.read() as session:
        return await own_fields.tag_counts(session, row_id(mailing_list))
