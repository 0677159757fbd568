"""Read the members of a claimed batch that are due."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, Executable, FromClause, Integer, Row, and_, bindparam, cast, func, or_, true
from sqlalchemy import select as core_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus, Edition, Subscriber, Subscription
from digest.model.people.choice import EVERYTHING, Choice
from digest.model.people.eligibility import may_receive
from digest.model.people.subscriber import choice_of
from digest.storage.ledger.batches import Claim

_CHOSEN = (
    *("sections", "section_order", "never_sections", "headlines_only", "muted_words", "muted_outlets"),
    *("digits", "hijri"),
)
"""Columns of a subscription that decide how its mail reads."""


class Waiting(NamedTuple):
    """A member of a batch whose turn it is. `skip` names the reason when it must not be mailed after all."""

    subscriber_id: int
    email: str
    name: str
    key: str
    locale: str
    attempts: int
    skip: str | None
    choice: Choice = EVERYTHING


async def waiting(session: AsyncSession, held: Claim, now: datetime, *, real: bool = False) -> list[Waiting]:
    """Return the members whose turn it is, in order. Those who may not be mailed any more carry the reason.

    So do sample readers where mail is `real`: it leaves this machine.
    """
    connection = await session.connection()
    rows = await connection.execute(
        _waiting_members(connection.dialect.name), {"batch": held.batch_id, "now": now}
    )
    return [_member(row, real=real, now=now) for row in rows.all()]


async def stopped(
    session: AsyncSession,
    edition_id: int,
    ids: Sequence[int],
    *,
    real: bool = False,
    now: datetime | None = None,
) -> dict[int, str]:
    """Return those of an edition's readers who may not be mailed any more, each with the reason. Suppressions
    apart.
    """
    connection = await session.connection()
    rows = await connection.execute(
        _mailable(connection.dialect.name), {"edition": edition_id, "ids": list(ids)}
    )
    why = {row.member: _reason(row, real=real, now=now) for row in rows.all()}
    return {one: reason for one, reason in why.items() if reason is not None}


def _member(row: Row[*tuple[Any, ...]], *, real: bool, now: datetime) -> Waiting:
    reason = _reason(row, real=real, now=now)
    if row.email is None:
        return Waiting(row.member, "", "", "", "", row.attempts or 0, reason)
    choice = EVERYTHING if row.state is None else choice_of(row)
    return Waiting(row.member, row.email, row.name, row.key, row.locale, row.attempts or 0, reason, choice)


def _reason(row: Any, *, real: bool, now: datetime | None) -> str | None:
    """A row holds what the rule reads of a person, their subscription and the edition, under the same
    names.
    """
    subscription = None if row.state is None else row
    return may_receive(
        subscription, None if row.email is None else row, suppressed=False, edition=row, real=real, now=now
    )


@cache
def _waiting_members(dialect: str) -> Executable:
    """One statement, made once: the ids stay in the database, and nothing is compiled again for each
    batch.
    """
    postgresql = dialect == "postgresql"
    expand = func.json_array_elements_text if postgresql else func.json_each
    each = expand(col(Batch.members)).table_valued("value")
    member = cast(each.c.value, Integer)
    person, of_person = _beside(Subscriber, col(Subscriber.id) == member, lateral=postgresql)
    tried, of_try = _beside(
        Delivery,
        (col(Delivery.edition_id) == col(Batch.edition_id)) & (col(Delivery.subscriber_id) == member),
        lateral=postgresql,
    )
    subscription, of_subscription = _beside(
        Subscription,
        (col(Subscription.subscriber_id) == member) & (col(Subscription.list_id) == col(Edition.list_id)),
        lateral=postgresql,
    )
    return (
        core_select(
            member.label("member"),
            tried.c.attempts,
            person.c.name,
            person.c.key,
            person.c.locale,
            *(subscription.c[name] for name in _CHOSEN),
            *_read_by_the_rule(person, subscription),
        )
        .select_from(Batch)
        .join(Edition, col(Edition.id) == col(Batch.edition_id))
        .join(each, true())
        .outerjoin(person, of_person)
        .outerjoin(tried, of_try)
        .outerjoin(subscription, of_subscription)
        .where(
            col(Batch.id) == bindparam("batch"),
            or_(
                tried.c.status.is_(None),
                and_(
                    tried.c.status == DeliveryStatus.WAITING,
                    or_(tried.c.next_try_at.is_(None), tried.c.next_try_at <= bindparam("now")),
                ),
            ),
        )
        .order_by(member)
    )


@cache
def _mailable(dialect: str) -> Executable:
    postgresql = dialect == "postgresql"
    expand = func.json_array_elements_text if postgresql else func.json_each
    each = expand(bindparam("ids", type_=JSON)).table_valued("value")
    member = cast(each.c.value, Integer)
    person, of_person = _beside(Subscriber, col(Subscriber.id) == member, lateral=postgresql)
    subscription, of_subscription = _beside(
        Subscription,
        (col(Subscription.subscriber_id) == member) & (col(Subscription.list_id) == col(Edition.list_id)),
        lateral=postgresql,
    )
    return (
        core_select(member.label("member"), *_read_by_the_rule(person, subscription))
        .select_from(Edition)
        .join(each, true())
        .outerjoin(person, of_person)
        .outerjoin(subscription, of_subscription)
        .where(col(Edition.id) == bindparam("edition"))
    )


def _read_by_the_rule(person: FromClause, subscription: FromClause) -> tuple[Any, ...]:
    return (
        person.c.email,
        person.c.disabled_reason,
        person.c.sample,
        subscription.c.state,
        subscription.c.frequency,
        subscription.c.alerts,
        subscription.c.paused_until,
        col(Edition.kind),
        col(Edition.for_weekly_readers),
        col(Edition.is_big),
    )


def _beside(table: Any, condition: Any, *, lateral: bool) -> tuple[FromClause, Any]:
    """Return what joins at most one row of a table to each member, and on which condition.

    PostgreSQL plans a plain join by its statistics, and a list that was just imported, or an edition that was
    just begun, has none: it would read all of the list for each member. A lateral one with a limit can only
    be looked up by its key.
    """
    if not lateral:
        return table.__table__, condition
    return core_select(table.__table__).where(condition).limit(1).lateral(), true()
