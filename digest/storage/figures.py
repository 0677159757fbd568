"""What charts show, in the store: counted beside the pages, and read by them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, literal_column, or_
from sqlalchemy.orm import Mapped
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    BounceEvent,
    ChoiceCount,
    DayCount,
    DomainCount,
    Edition,
    EditionState,
    GuideStep,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digest.storage.audience.eligible import reading

ALL_DOMAINS = ""
HARD = ("hard", "unknown")


@dataclass(frozen=True, slots=True)
class EditionFigures:
    """How an edition fared, by its local date."""

    list_id: int
    day: date
    number: int
    sent: int
    bounced: int
    failed: int
    complained: int


def _day_of(column: Mapped[Any], dialect: str, minutes: int) -> ColumnElement[str]:
    """The local date of an instant, as text; `minutes` is what the zone is ahead of UTC."""
    if dialect == "postgresql":
        local = func.timezone("UTC", column) + literal_column(f"interval '{int(minutes)} minutes'")
        return func.to_char(local, "YYYY-MM-DD")
    return func.date(column, f"{int(minutes)} minutes")


async def _by_day(
    session: AsyncSession, column: Mapped[Any], minutes: int, *where: ColumnElement[bool]
) -> dict[date, int]:
    day = _day_of(column, session.get_bind().dialect.name, minutes).label("day")
    query = select(day, func.count()).where(*where).group_by(literal_column("1"))
    return {date.fromisoformat(found): count for found, count in (await session.exec(query)).all() if found}


async def joined_by_day(
    session: AsyncSession, list_id: int, since: datetime, minutes: int
) -> dict[date, int]:
    """Return how many confirmed on each day since, by local date. Looks at each of the list's people."""
    column = col(Subscription.confirmed_at)
    return await _by_day(session, column, minutes, col(Subscription.list_id) == list_id, column >= since)


async def gone_by_day(session: AsyncSession, list_id: int, since: datetime, minutes: int) -> dict[date, int]:
    """Return how many left on each day since, by local date. Looks at each of the list's people."""
    column = col(Subscription.left_at)
    left = col(Subscription.state) == SubscriptionState.LEFT
    return await _by_day(
        session, column, minutes, col(Subscription.list_id) == list_id, left, column >= since
    )


async def returned_by_day(
    session: AsyncSession, list_id: int, since: datetime, minutes: int, *, complaints: bool
) -> dict[date, int]:
    """Return how many mails of a list bounced for good, or were complained of, on each day since."""
    editions = select(Edition.id).where(Edition.list_id == list_id)
    kind = (
        col(BounceEvent.event) == "complaint"
        if complaints
        else (col(BounceEvent.event) == "bounce") & col(BounceEvent.weight).in_(HARD)
    )
    column = col(BounceEvent.at)
    return await _by_day(
        session, column, minutes, kind, column >= since, col(BounceEvent.edition_id).in_(editions)
    )


async def latest_day(session: AsyncSession, list_id: int) -> date | None:
    """Return the last day that was counted of a list, None before the first."""
    return (await session.exec(select(func.max(DayCount.day)).where(DayCount.list_id == list_id))).one()


async def days(session: AsyncSession, list_ids: Collection[int], since: date) -> list[DayCount]:
    """Return the counted days of some lists from then on, oldest first."""
    query = select(DayCount).where(col(DayCount.list_id).in_(list_ids), col(DayCount.day) >= since)
    return list((await session.exec(query.order_by(col(DayCount.day), col(DayCount.list_id)))).all())


async def keep_days(session: AsyncSession, counted: Sequence[DayCount]) -> None:
    """Keep days, in place of what was counted of them before."""
    for one in counted:
        await session.merge(one)
    await session.flush()


async def finished(
    session: AsyncSession, list_id: int, limit: int
) -> list[tuple[int, datetime | None, datetime | None]]:
    """Return the newest editions of a list that went out: id, when they ended, and when they were counted."""
    query = (
        select(Edition.id, Edition.finished_at, DomainCount.counted_at)
        .outerjoin(
            DomainCount,
            (col(DomainCount.edition_id) == col(Edition.id)) & (col(DomainCount.domain) == ALL_DOMAINS),
        )
        .where(col(Edition.list_id) == list_id, col(Edition.state) == EditionState.FINISHED)
        .order_by(col(Edition.number).desc())
        .limit(limit)
    )
    return [(found or 0, ended, counted) for found, ended, counted in (await session.exec(query)).all()]


