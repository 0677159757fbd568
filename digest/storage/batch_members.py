"""The members of a claimed batch whose turn it is."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Executable, FromClause, Integer, Row, and_, bindparam, cast, func, or_, true
from sqlalchemy import select as core_select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Batch, Delivery, DeliveryStatus, Edition, Subscriber, Subscription, SubscriptionState
from digest.storage.batches import Claim


class Waiting(NamedTuple):
    """A member of a batch whose turn it is. `skip` names the reason when it must not be mailed after all.

    `sections` are the keys of the sections that were chosen; None: all.
    """

    subscriber_id: int
    email: str
    name: str
    key: str
    locale: str
    attempts: int
    skip: str | None
    sections: tuple[str, ...] | None = None


async def waiting(session: AsyncSession, held: Claim, now: datetime, *, real: bool = False) -> list[Waiting]:
    """Return the members whose turn it is, in order. Those who left, were disabled or deleted carry the reason.

    So do sample readers where mail is `real`: it leaves this machine.
    """
    connection = await session.connection()
    rows = await connection.execute(
        _waiting_members(connection.dialect.name), {"batch": held.batch_id, "now": now}
    )
    return [_member(row, real=real) for row in rows.all()]


def _member(row: Row[*tuple[Any, ...]], *, real: bool) -> Waiting:
    subscriber_id, attempts, email, name, key, locale, disabled, state, chosen, sample = row
    if email is None:
        return Waiting(subscriber_id, "", "", "", "", attempts or 0, "deleted")
    skip = (
        "left"
        if state != SubscriptionState.CONFIRMED
        else "disabled"
        if disabled
        else "sample"
        if sample and real
        else None
    )
    sections = None if chosen is None else tuple(chosen)
    return Waiting(subscriber_id, email, name, key, locale, attempts or 0, skip, sections)


@cache
def _waiting_members(dialect: str) -> Executable:
    """One statement, made once: the ids stay in the database, and nothing is compiled again for each batch."""
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
    wish, of_wish = _beside(
        Subscription,
        (col(Subscription.subscriber_id) == member) & (col(Subscription.list_id) == col(Edition.list_id)),
        lateral=postgresql,
    )
    return (
        core_select(
            member,
            tried.c.attempts,
            person.c.email,
            person.c.name,
            person.c.key,
            person.c.locale,
            person.c.disabled_reason,
            wish.c.state,
            wish.c.sections,
            person.c.sample,
        )
        .select_from(Batch)
        .join(Edition, col(Edition.id) == col(Batch.edition_id))
        .join(each, true())
        .outerjoin(person, of_person)
        .outerjoin(tried, of_try)
        .outerjoin(wish, of_wish)
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


def _beside(table: Any, condition: Any, *, lateral: bool) -> tuple[FromClause, Any]:
    """Return what joins at most one row of a table to each member, and on which condition.

    PostgreSQL plans a plain join by its statistics, and a list that was just imported, or an edition that was just begun,
    has none: it would read all of the list for each member. A lateral one with a limit can only be looked up by its key.
    """
    if not lateral:
        return table.__table__, condition
    return core_select(table.__table__).where(condition).limit(1).lateral(), true()
