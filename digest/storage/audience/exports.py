"""People read in the order of their addresses, some thousand at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Integer, bindparam, cast
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    CheckedSegment,
    CustomField,
    FieldValue,
    Subscriber,
    SubscriberTag,
    Subscription,
    SubscriptionState,
)
from digest.model.rows import known_id
from digest.storage.audience.segments import compiled
from digest.storage.database.dialects import dialect_of, json_values


class ExportedPerson(NamedTuple):
    """A person on a list, as an export tells it."""

    subscriber_id: int
    email: str
    name: str
    disabled_reason: str | None
    state: SubscriptionState
    requested_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    consent_how: str
    row: Any = None
    """What was read of the person, with the columns of a subscription that hold choices."""


_CHOSEN: tuple[Any, ...] = tuple(
    getattr(Subscription, name)
    for name in (
        *(
            "sections",
            "section_order",
            "never_sections",
            "frequency",
            "days",
            "weekly_day",
            "hour",
            "timezone",
        ),
        *("headlines_only", "muted_words", "muted_outlets", "digits", "hijri", "alerts", "quiet_hours"),
        "paused_until",
    )
)
OWN_COLUMNS = 9


async def after(
    session: AsyncSession,
    list_id: int,
    email: str,
    limit: int,
    segment: CheckedSegment | None = None,
    *,
    ids: Sequence[int] | None = None,
) -> list[ExportedPerson]:
    """Return a list's people whose addresses come after one, by address; `ids`: of those alone."""
    query = (
        core_select(
            col(Subscriber.id),
            col(Subscriber.email),
            col(Subscriber.name),
            col(Subscriber.disabled_reason),
            col(Subscription.state),
            col(Subscription.requested_at),
            col(Subscription.confirmed_at),
            col(Subscription.left_at),
            col(Subscription.consent_how),
            *_CHOSEN,
        )
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(col(Subscription.list_id) == list_id, col(Subscriber.email) > email)
        .order_by(col(Subscriber.email))
        .limit(limit)
    )
    if segment is not None:
        query = query.where(compiled(segment))
    if ids is not None:
        # As one value: a statement takes some ten thousand parameters at most.
        given = json_values(dialect_of(session), bindparam("ids", list(ids), type_=JSON))
        query = query.where(col(Subscriber.id).in_(core_select(cast(given.c.value, Integer))))
    rows = await (await session.connection()).execute(query)
    return [_person(row) for row in rows]


def _person(row: Any) -> ExportedPerson:
    return ExportedPerson._make((*row[:OWN_COLUMNS], row))


async def named_after(
    session: AsyncSession, subscriber_id: int, limit: int, list_id: int | None = None
) -> list[tuple[int, str, str]]:
    """Return (id, address, name) of people who come after one, by id; of one list, or of all."""
    query = (
        core_select(col(Subscriber.id), col(Subscriber.email), col(Subscriber.name))
        .where(col(Subscriber.id) > subscriber_id)
        .order_by(col(Subscriber.id))
        .limit(limit)
    )
    if list_id is not None:
        query = query.join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id)).where(
            col(Subscription.list_id) == list_id
        )
    return [(known_id(row[0]), row[1], row[2]) for row in await (await session.connection()).execute(query)]


async def called(session: AsyncSession, words: str, limit: int, list_id: int | None = None) -> list[int]:
    """Return the ids of people who have these folded words in a tag or in a field of a list, or of any."""
    tagged = core_select(col(SubscriberTag.subscriber_id)).where(
        col(SubscriberTag.tag).contains(words, autoescape=True)
    )
    valued = core_select(col(FieldValue.subscriber_id)).where(
        col(FieldValue.compared).contains(words, autoescape=True)
    )
    if list_id is not None:
        tagged = tagged.where(col(SubscriberTag.list_id) == list_id)
        own = core_select(col(CustomField.id)).where(col(CustomField.list_id) == list_id)
        valued = valued.where(col(FieldValue.field_id).in_(own))
    query = tagged.union(valued).limit(limit)
    return [row[0] for row in await (await session.connection()).execute(query)]


async def subscriptions(
    session: AsyncSession, ids: list[int], list_id: int | None
) -> list[tuple[Subscriber, Subscription]]:
    """Return people with their subscriptions, by address."""
    narrowed: list[ColumnElement[bool]] = [col(Subscriber.id).in_(ids)]
    if list_id is not None:
        narrowed.append(col(Subscription.list_id) == list_id)
    query = (
        select(Subscriber, Subscription)
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(*narrowed)
        .order_by(Subscriber.email, col(Subscription.list_id))
    )
    return [(person, known) for person, known in (await session.exec(query)).all()]
