"""Read the members of a claimed batch that are due."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    FromClause,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    cast,
    false,
    func,
    or_,
    true,
    type_coerce,
)
from sqlalchemy import select as core_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    AlertChoice,
    Batch,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionKind,
    Frequency,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.model.people.choice import EVERYTHING, Choice
from digest.model.people.eligibility import may_receive
from digest.model.people.subscriber import choice_of
from digest.storage.database.dialects import POSTGRESQL, json_values
from digest.storage.ledger.batches import Claim


class _ChoiceColumns(NamedTuple):
    """Columns of a subscription that decide how its mail reads."""

    sections: Any
    section_order: Any
    never_sections: Any
    muted_words: Any
    muted_outlets: Any
    digits: str
    hijri: bool
    headlines_only: bool


_LISTS = 5
"""So many of them, from the first, are JSON."""


class _RuleColumns(NamedTuple):
    """What the rule reads of a person, their subscription and the edition."""

    disabled_reason: str | None
    sample: bool
    state: SubscriptionState
    frequency: Frequency
    alerts: AlertChoice
    paused_until: datetime | None
    kind: EditionKind
    for_weekly_readers: bool
    is_big: bool


_ENUMS: dict[str, Callable[[str], Any]] = {
    "state": SubscriptionState,
    "frequency": Frequency,
    "alerts": AlertChoice,
    "kind": EditionKind,
}
_MEMBER = 6
"""So many columns come before what was chosen."""


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
    choice_of_columns, reason_of = cache(_choice), _asking(real=real, now=now)
    found = []
    for row in rows.all():
        member, attempts, email, name, key, locale = row[:_MEMBER]
        chosen, asked = row[_MEMBER : -len(_RuleColumns._fields)], row[-len(_RuleColumns._fields) :]
        reason = reason_of(asked, email is None)
        if email is None:
            found.append(Waiting(member, "", "", "", "", attempts or 0, reason))
        else:
            choice = choice_of_columns(*chosen)
            found.append(Waiting(member, email, name, key, locale, attempts or 0, reason, choice))
    return found


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
    reason_of = _asking(real=real, now=now)
    why = {row[0]: reason_of(row[2:], row[1] is None) for row in rows.all()}
    return {one: reason for one, reason in why.items() if reason is not None}


def _asking(*, real: bool, now: datetime | None) -> Callable[[tuple[Any, ...], bool], str | None]:
    """Return what asks the rule once for all rows that are alike: nearly all are."""

    @cache
    def reason(columns: tuple[Any, ...], is_deleted: bool) -> str | None:  # noqa: FBT001 - kept by both
        asked = _RuleColumns(*columns)
        typed = asked._replace(
            **{
                name: kind(value)
                for name, kind in _ENUMS.items()
                if (value := getattr(asked, name)) is not None
            }
        )
        return may_receive(
            None if asked.state is None else typed,
            None if is_deleted else typed,
            suppressed=False,
            edition=typed,
            real=real,
            now=now,
        )

    return reason


def _choice(*columns: Any) -> Choice:
    """Return a choice from its columns as the database wrote them; those who chose alike share one."""
    if columns[-1] is None:
        return EVERYTHING  # there is no subscription
    lists = (None if one is None else json.loads(one) for one in columns[:_LISTS])
    return choice_of(_ChoiceColumns._make((*lists, *columns[_LISTS:])))


@cache
def _waiting_members(dialect: str) -> Executable:
    """One statement, made once: the ids stay in the database, and nothing is compiled again for each
    batch.
    """
    postgresql = dialect == POSTGRESQL
    each = json_values(dialect, col(Batch.members))
    member = cast(each.c.value, Integer)
    (person, of_person), (subscription, of_subscription) = _who(member, lateral=postgresql)
    tried, of_try = _beside(
        Delivery,
        (col(Delivery.edition_id) == col(Batch.edition_id)) & (col(Delivery.subscriber_id) == member),
        lateral=postgresql,
    )
    return (
        core_select(
            member.label("member"),
            tried.c.attempts,
            person.c.email,
            person.c.name,
            person.c.key,
            person.c.locale,
            # As they are written: read are only those that differ.
            *(cast(subscription.c[name], Text) for name in _ChoiceColumns._fields[:_LISTS]),
            *(subscription.c[name] for name in _ChoiceColumns._fields[_LISTS:]),
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
    each = json_values(dialect, bindparam("ids", type_=JSON))
    member = cast(each.c.value, Integer)
    (person, of_person), (subscription, of_subscription) = _who(member, lateral=dialect == POSTGRESQL)
    return (
        core_select(member.label("member"), person.c.email, *_read_by_the_rule(person, subscription))
        .select_from(Edition)
        .join(each, true())
        .outerjoin(person, of_person)
        .outerjoin(subscription, of_subscription)
        .where(col(Edition.id) == bindparam("edition"), ~_plainly_mailed(person, subscription))
    )


def _plainly_mailed(person: FromClause, subscription: FromClause) -> ColumnElement[bool]:
    """Say in SQL who is mailed whatever else the rule looks at: nearly everybody, who need not be read."""
    return func.coalesce(
        and_(
            col(Edition.kind) == EditionKind.DAILY,
            subscription.c.state == SubscriptionState.CONFIRMED,
            subscription.c.frequency == Frequency.DAILY,
            subscription.c.paused_until.is_(None),
            person.c.disabled_reason.is_(None),
            person.c.sample.is_(other=False),
        ),
        false(),
    )


def _read_by_the_rule(person: FromClause, subscription: FromClause) -> tuple[Any, ...]:
    """Columns of `_RuleColumns`, its enums as they are written."""
    return (
        person.c.disabled_reason,
        person.c.sample,
        type_coerce(subscription.c.state, String),
        type_coerce(subscription.c.frequency, String),
        type_coerce(subscription.c.alerts, String),
        subscription.c.paused_until,
        type_coerce(col(Edition.kind), String),
        col(Edition.for_weekly_readers),
        col(Edition.is_big),
    )


def _who(
    member: ColumnElement[int], *, lateral: bool
) -> tuple[tuple[FromClause, Any], tuple[FromClause, Any]]:
    """Return what joins a member's person, and what stands between them and the edition's list."""
    here = col(Subscription.list_id) == col(Edition.list_id)
    return (
        _beside(Subscriber, col(Subscriber.id) == member, lateral=lateral),
        _beside(Subscription, (col(Subscription.subscriber_id) == member) & here, lateral=lateral),
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
