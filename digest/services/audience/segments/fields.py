"""A list's own fields: what they are, and what a person has in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import CustomField, FieldKind, MailingList
from digest.model.people.custom_fields import LONGEST_VALUE
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.segments.checking import compared, day, number
from digest.storage.audience import own_fields, subscribers
from digest.text.addresses.email_address import normalised
from digest.text.words.normalise import clean

MOST_FIELDS = 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
TAKEN = frozenset({"email", "name", "state", "tags", "list", "address"})
"""Keys that mean something else in files and forms."""


async def add(
    app: App,
    mailing_list: MailingList,
    key: str,
    *,
    title: str,
    kind: FieldKind,
    choices: Sequence[str] = (),
    in_form: bool = False,
) -> CustomField:
    """Make a field of a list.

    Raises:
        InputError: the key is no short word or is taken, a choice has no choices, or there are too many.
    """
    if not _KEY.fullmatch(key) or key in TAKEN:
        raise InputError(
            f"{key!r} cannot be the key of a field.",
            remedy=f"Use small Latin letters, digits and _, and none of {', '.join(sorted(TAKEN))}.",
        )
    given = tuple(dict.fromkeys(clean(one) for one in choices if clean(one)))
    if (kind is FieldKind.CHOICE) != bool(given):
        raise InputError(
            "A field of kind choice has choices, and no other has.", remedy="Give them with --choice."
        )
    list_id = row_id(mailing_list)
    async with app.database.begin() as session:
        known = await own_fields.of_list(session, list_id)
        if any(one.key == key for one in known):
            raise InputError(f"The list {mailing_list.slug} has a field {key} already.")
        if len(known) >= MOST_FIELDS:
            raise InputError(f"A list has at most {MOST_FIELDS} fields.")
        made = CustomField(
            list_id=list_id,
            key=key,
            title=clean(title) or key,
            kind=kind,
            choices=list(given),
            in_form=in_form,
            created_at=app.clock.now(),
        )
        session.add(made)
        await session.flush()
    return made


async def remove(app: App, mailing_list: MailingList, key: str) -> None:
    """Remove a field with all that people have in it. Segments that ask for it say so from then on.

    Raises:
        InputError: the list has no such field.
    """
    async with app.database.begin() as session:
        await session.delete(await _known(session, mailing_list, key))


async def of_list(app: App, mailing_list: MailingList) -> Sequence[CustomField]:
    """Return a list's own fields."""
    async with app.database.read() as session:
        return await own_fields.of_list(session, row_id(mailing_list))


async def in_form(app: App, mailing_list: MailingList) -> list[CustomField]:
    """Return those of a list's own fields that its form asks for."""
    async with app.database.read() as session:
        return [one for one in await own_fields.of_list(session, row_id(mailing_list)) if one.in_form]


def answers_to(asked: Iterable[CustomField], given: Mapping[str, str]) -> dict[str, str]:
    """Return what a form says in the fields that it asks for, each as it is kept; empty ones are left out.

    Raises:
        InputError: something does not fit its field.
    """
    return {one.key: fitting(one, value)[0] for one in asked if (value := clean(given.get(one.key, "")))}


def still_fitting(own: Iterable[CustomField], answers: Mapping[str, str]) -> dict[str, str]:
    """Return those of a form's answers that a list's fields still take; fields change while a form waits for
    somebody to look at it.
    """
    found: dict[str, str] = {}
    for one in own:
        try:
            found |= answers_to([one], answers)
        except InputError:
            continue
    return found


async def set_values(
    app: App, mailing_list: MailingList, address: str, values: Mapping[str, str]
) -> dict[str, str]:
    """Write what a person has in some fields, by key; an empty value empties one. Returns all of the
    person's.

    Raises:
        InputError: nobody on the list has the address, there is no such field, or a value does not fit.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        known = (
            await subscribers.subscription(session, row_id(mailing_list), row_id(person)) if person else None
        )
        if person is None or known is None:
            raise NotFoundError(f"{email} is not on the list {mailing_list.slug}.")
        await keep(session, mailing_list, row_id(person), values)
        found = await own_fields.values_of(session, [row_id(person)], row_id(mailing_list))
    return found.get(row_id(person), {})


async def keep(
    session: AsyncSession, mailing_list: MailingList, subscriber_id: int, values: Mapping[str, str]
) -> None:
    """Write what a person has in some fields, in the session's transaction; as `set_values`."""
    known = {one.key: one for one in await own_fields.of_list(session, row_id(mailing_list))}
    for key in values:
        if key not in known:
            raise _no_field(mailing_list, key, known)
    emptied = [row_id(known[key]) for key, value in values.items() if not clean(value)]
    rows = [
        row
        for key, value in values.items()
        if clean(value) and (row := value_row(known[key], subscriber_id, value))
    ]
    await own_fields.drop_values(session, subscriber_id, emptied)
    await (await session.connection()).run_sync(partial(own_fields.write, rows=rows))


def value_row(field: CustomField, subscriber_id: int, value: str) -> dict[str, object]:
    """Return a value as it is kept.

    Raises:
        InputError: it does not fit the field.
    """
    shown, figure = fitting(field, value)
    return {
        "subscriber_id": subscriber_id,
        "field_id": row_id(field),
        "value": shown,
        "compared": compared(shown),
        "number": figure,
        "import_id": None,
    }


def fitting(field: CustomField, value: str) -> tuple[str, float | None]:
    """Return a value as it is shown, and the number that it is, if it is one (pure).

    Raises:
        InputError: it does not fit the field.
    """
    text = clean(value)
    if len(text) > LONGEST_VALUE:
        raise InputError(f"{field.key} is {len(text)} letters long; {LONGEST_VALUE} are kept.")
    if field.kind is FieldKind.NUMBER:
        figure = number(text, field.key)
        return f"{figure:.12g}", figure
    if field.kind is FieldKind.DATE:
        return day(text, field.key).isoformat(), None
    if field.kind is FieldKind.CHOICE:
        return _choice(field, text), None
    return text, None


def _choice(field: CustomField, text: str) -> str:
    wanted = compared(text)
    for one in field.choices:
        if compared(one) == wanted:
            return one
    raise InputError(
        f"{text[:60]!r} is no choice of {field.key}.", remedy=f"There are: {', '.join(field.choices)}."
    )


async def _known(session: AsyncSession, mailing_list: MailingList, key: str) -> CustomField:
    found = await own_fields.by_key(session, row_id(mailing_list), key)
    if found is None:
        every = await own_fields.of_list(session, row_id(mailing_list))
        raise _no_field(mailing_list, key, [one.key for one in every])
    return found


def _no_field(mailing_list: MailingList, key: str, known: Iterable[str]) -> NotFoundError:
    return NotFoundError(
        f"The list {mailing_list.slug} has no field {key!r}.",
        remedy=f"There are: {', '.join(known) or 'none; make one with `digest fields add`'}.",
    )
