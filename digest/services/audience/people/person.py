"""One person by id, as somebody at a list sees them; and choices made in the person's name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from digest.errors import NotFoundError
from digest.model import MailingList, Subscriber, Subscription
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.choices import pausing, preferences
from digest.services.audience.choices.rules import Changes, Preferences
from digest.services.audience.segments import fields, tags
from digest.storage.audience import own_fields, subscribers
from digest.storage.audience.joining import signups


async def of_list(app: App, mailing_list: MailingList, subscriber_id: int) -> tuple[Subscriber, Subscription]:
    """Return a person and what stands between them and a list.

    Raises:
        NotFoundError: nobody of that id ever was on the list.
    """
    async with app.database.read() as session:
        person = await subscribers.by_id(session, subscriber_id)
        known = await subscribers.subscription(session, row_id(mailing_list), subscriber_id)
    if person is None or known is None:
        raise NotFoundError(f"Nobody of the list {mailing_list.slug} has the number {subscriber_id}.")
    return person, known


@dataclass(frozen=True, slots=True)
class ChoiceChange:
    """What a person's choices were before, and are after. `paused`: whether a pause was begun or ended."""

    before: Preferences
    after: Preferences
    paused: bool = False


async def choose(
    app: App,
    mailing_list: MailingList,
    subscriber_id: int,
    changes: Changes,
    *,
    by: str,
    pause_days: int | None = None,
) -> ChoiceChange:
    """Keep what a person asked an admin for, with a row of consent that says who did it.

    Raises:
        InputError: as `preferences.set_by_admin` and `pausing.pause_by_admin`.
    """
    person, known = await of_list(app, mailing_list, subscriber_id)
    before = Preferences.of(known)
    after = await preferences.set_by_admin(app, mailing_list, person.email, changes)
    if pause_days is not None:
        await pausing.pause_by_admin(app, mailing_list, person.email, pause_days)
    if after != before or pause_days is not None:
        async with app.database.begin() as session:
            await signups.note(session, known, "chose", at=app.clock.now(), how="admin", came_from=by)
    return ChoiceChange(before, after, paused=pause_days is not None)


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What a list keeps of a person beyond choices: name, values of its own fields by key, tags."""

    name: str
    values: dict[str, str]
    tags: tuple[str, ...]


async def details(app: App, mailing_list: MailingList, subscriber_id: int) -> PersonDetails:
    """Return what a list keeps of a person.

    Raises:
        NotFoundError: as `of_list`.
    """
    person, _ = await of_list(app, mailing_list, subscriber_id)
    async with app.database.read() as session:
        values = await own_fields.values_of(session, [subscriber_id], row_id(mailing_list))
        given = await own_fields.tags_of(session, [subscriber_id], row_id(mailing_list))
    return PersonDetails(
        person.name, values.get(subscriber_id, {}), tuple(sorted(given.get(subscriber_id, ())))
    )


async def describe(
    app: App, mailing_list: MailingList, subscriber_id: int, wanted: PersonDetails
) -> tuple[PersonDetails, PersonDetails]:
    """Keep name, own fields and tags of a person; returns what was, and what is.

    Raises:
        InputError: as `of_list`, or a value or a tag does not fit; then nothing is kept.
    """
    before = await details(app, mailing_list, subscriber_id)
    after = replace(wanted, tags=tuple(sorted({tags.tag_of(one) for one in wanted.tags})))
    async with app.database.begin() as session:
        person = await subscribers.by_id(session, subscriber_id)
        if person is None:
            raise NotFoundError(f"Nobody has the number {subscriber_id}.")
        person.name = after.name
        session.add(person)
        await fields.keep(session, mailing_list, subscriber_id, after.values)
        for one in _missing(before.tags, after.tags):
            await own_fields.take_tag(session, row_id(mailing_list), [subscriber_id], one)
        for one in _missing(after.tags, before.tags):
            await own_fields.give_tag(session, row_id(mailing_list), [subscriber_id], one, app.clock.now())
    return before, await details(app, mailing_list, subscriber_id)


def _missing(these: Collection[str], those: Collection[str]) -> Sequence[str]:
    return [one for one in these if one not in those]
