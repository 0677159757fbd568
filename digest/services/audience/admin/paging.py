"""People, imports and suppressions a page at a time, and one of them by its number."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import NotFoundError
from digest.model import (
    ImportRun,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digest.model.rows import row_id
from digest.model.versions import require_version
from digest.services.app import App
from digest.services.audience.choices import preferences
from digest.services.audience.choices.rules import Changes, Preferences
from digest.services.audience.joining import leaving
from digest.services.audience.joining.memberships import ConsentEvidence
from digest.services.audience.segments import fields
from digest.services.audience.segments.tags import tag_of
from digest.storage.audience import own_fields, subscribers
from digest.storage.audience import people_pages as stored


async def people_after(
    app: App,
    mailing_list: MailingList,
    after: int,
    limit: int,
    *,
    state: SubscriptionState | None = None,
    tag: str | None = None,
) -> list[tuple[Subscriber, Subscription]]:
    """Return a list's people whose numbers come after one.

    Raises:
        InputError: the tag is none.
    """
    kept = tag_of(tag) if tag else None
    async with app.database.read() as session:
        return await stored.people(session, row_id(mailing_list), after, limit, state=state, tag=kept)


async def person_on(app: App, mailing_list: MailingList, number: int) -> tuple[Subscriber, Subscription]:
    """Return somebody on a list by number.

    Raises:
        NotFoundError: nobody on the list has it.
    """
    async with app.database.read() as session:
        found = await stored.person(session, row_id(mailing_list), number)
    if found is None:
        raise NotFoundError(f"Nobody on the list {mailing_list.slug} has the number {number}.")
    return found


async def take_off(app: App, mailing_list: MailingList, number: int, *, seen: str | None = None) -> bool:
    """End somebody's subscription by an admin's hand; False: it had ended already.

    Raises:
        NotFoundError: as `person_on`.
        RefusedError: it was changed since it had the mark `seen` (`version_of` what `kept_of` gives).
    """
    _, known = await person_on(app, mailing_list, number)
    async with app.database.begin() as session:
        await require_seen(session, mailing_list, number, seen)
        return await leaving.end(session, known, app.clock.now(), ConsentEvidence(how="admin"))


def kept_of(known: Subscription, values: Mapping[str, str]) -> dict[str, object]:
    """Return what is chosen of a subscription and stands in the list's own fields (pure)."""
    return {"state": known.state.value, "choices": asdict(Preferences.of(known)), "fields": dict(values)}


async def require_seen(
    session: AsyncSession, mailing_list: MailingList, number: int, seen: str | None
) -> None:
    """Let nobody else change a subscription meanwhile, and refuse the change if it is not as it was seen.

    Raises:
        RefusedError: as `take_off`.
    """
    if seen is None:
        return
    known = await subscribers.locked_subscription(session, row_id(mailing_list), number)
    values = await own_fields.values_of(session, [number], row_id(mailing_list))
    require_version(seen, kept_of(known, values.get(number, {})) if known else {})


async def change(
    app: App,
    mailing_list: MailingList,
    number: int,
    choices: Changes,
    values: Mapping[str, str],
    *,
    seen: str | None = None,
) -> None:
    """Change choices and own fields of somebody on a list, as they asked for: both, or nothing.

    Raises:
        NotFoundError: as `person_on`.
        InputError: a choice or a value is none of the list's.
        RefusedError: as `take_off`.
    """
    await person_on(app, mailing_list, number)
    async with app.database.begin() as session:
        await require_seen(session, mailing_list, number, seen)
        if choices:
            await preferences.keep_changes(session, mailing_list, number, choices)
        if values:
            await fields.keep(session, mailing_list, number, values)


async def imports_below(
    app: App, mailing_list: MailingList, below: int | None, limit: int
) -> Sequence[ImportRun]:
    """Return a list's imports, newest first."""
    async with app.database.read() as session:
        return await stored.imports(session, row_id(mailing_list), below, limit)


async def import_of(app: App, mailing_list: MailingList, number: int) -> ImportRun:
    """Return an import of a list.

    Raises:
        NotFoundError: the list has none of that number.
    """
    async with app.database.read() as session:
        found = await stored.imports(session, row_id(mailing_list), number + 1, 1)
    if not found or found[0].id != number:
        raise NotFoundError(f"The list {mailing_list.slug} has no import {number}.")
    return found[0]


async def suppressions_after(
    app: App, after: str, limit: int, reason: str | None = None
) -> Sequence[Suppression]:
    """Return suppressions whose hashes come after one."""
    async with app.database.read() as session:
        return await stored.suppressions(session, after, limit, reason)
