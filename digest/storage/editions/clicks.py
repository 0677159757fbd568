"""Opened links in the store: counted by edition, link and day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import delete
from sqlalchemy import select as core_select
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ClickCount, Edition, MailingList
from digest.storage.database.dialects import insert_for

_TABLE = ClickCount.__table__  # type: ignore[attr-defined]


async def edition_of(session: AsyncSession, edition_id: int) -> tuple[Edition, MailingList] | None:
    """Return an edition with its list, or None."""
    query = (
        select(Edition, MailingList)
        .join(MailingList, col(MailingList.id) == col(Edition.list_id))
        .where(Edition.id == edition_id)
    )
    return (await session.exec(query)).first()


async def add(session: AsyncSession, edition_id: int, link: int, day: date) -> None:
    """Count that a link was opened once more."""
    statement = insert_for(session, _TABLE).values(edition_id=edition_id, link=link, day=day, clicks=1)
    await (await session.connection()).execute(
        statement.on_conflict_do_update(
            index_elements=["edition_id", "link", "day"], set_={"clicks": _TABLE.c.clicks + 1}
        )
    )


async def by_day(session: AsyncSession, list_ids: Collection[int], since: date) -> dict[date, int]:
    """Return how often links of lists' editions were opened on each day; days without are left out."""
    query = (
        core_select(col(ClickCount.day), func.sum(col(ClickCount.clicks)))
        .join(Edition, col(Edition.id) == col(ClickCount.edition_id))
        .where(col(Edition.list_id).in_(list(list_ids)), col(ClickCount.day) >= since)
        .group_by(col(ClickCount.day))
    )
    rows = await (await session.connection()).execute(query)
    return {day: int(count) for day, count in rows}


async def of_edition(session: AsyncSession, edition_id: int) -> dict[int, int]:
    """Return how often each link of an edition was opened, by its place."""
    query = (
        core_select(col(ClickCount.link), func.sum(col(ClickCount.clicks)))
        .where(col(ClickCount.edition_id) == edition_id)
        .group_by(col(ClickCount.link))
    )
    rows = await (await session.connection()).execute(query)
    return {link: int(count) for link, count in rows}


async def drop_before(session: AsyncSession, day: date) -> int:
    """Forget what was counted before a day; returns how many rows."""
    return (await session.exec(delete(ClickCount).where(col(ClickCount.day) < day))).rowcount
