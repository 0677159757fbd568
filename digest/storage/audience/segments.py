"""Segments in the store: what is saved, and the one place where a checked segment becomes SQL.

`digest.model.people.segment.matches` says the same of one person; a test holds the two together on both
databases.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, exists, false, func, not_, or_, true
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    BounceEvent,
    CheckedSegment,
    Delivery,
    DeliveryStatus,
    Edition,
    FieldValue,
    SavedSegment,
    Subscriber,
    SubscriberTag,
    Subscription,
)
from digest.model.people.segment import Check, FieldType, Operator

Condition = ColumnElement[bool]

_COLUMNS: dict[str, Any] = {
    "frequency": col(Subscription.frequency),
    "alerts": col(Subscription.alerts),
    "state": col(Subscription.state),
    "source": col(Subscription.consent_how),
    "language": col(Subscriber.locale),
    "stopped": col(Subscriber.disabled_reason),
    "import": col(Subscription.import_id),
    "joined": col(Subscription.confirmed_at),
    "asked": col(Subscription.requested_at),
}


def compiled(segment: CheckedSegment) -> Condition:
    """Return what holds of a subscription and its subscriber when a segment means them."""
    asked = [_holds(one, segment.list_id) for one in segment.include]
    if not asked:
        included: Condition = true()
    else:
        included = and_(*asked) if segment.match_all else or_(*asked)
    return and_(
        col(Subscription.list_id) == segment.list_id,
        included,
        *(not_(_holds(one, segment.list_id)) for one in segment.exclude),
    )


def _holds(check: Check, list_id: int) -> Condition:
    """Every condition is true or false, never unknown: `NOT` of an unknown one would leave people out
    twice.
    """
    if check.field == "section":
        return _of_sections(check)
    if check.field == "tag":
        return _of_tags(check, list_id)
    if check.field_id is not None:
        return _of_own(check)
    if check.field == "domain":
        return _of_domain(check)
    if check.field in {"last_delivered", "last_bounced"}:
        return _of_latest(check, list_id)
    return _compared(check, _COLUMNS[check.field])


def _compared(check: Check, column: Any) -> Condition:
    """Compare a column that may be empty: what is not known fits no comparison but `is_not` and its like."""
    known: Condition = column.is_not(None)
    op = check.op
    if op is Operator.SET:
        return known
    if op is Operator.UNSET:
        return not_(known)
    first = check.values[0]
    if op is Operator.IS:
        return and_(known, column.in_(check.values))
    if op is Operator.IS_NOT:
        return or_(column.is_(None), column.not_in(check.values))
    if op is Operator.NOT_WITHIN_DAYS:
        return or_(column.is_(None), column < first)
    return and_(known, _ordered(op, column, first))


def _ordered(op: Operator, column: Any, first: Any) -> Condition:
    if op in {Operator.CONTAINS, Operator.BEGINS}:
        # Both are folded to small letters: that SQLite's LIKE does not tell capitals apart makes no odds.
        like = column.contains if op is Operator.CONTAINS else column.startswith
        found: Condition = like(first, autoescape=True)
        return found
    ordered: Condition = {
        Operator.BEFORE: column < first,
        Operator.AFTER: column > first,
        Operator.AT_LEAST: column >= first,
        Operator.AT_MOST: column <= first,
        Operator.WITHIN_DAYS: column >= first,
    }[op]
    return ordered


def _of_latest(check: Check, list_id: int) -> Condition:
    """Compare the latest of some instants: none before it is at or after a day, and there is one."""
    op = check.op
    every, at = _delivered(list_id) if check.field == "last_delivered" else _bounced(list_id)
    if op is Operator.SET:
        return exists().where(*every)
    if op is Operator.UNSET:
        return not_(exists().where(*every))
    first = check.values[0]
    if op is Operator.AFTER:
        return exists().where(*every, at > first)
    if op is Operator.WITHIN_DAYS:
        return exists().where(*every, at >= first)
    none_since = not_(exists().where(*every, at >= first))
    if op is Operator.NOT_WITHIN_DAYS:
        return none_since
    return and_(exists().where(*every), none_since)


def _delivered(list_id: int) -> tuple[tuple[Condition, ...], Any]:
    of_list = (
        col(Delivery.subscriber_id) == col(Subscriber.id),
        col(Delivery.status) == DeliveryStatus.SENT,
        col(Edition.id) == col(Delivery.edition_id),
        col(Edition.list_id) == list_id,
    )
    return of_list, col(Delivery.at)


def _bounced(list_id: int) -> tuple[tuple[Condition, ...], Any]:
    """What came back of other lists' editions is not this list's to ask for."""
    of_list = exists().where(col(Edition.id) == col(BounceEvent.edition_id), col(Edition.list_id) == list_id)
    own = (
        col(BounceEvent.subscriber_id) == col(Subscriber.id),
        col(BounceEvent.event) == "bounce",
        or_(col(BounceEvent.edition_id).is_(None), of_list),
    )
    return own, col(BounceEvent.at)


def _of_sections(check: Check) -> Condition:
    """The chosen keys are kept as a JSON array; none is kept for whoever wants all."""
    text = cast(col(Subscription.sections), String)
    every = or_(col(Subscription.sections).is_(None), text == "null")
    chosen = [text.contains(json.dumps(one), autoescape=True) for one in check.values]
    if check.op is Operator.ALL_OF:
        return or_(every, and_(true(), *chosen))
    has = or_(every, false(), *chosen)
    return has if check.op is Operator.IS else not_(has)


def _of_tags(check: Check, list_id: int) -> Condition:
    def tagged(*tags: object) -> Condition:
        return exists().where(
            col(SubscriberTag.subscriber_id) == col(Subscriber.id),
            col(SubscriberTag.list_id) == list_id,
            col(SubscriberTag.tag).in_(tags),
        )

    if check.op is Operator.ALL_OF:
        return and_(true(), *(tagged(one) for one in check.values))
    has = tagged(*check.values)
    return has if check.op is Operator.IS else not_(has)


def _of_own(check: Check) -> Condition:
    """The value of one of the list's own fields, looked up by its key."""
    column = col(FieldValue.number) if check.kind is FieldType.NUMBER else col(FieldValue.compared)
    own = exists().where(
        col(FieldValue.subscriber_id) == col(Subscriber.id), col(FieldValue.field_id) == check.field_id
    )
    if check.op is Operator.UNSET:
        return not_(own)
    if check.op is Operator.SET:
        return own
    if check.op is Operator.IS_NOT:
        return not_(own.where(column.in_(check.values)))
    return own.where(_compared(check, column))


