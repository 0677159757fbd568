"""Who gets an edition."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from sqlalchemy import CTE, JSON, Integer, String, bindparam, cast, exists, func, literal, or_
from sqlalchemy import select as core_select
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
from digest.model.people.timetable import OwnTime, Timetable


def reading(list_id: int) -> list[ColumnElement[bool]]:
    """Return what holds of a subscription and its subscriber when any edition of a list is for them."""
    return [
        col(Subscription.list_id) == list_id,
        col(Subscription.state) == SubscriptionState.CONFIRMED,
        col(Subscriber.disabled_reason).is_(None),
    ]


def wanting(
    list_id: int,
    kind: EditionKind,
    *,
    for_weekly_readers: bool = False,
    is_big: bool = True,
    now: datetime | None = None,
) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a subscription and its subscriber when an edition of that kind is for them.

    The rule is `digest.model.people.eligibility.may_receive`, as far as columns tell: suppressions are kept
    by hash, and looked up when a batch is claimed. They confirmed, nothing disables them, and they did not
    ask for the weekly editions only; those are for all, unless they are `for_weekly_readers`: then for nobody
    else. An alert is for those alone who chose alerts; one that is not big, for those who chose all. Whose
    pause lasts at `now` gets nothing.
    """
    wanted = reading(list_id)
    if now is not None:
        until = col(Subscription.paused_until)
        wanted.append(or_(until.is_(None), until <= now))
    if kind is EditionKind.BREAKING:
        choices = (AlertChoice.BIG, AlertChoice.ALL) if is_big else (AlertChoice.ALL,)
        wanted.append(col(Subscription.alerts).in_(choices))
    elif kind is not EditionKind.WEEKLY:
        wanted.append(col(Subscription.frequency) != Frequency.WEEKLY)
    elif for_weekly_readers:
        wanted.append(col(Subscription.frequency) == Frequency.WEEKLY)
    return tuple(wanted)


