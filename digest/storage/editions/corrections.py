"""Corrections in the store."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Correction, Edition, EditionState, Erratum

UNSENT = (EditionState.HELD, EditionState.CANCELLED)
"""States of editions that, when they never began to go out, told nobody."""


async def add(session: AsyncSession, erratum: Erratum) -> Erratum:
    """Keep a correction."""
    session.add(erratum)
    await session.flush()
    return erratum


async def known(session: AsyncSession, list_id: int, edition_number: int, text: str) -> bool:
    """Say whether that correction is kept already."""
    query = select(Erratum.id).where(
        Erratum.list_id == list_id, Erratum.edition_number == edition_number, Erratum.text == text
    )
    return (await session.exec(query)).first() is not None


async def about(session: AsyncSession, list_id: int, numbers: Collection[int]) -> dict[int, list[Erratum]]:
    """Return what was corrected of some editions, by their numbers, oldest first, told or not."""
    query = select(Erratum).where(
        Erratum.list_id == list_id, col(Erratum.edition_number).in_(sorted(set(numbers)))
    )
    found: dict[int, list[Erratum]] = {}
    for one in (await session.exec(query.order_by(col(Erratum.id)))).all():
        found.setdefault(one.edition_number, []).append(one)
    return found


async def of_edition(session: AsyncSession, list_id: int, number: int) -> list[Erratum]:
    """Return what was corrected of one edition, as `about`."""
    return (await about(session, list_id, (number,))).get(number, [])


async def unpublished(session: AsyncSession, list_id: int) -> list[Erratum]:
    """Return the list's corrections that no edition has told, or only one that never went out; oldest
    first.
    """
    query = select(Erratum).where(Erratum.list_id == list_id, _unpublished())
    return list((await session.exec(query.order_by(col(Erratum.id)))).all())


async def since(session: AsyncSession, list_id: int, instant: datetime) -> list[Erratum]:
    """Return the list's corrections that were made after an instant, told or not; oldest first."""
    query = select(Erratum).where(Erratum.list_id == list_id, col(Erratum.created_at) > instant)
    return list((await session.exec(query.order_by(col(Erratum.id)))).all())


async def mark_published(
    session: AsyncSession, edition: Edition, given: Sequence[Correction]
) -> tuple[Correction, ...]:
    """Mark corrections as told in this edition; return those that no other edition was quicker to tell, in
    their order.
    """
    if not given:
        return ()
    mine = or_(_unpublished(), col(Erratum.told_in) == edition.id)
    wanted = or_(
        *(
            and_(col(Erratum.edition_number) == one.edition_number, col(Erratum.text) == one.text)
            for one in given
        )
    )
    marked = await session.exec(
        update(Erratum)
        .where(col(Erratum.list_id) == edition.list_id, mine, wanted)
        .values(told_in=edition.id)
        .returning(col(Erratum.edition_number), col(Erratum.text))
        .execution_options(synchronize_session=False)
    )
    marked_here = {tuple(row) for row in marked.all()}
    return tuple(one for one in given if (one.edition_number, one.text) in marked_here)


def _unpublished() -> ColumnElement[bool]:
    never_out = select(Edition.id).where(col(Edition.state).in_(UNSENT), col(Edition.started_at).is_(None))
    return or_(col(Erratum.told_in).is_(None), col(Erratum.told_in).in_(never_out))
