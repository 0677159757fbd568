"""Which sources a list reads, in the store."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ListSource, MailingList


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a list reads: `only` these source ids (None: all), `without` those, with weights of its own."""

    only: frozenset[int] | None
    without: frozenset[int]
    weights: Mapping[int, float]

    def has(self, source_id: int | None) -> bool:
        """Say whether the list reads a source; what belongs to no source, every list that reads all does."""
        if source_id is None:
            return self.only is None
        return source_id not in self.without and (self.only is None or source_id in self.only)


async def reading(session: AsyncSession, mailing_list: MailingList) -> ListReading:
    """Return what a list reads."""
    rows = (await session.exec(select(ListSource).where(col(ListSource.list_id) == mailing_list.id))).all()
    read = frozenset(row.source_id for row in rows if row.is_read)
    return ListReading(
        only=None if mailing_list.all_sources else read,
        without=frozenset(row.source_id for row in rows if not row.is_read),
        weights={row.source_id: row.weight for row in rows if row.weight is not None},
    )


async def put(
    session: AsyncSession, list_id: int, source_id: int, *, is_read: bool = True, weight: float | None = None
) -> None:
    """Say of a source whether a list reads it; `weight` None leaves the weight that it has there."""
    row = await session.get(ListSource, (list_id, source_id))
    if row is None:
        row = ListSource(list_id=list_id, source_id=source_id)
        session.add(row)
    row.is_read = is_read
    row.weight = row.weight if weight is None else weight
    await session.flush()


async def forget(session: AsyncSession, list_id: int, source_id: int) -> None:
    """Say nothing more of a source for a list."""
    row = await session.get(ListSource, (list_id, source_id))
    if row is not None:
        await session.delete(row)
        await session.flush()


async def forget_all(session: AsyncSession, list_id: int) -> None:
    """Say nothing more of any source for a list."""
    for row in (await session.exec(select(ListSource).where(col(ListSource.list_id) == list_id))).all():
        await session.delete(row)
    await session.flush()
