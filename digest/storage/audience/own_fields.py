"""A list's own fields, what people have in them, and tags, in the store."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import JSON, Connection, bindparam, delete, func
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import CustomField, FieldValue, Subscriber, SubscriberTag, Subscription
from digest.model.rows import known_id
from digest.storage.database.dialects import dialect_of, insert_for, json_values

_VALUE = FieldValue.__table__  # type: ignore[attr-defined]
_TAG = SubscriberTag.__table__  # type: ignore[attr-defined]


async def of_list(session: AsyncSession, list_id: int) -> Sequence[CustomField]:
    """Return a list's own fields, in the order in which they were made."""
    query = select(CustomField).where(CustomField.list_id == list_id).order_by(col(CustomField.id))
    return (await session.exec(query)).all()


async def by_key(session: AsyncSession, list_id: int, key: str) -> CustomField | None:
    """Return a list's field of that key, or None."""
    query = select(CustomField).where(CustomField.list_id == list_id, CustomField.key == key)
    return (await session.exec(query)).first()


def write(connection: Connection, rows: Sequence[Mapping[str, object]], *, over: bool = True) -> None:
    """Write values, as rows of `FieldValue`; `over`: instead of what stood there, else only where nothing
    did.
    """
    if not rows:
        return
    statement = insert_for(connection, _VALUE)
    if over:
        taken = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["subscriber_id", "field_id"],
            set_={name: getattr(taken, name) for name in ("value", "compared", "number", "import_id")},
        )
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, list(rows))


def members(connection: Connection, list_id: int, emails: Sequence[str]) -> dict[str, int]:
    """Return the ids of those who have the addresses and are on the list, by address."""
    if not emails:
        return {}
    given = json_values(dialect_of(connection), bindparam("given", type_=JSON))
    rows = connection.execute(
        core_select(col(Subscriber.email), col(Subscriber.id)).select_from(
            given.join(Subscriber, col(Subscriber.email) == given.c.value).join(
                Subscription,
                (col(Subscription.subscriber_id) == col(Subscriber.id))
                & (col(Subscription.list_id) == list_id),
            )
        ),
        {"given": list(emails)},
    )
    return {row[0]: known_id(row[1]) for row in rows}


async def drop_values(session: AsyncSession, subscriber_id: int, field_ids: Iterable[int]) -> None:
    """Empty some fields of a person."""
    await session.exec(
        delete(FieldValue).where(
            col(FieldValue.subscriber_id) == subscriber_id, col(FieldValue.field_id).in_(list(field_ids))
        )
    )


async def values_of(session: AsyncSession, ids: Iterable[int], list_id: int) -> dict[int, dict[str, str]]:
    """Return what people have in a list's own fields, by subscriber and key; who has nothing is left out."""
    query = (
        select(FieldValue.subscriber_id, CustomField.key, FieldValue.value)
        .join(CustomField, col(CustomField.id) == col(FieldValue.field_id))
        .where(CustomField.list_id == list_id, col(FieldValue.subscriber_id).in_(list(ids)))
    )
    found: dict[int, dict[str, str]] = {}
    for subscriber_id, key, value in (await session.exec(query)).all():
        found.setdefault(subscriber_id, {})[key] = value
    return found


async def tags_of(session: AsyncSession, ids: Iterable[int], list_id: int) -> dict[int, list[str]]:
    """Return people's tags on a list, by subscriber; who has none is left out."""
    query = (
        select(SubscriberTag.subscriber_id, SubscriberTag.tag)
        .where(SubscriberTag.list_id == list_id, col(SubscriberTag.subscriber_id).in_(list(ids)))
        .order_by(SubscriberTag.tag)
    )
    found: dict[int, list[str]] = {}
    for subscriber_id, tag in (await session.exec(query)).all():
        found.setdefault(subscriber_id, []).append(tag)
    return found


async def give_tag(session: AsyncSession, list_id: int, ids: Sequence[int], tag: str, now: datetime) -> None:
    """Give people a tag; who has it keeps it."""
    if not ids:
        return
    rows = [{"subscriber_id": one, "list_id": list_id, "tag": tag, "given_at": now} for one in ids]
    await (await session.connection()).execute(insert_for(session, _TAG).on_conflict_do_nothing(), rows)


async def take_tag(session: AsyncSession, list_id: int, ids: Sequence[int], tag: str) -> int:
    """Take a tag from people; returns from how many."""
    done = await session.exec(
        delete(SubscriberTag).where(
            col(SubscriberTag.list_id) == list_id,
            col(SubscriberTag.tag) == tag,
            col(SubscriberTag.subscriber_id).in_(list(ids)),
        )
    )
    return done.rowcount


async def tag_counts(session: AsyncSession, list_id: int) -> dict[str, int]:
    """Return how many people have each tag of a list, by tag."""
    query = (
        select(SubscriberTag.tag, func.count())
        .where(SubscriberTag.list_id == list_id)
        .group_by(SubscriberTag.tag)
        .order_by(SubscriberTag.tag)
    )
    return dict((await session.exec(query)).all())
