"""Saved segments: keep, look, count, ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import (
    CheckedSegment,
    MailingList,
    SavedSegment,
    SegmentDefinition,
    Subscriber,
    Subscription,
)
from digest.model.rows import row_id
from digest.model.versions import require_version
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.audience.segments.checking import checked
from digest.storage.audience import own_fields
from digest.storage.audience import segments as stored
from digest.storage.audience.eligible import reading
from digest.text.names import require_name

SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentShown:
    """A segment as it stands now: how many it means, how many of them are readers, and the first people."""

    name: str
    definition: SegmentDefinition
    count: int
    readers: int
    people: tuple[tuple[Subscriber, Subscription], ...]


async def keep(
    app: App,
    mailing_list: MailingList,
    name: str,
    definition: SegmentDefinition,
    *,
    seen: str | None = None,
) -> SegmentShown:
    """Save a segment, new or changed, and look at it. `seen` is the mark (`version_of`) of its definition.

    Raises:
        InputError: the name is none, or the definition asks for what there is not.
        RefusedError: it was changed, or removed, since it had that mark.
    """
    require_name(name, "a segment")
    async with app.database.begin() as session:
        segment = await ready(app, session, mailing_list, definition)
        shown = await _shown(session, name, definition, segment)
        kept = definition.model_dump(mode="json")
        if seen is not None:
            known = await stored.by_name(session, row_id(mailing_list), name, lock=True)
            require_version(seen, known.definition if known else {})
        await stored.keep(session, row_id(mailing_list), name, kept, app.clock.now())
    return shown


async def look(app: App, mailing_list: MailingList, definition: SegmentDefinition) -> SegmentShown:
    """Say whom a definition means, without saving it.

    Raises:
        InputError: as `keep`.
    """
    async with app.database.read() as session:
        segment = await ready(app, session, mailing_list, definition)
        return await _shown(session, "", definition, segment)


async def show(app: App, mailing_list: MailingList, name: str) -> SegmentShown:
    """Say whom a saved segment means now.

    Raises:
        InputError: there is none of that name, or it asks for a field that was removed.
    """
    async with app.database.read() as session:
        definition = await of_name(session, mailing_list, name)
        segment = await ready(app, session, mailing_list, definition, name=name)
        return await _shown(session, name, definition, segment)


async def every(app: App, mailing_list: MailingList) -> Sequence[SavedSegment]:
    """Return a list's segments by name."""
    async with app.database.read() as session:
        return await stored.every(session, row_id(mailing_list))


async def remove(app: App, mailing_list: MailingList, name: str, *, seen: str | None = None) -> None:
    """Remove a segment; editions that went out by it keep what it was.

    Raises:
        InputError: there is none of that name.
        RefusedError: as `keep`.
    """
    async with app.database.begin() as session:
        found = await stored.by_name(session, row_id(mailing_list), name, lock=True)
        if found is None:
            raise await _missing(session, mailing_list, name)
        require_version(seen, found.definition)
        await session.delete(found)


async def of_name(session: AsyncSession, mailing_list: MailingList, name: str) -> SegmentDefinition:
    """Return a saved segment's definition.

    Raises:
        InputError: there is none of that name.
    """
    found = await stored.by_name(session, row_id(mailing_list), name)
    if found is None:
        raise await _missing(session, mailing_list, name)
    return SegmentDefinition.model_validate(found.definition)


async def ready(
    app: App,
    session: AsyncSession,
    mailing_list: MailingList,
    definition: SegmentDefinition,
    *,
    name: str = "",
) -> CheckedSegment:
    """Return a definition ready to be asked now, of the list as it is now.

    Raises:
        InputError: it asks for what the list does not have; the sentence names the segment.
    """
    own = await own_fields.of_list(session, row_id(mailing_list))
    keys = [spec.key for spec in specs(mailing_list)]
    try:
        return checked(definition, mailing_list, own, keys, app.clock.now())
    except InputError as error:
        if not name:
            raise
        raise InputError(
            f"The segment {name} cannot be asked: {error.message}", remedy=error.remedy
        ) from error


async def _shown(
    session: AsyncSession, name: str, definition: SegmentDefinition, segment: CheckedSegment
) -> SegmentShown:
    return SegmentShown(
        name=name,
        definition=definition,
        count=await stored.count(session, segment),
        readers=await stored.count(session, segment, *reading(segment.list_id)),
        people=tuple(await stored.first(session, segment, SHOWN)),
    )


async def _missing(session: AsyncSession, mailing_list: MailingList, name: str) -> NotFoundError:
    names = [one.name for one in await stored.every(session, row_id(mailing_list))]
    return NotFoundError(
        f"The list {mailing_list.slug} has no segment {name!r}.",
        remedy=f"There are: {', '.join(names)}." if names else "Save one with `digest segments add`.",
    )