async def keep_domains(session: AsyncSession, edition_id: int, counted: Sequence[DomainCount]) -> None:
    """Keep how an edition fared, in place of what was counted of it before."""
    await session.exec(delete(DomainCount).where(col(DomainCount.edition_id) == edition_id))
    session.add_all(counted)
    await session.flush()


async def editions(session: AsyncSession, list_ids: Collection[int], since: date) -> list[EditionFigures]:
    """Return how the counted editions of some lists fared from a local date on, oldest first."""
    query = (
        select(
            Edition.list_id,
            Edition.local_date,
            Edition.number,
            DomainCount.sent,
            DomainCount.bounced,
            DomainCount.failed,
            DomainCount.complained,
        )  # type: ignore[call-overload]
        .join(DomainCount, col(DomainCount.edition_id) == col(Edition.id))
        .where(
            col(Edition.list_id).in_(list_ids),
            col(Edition.local_date) >= since,
            col(DomainCount.domain) == ALL_DOMAINS,
        )
        .order_by(col(Edition.local_date), col(Edition.number))
    )
    return [EditionFigures(*row) for row in (await session.exec(query)).all()]


async def domains(
    session: AsyncSession, list_ids: Collection[int], since: date, limit: int
) -> list[tuple[str, int, int, int]]:
    """Return the domains to which most was sent since: name, sent, bounced, complained."""
    sent = func.sum(DomainCount.sent)
    query = (
        select(DomainCount.domain, sent, func.sum(DomainCount.bounced), func.sum(DomainCount.complained))
        .join(Edition, col(Edition.id) == col(DomainCount.edition_id))
        .where(
            col(Edition.list_id).in_(list_ids),
            col(Edition.local_date) >= since,
            col(DomainCount.domain) != ALL_DOMAINS,
        )
        .group_by(col(DomainCount.domain))
        .order_by(sent.desc(), col(DomainCount.domain))
        .limit(limit)
    )
    return [
        (name, int(one), int(two), int(three)) for name, one, two, three in (await session.exec(query)).all()
    ]


async def count_choices(
    session: AsyncSession, list_id: int, keys: Sequence[str]
) -> dict[str, tuple[int, int]]:
    """Count, of each section, who reads it, and who of them named it. Looks at each of the list's people."""
    chosen, never = cast(col(Subscription.sections), Text), cast(col(Subscription.never_sections), Text)
    named = chosen.like("[%")
    columns = [func.count().filter(or_(chosen.is_(None), ~named))]
    for key in keys:
        wanted = named & chosen.contains(f'"{key}"', autoescape=True)
        columns += [
            func.count().filter(wanted),
            func.count().filter(or_(chosen.is_(None), ~named), never.contains(f'"{key}"', autoescape=True)),
        ]
    person = col(Subscriber.id) == col(Subscription.subscriber_id)
    query: Any = select(*columns).select_from(Subscription).join(Subscriber, person).where(*reading(list_id))
    row = (await session.exec(query)).one()
    everything, rest = row[0], row[1:]
    return {
        key: (everything - rest[2 * place + 1] + rest[2 * place], rest[2 * place])
        for place, key in enumerate(keys)
    }


async def keep_choices(session: AsyncSession, list_id: int, counted: Sequence[ChoiceCount]) -> None:
    """Keep what was counted of a list's sections, in place of what was counted before."""
    await session.exec(delete(ChoiceCount).where(col(ChoiceCount.list_id) == list_id))
    session.add_all(counted)
    await session.flush()


async def steps_aside(session: AsyncSession) -> set[str]:
    """Return the steps of the first-run guide that somebody put aside."""
    return set((await session.exec(select(GuideStep.step))).all())


async def choices(session: AsyncSession, list_id: int) -> dict[str, ChoiceCount]:
    """Return what was counted of a list's sections, by key."""
    rows = (await session.exec(select(ChoiceCount).where(ChoiceCount.list_id == list_id))).all()
    return {one.section: one for one in rows}
