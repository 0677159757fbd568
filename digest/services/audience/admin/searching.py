"""Finding people by what one remembers of them: a piece of the address or name, a tag, a value."""

import asyncio

from digest.errors import InputError
from digest.model import Subscriber, Subscription
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.segments.checking import compared
from digest.storage.audience import exports, lists

AT_ONCE = 20_000


async def search(
    app: App, text: str, slug: str | None = None, most: int = 50
) -> list[tuple[Subscriber, Subscription]]:
    """Return people in whose address, name, tags or own fields the words stand, by address.

    Of one list, its own tags and fields alone are looked at.

    Spelling is forgiven as in Arabic search: hamza, diacritics, tatweel, ة and ه, ى and ي, digits.

    Raises:
        InputError: there is nothing to search for, or no such list.
    """
    words = compared(text)
    if not words:
        raise InputError("There is nothing to search for.")
    last, found = 0, set[int]()
    async with app.database.read() as session:
        list_id = row_id(await lists.by_slug(session, slug)) if slug else None
        found |= set(await exports.called(session, words, most, list_id))
    while len(found) < most:
        async with app.database.read() as session:
            people = await exports.named_after(session, last, AT_ONCE, list_id)
        if not people:
            break
        last = people[-1][0]
        # Folding is done here: a database cannot, and it may take a second in a large list.
        found |= set(await asyncio.to_thread(_fitting, people, words))
    async with app.database.read() as session:
        return (await exports.subscriptions(session, sorted(found)[:most], list_id))[:most]


def _fitting(people: list[tuple[int, str, str]], words: str) -> list[int]:
    return [one for one, email, name in people if words in email or (name and words in compared(name))]
