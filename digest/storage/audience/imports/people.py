"""How people of a file stand, and what an import makes of them, by a few statements for many."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Integer,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
    update,
)
from sqlmodel import col

from digest.errors import StoreConflictError
from digest.model import Frequency, ImportRun, Subscriber, Subscription, SubscriptionState, Suppression
from digest.model.rows import known_id
from digest.storage.audience.imports import extras
from digest.storage.database.dialects import dialect_of, insert_for, json_values

_SUBSCRIBER = Subscriber.__table__  # type: ignore[attr-defined]
_SUBSCRIPTION = Subscription.__table__  # type: ignore[attr-defined]
_SUPPRESSION = Suppression.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Known:
    """How an address stands. `subscriber_id` None: nobody has it; `state` None: it is not on the list."""

    subscriber_id: int | None = None
    name: str = ""
    state: SubscriptionState | None = None
    how: str = ""
    suppressed: bool = False


NOBODY = Known()


class NewPeople(NamedTuple):
    """People to be added, a column each: their addresses, names and keys."""

    emails: Sequence[str]
    names: Sequence[str]
    keys: Sequence[str]


MANY = 500
"""People who are added at once, from which on it is worth it to look for a quicker way."""


def anybody_is_suppressed(connection: Connection, run: ImportRun | None) -> bool:
    """Say whether there is any address that must never be mailed, beside those that an import itself brought:
    its file says of each address one thing.
    """
    query = select(col(Suppression.address_hash)).limit(1)
    if run is not None:
        query = query.where(col(Suppression.import_id).is_distinct_from(run.id))
    return connection.execute(query).first() is not None


def known(
    connection: Connection, list_id: int, emails: Sequence[str], hashes: Mapping[str, Sequence[str]]
) -> dict[str, Known]:
    """Return how addresses stand that somebody has, or that must not be mailed, by their `hashes` if any.

    `emails` are sorted by their octets.
    """
    if not hashes and _nobody_between(connection, emails):
        return {}
    given = json_values(dialect_of(connection), bindparam("given", type_=JSON))
    people = connection.execute(
        select(
            col(Subscriber.email),
            col(Subscriber.id),
            col(Subscriber.name),
            col(Subscription.state),
            col(Subscription.consent_how),
        ).select_from(
            given.join(Subscriber, col(Subscriber.email) == given.c.value).outerjoin(
                Subscription,
                (col(Subscription.subscriber_id) == col(Subscriber.id))
                & (col(Subscription.list_id) == list_id),
            )
        ),
        {"given": list(emails)},
    )
    found = {row[0]: Known(row[1], row[2], row[3], row[4] or "") for row in people}
    if not hashes:
        return found
    banned = {
        row[0]
        for row in connection.execute(
            select(col(Suppression.address_hash)).join(given, col(Suppression.address_hash) == given.c.value),
            {"given": [one for each in hashes.values() for one in each]},
        )
    }
    if banned:
        for email, kept_under in hashes.items():
            if not banned.isdisjoint(kept_under):
                before = found.get(email, NOBODY)
                found[email] = Known(before.subscriber_id, before.name, before.state, before.how, True)  # noqa: FBT003
    return found


def _nobody_between(connection: Connection, emails: Sequence[str]) -> bool:
    """Say whether there is nobody whose address stands from the first to the last of some: then none need be
    looked for. Only SQLite compares octets.
    """
    if connection.dialect.name != "sqlite" or not emails:
        return not emails
    between = _SUBSCRIBER.c.email.between(emails[0], emails[-1])
    return connection.execute(select(_SUBSCRIBER.c.id).where(between).limit(1)).first() is None


def add_people(connection: Connection, people: NewPeople, *, locale: str, now: datetime) -> Sequence[int]:
    """Add people who are not there yet; returns the ids of all, in their order."""
    emails = people.emails
    if not emails:
        return ()
    if connection.dialect.name == "sqlite":
        return _add_numbered(connection, people, locale=locale, now=now)
    given = {"given": list(zip(*people, strict=True)), "locale": locale, "now": now}
    ids = {row[0]: row[1] for row in connection.execute(_ADDED, given)}
    if len(ids) < len(emails):  # somebody else added some of them at the same moment
        missing = [email for email in emails if email not in ids]
        query = select(col(Subscriber.email), col(Subscriber.id)).where(col(Subscriber.email).in_(missing))
        ids |= {row[0]: known_id(row[1]) for row in connection.execute(query)}
        if len(ids) < len(emails):
            raise StoreConflictError("Somebody was removed while an import added them.")
    return [ids[email] for email in emails]


_ADDED = text(
    "INSERT INTO subscriber (email, name, locale, key, sample, created_at) "
    "SELECT one.value ->> 0, one.value ->> 1, :locale, one.value ->> 2, false, :now "
    "FROM json_array_elements(:given) AS one WHERE true ON CONFLICT (email) DO NOTHING RETURNING email, id"
).bindparams(bindparam("given", type_=JSON), bindparam("now", type_=_SUBSCRIBER.c.created_at.type))
"""One statement for all rows: parameters of their own would take most of the time."""


def _add_numbered(connection: Connection, people: NewPeople, *, locale: str, now: datetime) -> Sequence[int]:
    """Add people with the next ids; SQLite has one writer, so that nobody was added since they were looked
    for.
    """
    first = connection.execute(select(func.coalesce(func.max(_SUBSCRIBER.c.id), 0))).scalar_one() + 1
    kind, dialect = _SUBSCRIBER.c.created_at.type, connection.dialect
    at = kind.dialect_impl(dialect).bind_processor(dialect)(now)
    ids = range(first, first + len(people.emails))
    with _noted_together(connection, ids):
        connection.exec_driver_sql(
            "INSERT INTO subscriber (email, name, key, id, locale, created_at, sample) VALUES (?, ?, ?, ?, ?, ?, 0)",
            list(zip(*people, ids, *(repeat(one, len(ids)) for one in (locale, at)), strict=True)),
        )
    return ids


@contextmanager
def _noted_together(connection: Connection, ids: range) -> Iterator[None]:
    """Note many people who come as those whose words are to be made by one statement; a trigger that does it
    one by one takes as long as it takes to write them. Nobody else sees the database without it.
    """
    query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'person_came'"
    trigger = connection.exec_driver_sql(query).scalar() if len(ids) >= MANY else None
    if trigger is None:
        yield
        return
    connection.exec_driver_sql("DROP TRIGGER person_came")
    yield
    connection.exec_driver_sql(
        "INSERT INTO unindexed_person (subscriber_id) "
        "SELECT id FROM subscriber WHERE id BETWEEN ? AND ? ON CONFLICT (subscriber_id) DO NOTHING",
        (ids[0], ids[-1]),
    )
    connection.exec_driver_sql(trigger)


def add_subscriptions(
    connection: Connection, list_id: int, run: ImportRun, ids: Sequence[int], state: SubscriptionState
) -> None:
    """Add subscriptions of an import, confirmed or left; one that is there meanwhile stays as it is."""
    if not ids:
        return
    is_left = state is SubscriptionState.LEFT
    given = json_values(dialect_of(connection), bindparam("given", type_=JSON))
    constant = {
        "list_id": list_id,
        "state": state,
        "requested_at": run.at,
        "confirmed_at": None if is_left else run.at,
        "left_at": run.at if is_left else None,
        "consent_how": "import",
        "consent_from": run.file,
        "frequency": Frequency.DAILY,
        "import_id": run.id,
    }
    values = [literal(value, type_=_SUBSCRIPTION.c[name].type) for name, value in constant.items()]
    # With a condition, because SQLite takes ON CONFLICT after a bare FROM for one of a join.
    rows = select(cast(given.c.value, Integer), *values).where(given.c.value.is_not(None))
    statement = insert_for(connection, _SUBSCRIPTION).from_select(
        ["subscriber_id", *constant], rows, include_defaults=False
    )
    connection.execute(statement.on_conflict_do_nothing(), {"given": list(ids)})
    if is_left:
        table = _SUBSCRIPTION.c
        extras.note(connection, run, "left", _of_run(run) & table.subscriber_id.in_(ids))


def _of_run(run: ImportRun) -> ColumnElement[bool]:
    """Hold of what an import confirmed; not by its index, in which all that it has done so far would be
    read.
    """
    return func.coalesce(_SUBSCRIPTION.c.import_id, 0) == run.id


def confirm_pending(connection: Connection, list_id: int, run: ImportRun, ids: Sequence[int]) -> None:
    """Confirm those who wait for it, in the name of the file."""
    _change(
        connection,
        list_id,
        ids,
        SubscriptionState.PENDING,
        state=SubscriptionState.CONFIRMED,
        confirmed_at=run.at,
        consent_how="import",
        consent_from=run.file,
        import_id=run.id,
    )
    if ids:
        table = _SUBSCRIPTION.c
        extras.note(connection, run, "confirmed", _of_run(run) & table.subscriber_id.in_(ids))


def end(connection: Connection, list_id: int, run: ImportRun, ids: Sequence[int]) -> None:
    """End subscriptions, because the file says that they ended."""
    for before in (SubscriptionState.CONFIRMED, SubscriptionState.PENDING):
        _change(
            connection,
            list_id,
            ids,
            before,
            state=SubscriptionState.LEFT,
            left_at=run.at,
            asked_again_at=None,
            ended_by_import=run.id,
        )
    if ids:
        table = _SUBSCRIPTION.c
        extras.note(connection, run, "left", (table.ended_by_import == run.id) & table.subscriber_id.in_(ids))


def _change(
    connection: Connection, list_id: int, ids: Sequence[int], before: SubscriptionState, **values: Any
) -> None:
    if ids:
        connection.execute(
            update(_SUBSCRIPTION)
            .where(
                _SUBSCRIPTION.c.list_id == list_id,
                _SUBSCRIPTION.c.subscriber_id.in_(ids),
                _SUBSCRIPTION.c.state == before,
            )
            .values(**values)
        )


def fill_names(connection: Connection, names: Mapping[int, str]) -> None:
    """Write the names of people who have none."""
    if names:
        connection.execute(
            update(_SUBSCRIBER)
            .where(_SUBSCRIBER.c.id == bindparam("one"), _SUBSCRIBER.c.name == "")
            .values(name=bindparam("given")),
            [{"one": one, "given": name} for one, name in names.items()],
        )


def suppress(connection: Connection, run: ImportRun, reasons: Mapping[str, str]) -> None:
    """Never mail those addresses again (reasons by hash); a reason that was there before stays."""
    if reasons:
        connection.execute(
            insert_for(connection, _SUPPRESSION).on_conflict_do_nothing(),
            [
                {"address_hash": hashed, "reason": reason, "created_at": run.at, "import_id": run.id}
                for hashed, reason in reasons.items()
            ],
        )