def _of_domain(check: Check) -> Condition:
    email = col(Subscriber.email)
    at = [email.endswith(f"@{one}", autoescape=True) for one in check.values]
    if check.op is Operator.ENDS:
        at += [email.endswith(f".{one}", autoescape=True) for one in check.values]
    has = or_(false(), *at)
    return not_(has) if check.op is Operator.IS_NOT else has


async def count(session: AsyncSession, segment: CheckedSegment, *also: Condition) -> int:
    """Return how many people a segment means; `also` narrows it."""
    query = (
        select(func.count())
        .select_from(Subscription)
        .join(Subscriber, col(Subscriber.id) == col(Subscription.subscriber_id))
        .where(compiled(segment), *also)
    )
    return (await session.exec(query)).one()


async def first(
    session: AsyncSession, segment: CheckedSegment, limit: int
) -> list[tuple[Subscriber, Subscription]]:
    """Return the first people that a segment means, by address."""
    query = (
        select(Subscriber, Subscription)
        .join(Subscription, col(Subscription.subscriber_id) == col(Subscriber.id))
        .where(compiled(segment))
        .order_by(Subscriber.email)
        .limit(limit)
    )
    return [(person, known) for person, known in (await session.exec(query)).all()]


async def by_name(
    session: AsyncSession, list_id: int, name: str, *, lock: bool = False
) -> SavedSegment | None:
    """Return a list's segment of that name, or None; `lock`: nobody else changes it meanwhile."""
    query = select(SavedSegment).where(SavedSegment.list_id == list_id, SavedSegment.name == name)
    return (await session.exec(query.with_for_update() if lock else query)).first()


async def every(session: AsyncSession, list_id: int) -> Sequence[SavedSegment]:
    """Return a list's segments by name."""
    query = select(SavedSegment).where(SavedSegment.list_id == list_id).order_by(SavedSegment.name)
    return (await session.exec(query)).all()


async def keep(
    session: AsyncSession, list_id: int, name: str, definition: dict[str, object], now: datetime
) -> SavedSegment:
    """Save a segment, new or changed."""
    known = await by_name(session, list_id, name)
    if known is None:
        known = SavedSegment(list_id=list_id, name=name, created_at=now, changed_at=now)
    known.definition, known.changed_at = definition, now
    session.add(known)
    await session.flush()
    return known