def on_day(
    kind: EditionKind, weekday: ColumnElement[int] | int, *, for_weekly_readers: bool, for_any_day: bool
) -> list[ColumnElement[bool]]:
    """Return what holds of a subscription when an edition delivered on that day of the week is wanted on it:
    `eligibility.wants_day`.
    """
    if kind is EditionKind.DAILY:
        bit = literal(1).bitwise_lshift(weekday)
        return [col(Subscription.days).bitwise_and(bit) != 0]
    if kind is EditionKind.WEEKLY and for_weekly_readers:
        own = col(Subscription.weekly_day)
        return [or_(own == weekday, own.is_(None)) if for_any_day else own == weekday]
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What decides who gets an edition, whether it is made or not: fields of `Edition`."""

    list_id: int
    kind: EditionKind
    for_weekly_readers: bool = False
    for_any_day: bool = True
    is_big: bool = True
    corrects: int | None = None

    @classmethod
    def of(cls, edition: Edition) -> Self:
        """Return what an edition that is made says."""
        return cls(
            list_id=edition.list_id,
            kind=edition.kind,
            for_weekly_readers=edition.for_weekly_readers,
            for_any_day=edition.for_any_day,
            is_big=edition.is_big,
            corrects=edition.corrects,
        )


@dataclass(frozen=True, slots=True)
class Audience:
    """The conditions of an edition's audience, and what their statement has to be joined with.

    `place` is that of a reader's own time among those that are still to come, from 1; 0: due at once.
    """

    conditions: tuple[ColumnElement[bool], ...]
    times: CTE | None
    place: ColumnElement[int]

    def of(self, statement: Any) -> Any:
        """Return a statement over subscribers and their subscriptions with these conditions."""
        if self.times is not None:
            statement = statement.outerjoin(self.times, self.times.c.own == _own_time())
        return statement.where(*self.conditions)


def audience_of(
    edition: Planned, timetable: Timetable, now: datetime, *, dialect: str, asleep: Collection[str] = ()
) -> Audience:
    """Return whom an edition is planned for at an instant: who wants it, on that day; of an alert, who is
    awake, or got what it corrects.
    """
    wanted = wanting(
        edition.list_id,
        edition.kind,
        for_weekly_readers=edition.for_weekly_readers,
        is_big=edition.is_big,
        now=now,
    )
    at_once = literal(0)
    times = None if edition.kind is EditionKind.BREAKING else _times(timetable, now, dialect)
    weekday = (
        literal(timetable.weekday) if times is None else func.coalesce(times.c.weekday, timetable.weekday)
    )
    days = on_day(
        edition.kind,
        weekday,
        for_weekly_readers=edition.for_weekly_readers,
        for_any_day=edition.for_any_day,
    )
    return Audience(
        (*wanted, *days, *_of_alert(edition, asleep)),
        times,
        at_once if times is None else func.coalesce(times.c.place, 0),
    )


def waits_until(timetable: Timetable, now: datetime) -> list[datetime]:
    """Return the instants still to come at which an edition is due for some of its readers, in order: the
    first has place 1.
    """
    return sorted({due.at for due in timetable.times.values() if due.at > now})


def _own_time() -> ColumnElement[str]:
    hour = func.coalesce(cast(col(Subscription.hour), String), "")
    return col(Subscription.timezone).concat("|").concat(hour)


def _times(timetable: Timetable, now: datetime, dialect: str) -> CTE | None:
    """The readers' own times as a table: zone and hour, place, day of the week. None when nobody has any."""
    if not timetable.times:
        return None
    places = {at: place for place, at in enumerate(waits_until(timetable, now), 1)}
    given = {
        f"{zone}|{'' if hour is None else hour}": 8 * places.get(due.at, 0) + due.weekday
        for (zone, hour), due in timetable.times.items()
    }
    expand = func.json_each_text if dialect == "postgresql" else func.json_each
    each = expand(bindparam("own_times", given, type_=JSON)).table_valued("key", "value")
    packed = cast(each.c.value, Integer)
    return core_select(
        each.c.key.label("own"), (packed // 8).label("place"), (packed % 8).label("weekday")
    ).cte("own_times")


def _of_alert(edition: Planned, asleep: Collection[str]) -> list[ColumnElement[bool]]:
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
    """Return how many subscribers would get an edition of that kind now, on whatever day they want it;
    `among` narrows it.
    """
    wanted = wanting(list_id, kind, for_weekly_readers=for_weekly_readers, is_big=is_big)
    return int((await session.exec(_counted().where(*wanted, *among))).one())


async def is_for_somebody(
    session: AsyncSession, edition: Planned, timetable: Timetable, now: datetime
) -> bool:
    """Say whether anybody would get an edition if it was started now."""
    audience = audience_of(edition, timetable, now, dialect=session.get_bind().dialect.name)
    return bool((await session.exec(audience.of(_counted()))).one())


def _counted() -> Any:
    return (
        select(func.count())
        .select_from(Subscription)
        .join(Subscriber, col(Subscriber.id) == col(Subscription.subscriber_id))
    )


async def own_times(session: AsyncSession, list_id: int) -> list[OwnTime]:
    """Return the times of their own that a list's readers chose, each once."""
    query = (
        select(Subscription.timezone, Subscription.hour)
        .where(
            Subscription.list_id == list_id,
            Subscription.state == SubscriptionState.CONFIRMED,
            or_(col(Subscription.timezone) != "", col(Subscription.hour).is_not(None)),
        )
        .distinct()
    )
    return [(zone, hour) for zone, hour in (await session.exec(query)).all()]


async def has_weekly_days(session: AsyncSession, list_id: int) -> bool:
    """Say whether a weekly reader of a list chose a day of their own."""
    query = select(
        exists().where(
            col(Subscription.list_id) == list_id,
            col(Subscription.state) == SubscriptionState.CONFIRMED,
            col(Subscription.frequency) == Frequency.WEEKLY,
            col(Subscription.weekly_day).is_not(None),
        )
    )
    return (await session.exec(query)).one()


async def quiet_hours(session: AsyncSession, list_id: int) -> list[str]:
    """Return the quiet hours that a list's readers have of their own, each once."""
    query = select(Subscription.quiet_hours).where(
        Subscription.list_id == list_id, Subscription.quiet_hours != ""
    )
    return list((await session.exec(query.distinct())).all())
