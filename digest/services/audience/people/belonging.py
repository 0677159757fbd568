"""What somebody who is there for some lists alone may read of a person's mail.

`seen` are always the ids of those lists; None: all lists, and all is shown.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import BounceEvent, Subscriber
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience.people import belonging as stored

STOPPED = "mail to it is stopped"
"""Instead of a reason that belongs to another list."""


async def reasons(
    session: AsyncSession, stopped: Mapping[int, str], seen: Collection[int] | None
) -> Mapping[int, str]:
    """Return why mail to people was stopped, by their ids: the full words where they belong to the lists.

    `stopped` gives the full words. A person who never was on another list belongs to these wholly.
    """
    if seen is None or not stopped:
        return stopped
    others = await stored.elsewhere(session, list(stopped), seen)
    theirs = await stored.stopped_here(session, list(others), seen) if others else set()
    return {one: why if one not in others or one in theirs else STOPPED for one, why in stopped.items()}


async def reasons_of(
    app: App, people: Iterable[Subscriber], seen: Collection[int] | None
) -> Mapping[int, str]:
    """Return why mail to people is stopped, by the ids of those to whom it is, as `reasons` does."""
    stopped = {row_id(one): one.disabled_reason for one in people if one.disabled_reason is not None}
    async with app.database.read() as session:
        return await reasons(session, stopped, seen)


async def reason(app: App, person: Subscriber, seen: Collection[int] | None) -> str | None:
    """Return why mail to a person is stopped, as `reasons` does; None: it is not."""
    return (await reasons_of(app, [person], seen)).get(row_id(person))


async def is_whole(app: App, person: Subscriber, seen: Collection[int] | None) -> bool:
    """Say whether a person never was on another list than these."""
    if seen is None:
        return True
    async with app.database.read() as session:
        return not await stored.elsewhere(session, [row_id(person)], seen)


async def returned(app: App, person: Subscriber, seen: Collection[int], most: int) -> list[BounceEvent]:
    """Return what came back about a person from the lists, newest first."""
    async with app.database.read() as session:
        return await stored.returned(session, row_id(person), seen, most)
