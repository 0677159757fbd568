"""Who gets an edition."""

from collections.abc import Collection

from sqlalchemy import exists, func
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    AlertChoice,
    Delivery,
    DeliveryStatus,
    Edition,
    EditionKind,
    Frequency,
    Subscriber,
    Subscription,
    SubscriptionState,
)


def reading(list_id: int) -> list[ColumnElement[bool]]:
    """Return what holds of a subscription and its subscriber when any edition of a list is for them."""
    return [
        col(Subscription.list_id) == list_id,
        col(Subscription.state) == SubscriptionState.CONFIRMED,
        col(Subscriber.disabled_reason).is_(None),
    ]


def wanting(
    list_id: int, kind: EditionKind, *, for_weekly_readers: bool = False, is_big: bool = True
) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a subscription and its subscriber when an edition of that kind is for them.

    The rule is `digest.model.people.eligibility.may_receive`, as far as columns tell: suppressions are kept
    by hash, and looked up when a batch is claimed. They confirmed, nothing disables them, and they did not
    ask for the weekly editions only; those are for all, unless they are `for_weekly_readers`: then for nobody
    else. An alert is for those alone who chose alerts; one that is not big, for those who chose all.
    """
    wanted = reading(list_id)
    if kind is EditionKind.BREAKING:
        choices = (AlertChoice.BIG, AlertChoice.ALL) if is_big else (AlertChoice.ALL,)
        wanted.append(col(Subscription.alerts).in_(choices))
    elif kind is not EditionKind.WEEKLY:
        wanted.append(col(Subscription.frequency) != Frequency.WEEKLY)
    elif for_weekly_readers:
        wanted.append(col(Subscription.frequency) == Frequency.WEEKLY)
    return tuple(wanted)


def planned_for(edition: Edition, asleep: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of those whom an edition is planned for: who wants it; of an alert, who is awake, or
    got what it corrects.
    """
    wanted = wanting(
        edition.list_id,
        edition.kind,
        for_weekly_readers=edition.for_weekly_readers,
        is_big=edition.is_big,
    )
    return (*wanted, *_of_alert(edition, asleep))


def _of_alert(edition: Edition, asleep: Collection[str]) -> list[ColumnElement[bool]]:
    if edition.corrects is not None:
        got = (DeliveryStatus.SENT, DeliveryStatus.IN_DOUBT)
        return [
            exists().where(
                col(Delivery.edition_id) == edition.corrects,
                col(Delivery.subscriber_id) == col(Subscriber.id),
                col(Delivery.status).in_(got),
            )
        ]
    return [col(Subscription.quiet_hours).not_in(asleep)] if asleep else []


async def count(
    session: AsyncSession,
    list_id: int,
    kind: EditionKind,
    *,
    for_weekly_readers: bool = False,
    is_big: bool = True,
    among: Collection[ColumnElement[bool]] = (),
) -> int:
    """Return how many subscribers would get an edition of that kind now; `among` narrows it."""
    query = (
        select(func.count())
        .select_from(Subscription)
        .join(Subscriber, col(Subscriber.id) == col(Subscription.subscriber_id))
        .where(*wanting(list_id, kind, for_weekly_readers=for_weekly_readers, is_big=is_big), *among)
    )
    return (await session.exec(query)).one()


async def quiet_hours(session: AsyncSession, list_id: int) -> list[str]:
    """Return the quiet hours that a list's readers have of their own, each once."""
    query = select(Subscription.quiet_hours).where(
        Subscription.list_id == list_id, Subscription.quiet_hours != ""
    )
    return list((await session.exec(query.distinct())).all())
