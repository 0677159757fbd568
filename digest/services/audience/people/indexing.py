"""Make the words that people are found by, for those who came or changed."""

import asyncio

from digest.services.app import App
from digest.services.audience.people.spelling import words_of
from digest.storage.accounts import people as accounts
from digest.storage.audience.people import words

AT_ONCE = 2_000


async def is_due(app: App) -> bool:
    """Say whether somebody cannot be found yet; never where nobody has an account to look for them."""
    async with app.database.read() as session:
        return await accounts.any_active(session) and await words.any_unindexed(session)


async def index(app: App, most: int | None = None) -> bool:
    """Make the words of those who wait for it, all or about `most`; False: nobody did."""
    done = 0
    while most is None or done < most:
        async with app.database.begin() as session:
            waiting = await words.unindexed(session, AT_ONCE if most is None else min(most, AT_ONCE))
            if not waiting:
                break
            made = await asyncio.to_thread(_words, waiting)
            await words.keep(session, made)
        done += len(waiting)
    return done > 0


def _words(waiting: list[tuple[int, str, str]]) -> dict[int, tuple[str, ...]]:
    return {one: words_of(name, email) for one, name, email in waiting}
