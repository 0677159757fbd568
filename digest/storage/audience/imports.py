"""Imports in the store, by a few statements for many people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Integer,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from digest.model import (
    Delivery,
    FieldValue,
    Frequency,
    ImportRun,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digest.model.rows import known_id
from digest.storage.audience import import_extras as extras

_SUBSCRIBER = Subscriber.__table__  # type: ignore[attr-defined]
_SUBSCRIPTION = Subscription.__table__  # type: ignore[attr-defined]
_SUPPRESSION = Suppression.__table__  # type: ignore[attr-defined]
_VALUE = FieldValue.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Known:
    """How an address stands. `subscriber_id` None: nobody has it; `state` None: it is not on the list."""

    subscriber_id: int | None = None
    name: str = ""
    state: SubscriptionState | None = None
    how: str = ""
    suppressed: bool = False


NOBODY = Known()


def anybody_is_suppressed(connection: Connection) -> bool:
    """Say whether there is any address that must never be mailed."""
    return connection.execute(select(col(Suppression.address_hash)).limit(1)).first() is not None


def known(
    connection: Connection, list_id: int, emails: Sequence[str], hashes: Mapping[str, Sequence[str]]
) -> dict[str, Known]:
    """Return how addresses stand that somebody has, or that must not be mailed, by their `hashes` if any."""
    expand = func.json_array_elements_text if connection.dialect.name == "postgresql" else func.json_each
    given = expand(bindparam("given", type_=JSON)).table_valued("value")
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


def add_people(
    connection: Connection, rows: Sequence[tuple[str, str, str]], *, locale: str, now: datetime
) -> dict[str, int]:
    """Add people (address, name, key) who are not there yet; returns the ids of all, by address."""
    if not rows:
        return {}
    if connection.dialect.name == "sqlite":
        return _add_numbered(connection, rows, locale=locale, now=now)
    given = {"given": [list(row) for row in rows], "locale": locale, "now": now}
    ids = {row[0]: row[1] for row in connection.execute(_ADDED, given)}
    if len(ids) < len(rows):  # somebody else added some of them at the same moment
        missing = [email for email, _, _ in rows if email not in ids]
        query = select(col(Subscriber.email), col(Subscriber.id)).where(col(Subscriber.email).in_(missing))
        ids |= {row[0]: known_id(row[1]) for row in connection.execute(query)}
    return ids


_ADDED = text(
    "INSERT INTO subscriber (email, name, locale, key, sample, created_at) "
    "SELECT one.value ->> 0, one.value ->> 1, :locale, one.value ->> 2, false, :now "
    "FROM json_array_elements(:given) AS one WHERE true ON CONFLICT (email) DO NOTHING RETURNING email, id"
).bindparams(bindparam("given", type_=JSON), bindparam("now", type_=_SUBSCRIBER.c.created_at.type))
"""One statement for all rows: parameters of their own would take most of the time."""


def _add_numbered(
    connection: Connection, rows: Sequence[tuple[str, str, str]], *, locale: str, now: datetime
) -> dict[str, int]:
    """Add people with the next ids; SQLite has one writer, so that nobody was added since they were looked
    for.
    """
    first = connection.execute(select(func.coalesce(func.max(_SUBSCRIBER.c.id), 0))).scalar_one() + 1
    kind, dialect = _SUBSCRIBER.c.created_at.type, connection.dialect
    at = kind.dialect_impl(dialect).bind_processor(dialect)(now)
    connection.exec_driver_sql(
        "INSERT INTO subscriber (id, email, name, locale, key, sample, created_at) VALUES (?, ?, ?, ?, ?, 0, ?)",
        [(id_, email, name, locale, key, at) for id_, (email, name, key) in enumerate(rows, first)],
    )
    return {row[0]: id_ for id_, row in enumerate(rows, first)}


def add_subscriptions(
    connection: Connection, list_id: int, run: ImportRun, ids: Sequence[int], state: SubscriptionState
) -> None:
    """Add subscriptions of an import, confirmed or left; one that is there meanwhile stays as it is."""
    if not ids:
        return
    is_left = state is SubscriptionState.LEFT
    expand = func.json_array_elements_text if connection.dialect.name == "postgresql" else func.json_each
    given = expand(bindparam("given", type_=JSON)).table_valued("value")
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
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = made(_SUBSCRIPTION).from_select(["subscriber_id", *constant], rows, include_defaults=False)
    connection.execute(statement.on_conflict_do_nothing(), {"given": list(ids)})
    if is_left:
        table = _SUBSCRIPTION.c
        extras.note(connection, run, "left", (table.import_id == run.id) & table.subscriber_id.in_(ids))


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
        extras.note(connection, run, "confirmed", (table.import_id == run.id) & table.subscriber_id.in_(ids))


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
        made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(
            made(_SUPPRESSION).on_conflict_do_nothing(),
            [
                {"address_hash": hashed, "reason": reason, "created_at": run.at, "import_id": run.id}
                for hashed, reason in reasons.items()
            ],
        )


def undo(connection: Connection, run: ImportRun, now: datetime) -> dict[str, int]:
    """Take back what an import changed, but for those who came or left by themselves since; returns
    counts.
    """
    table = _SUBSCRIPTION.c
    own = (table.import_id == run.id) & (table.consent_how == "import")
    untouched = (table.state == SubscriptionState.CONFIRMED) | (
        (table.left_at == run.at) & table.asked_again_at.is_(None)
    )
    fresh = table.requested_at == run.at
    pressed = own & untouched & ~fresh & (table.state == SubscriptionState.CONFIRMED)
    extras.note(connection, run, "confirmation undone", pressed, how="undo-import", at=now)
    reopened = connection.execute(
        update(_SUBSCRIPTION)
        .where(pressed)
        .values(state=SubscriptionState.PENDING, confirmed_at=None, import_id=None, consent_how="form")
    ).rowcount
    taken = connection.execute(delete(_SUBSCRIPTION).where(own, untouched, fresh)).rowcount
    ended = (
        (table.ended_by_import == run.id)
        & (table.state == SubscriptionState.LEFT)
        & (table.left_at == run.at)
    )
    extras.note(connection, run, "returned", ended, how="undo-import", at=now)
    for back, when in (
        (SubscriptionState.CONFIRMED, table.confirmed_at.is_not(None)),
        (SubscriptionState.PENDING, table.confirmed_at.is_(None)),
    ):
        reopened += connection.execute(
            update(_SUBSCRIPTION).where(ended, when).values(state=back, left_at=None, ended_by_import=None)
        ).rowcount
    connection.execute(delete(_VALUE).where(_VALUE.c.import_id == run.id))
    extras.take_tags(connection, run)
    lifted = connection.execute(delete(_SUPPRESSION).where(_SUPPRESSION.c.import_id == run.id)).rowcount
    person = _SUBSCRIBER.c
    gone = connection.execute(
        delete(_SUBSCRIBER).where(
            person.created_at == run.at,
            ~exists().where(table.subscriber_id == person.id),
            ~exists().where(col(Delivery.subscriber_id) == person.id),
        )
    ).rowcount
    connection.execute(update(ImportRun).where(col(ImportRun.id) == run.id).values(undone_at=now))
    return {"taken": taken, "people": gone, "reopened": reopened, "lifted": lifted}
