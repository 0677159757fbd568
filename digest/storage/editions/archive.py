"""The archive's queries: editions that went out, without their content, by pages, words and dates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Edition, EditionKind, EditionState, EditionText
from digest.storage.editions.editions import was_mailed

READABLE = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
"""What went out, or is going out. So did, whatever became of it, an edition of which one message was sent."""


class ArchivedEdition(NamedTuple):
    """An edition of the archive, without its content."""

    id: int
    number: int
    kind: EditionKind
    local_date: date
    subject: str
    started_at: datetime | None
    created_at: datetime


_COLUMNS: tuple[Any, ...] = (
    col(Edition.id),
    col(Edition.number),
    col(Edition.kind),
    col(Edition.local_date),
    col(Edition.subject),
    col(Edition.started_at),
    col(Edition.created_at),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """What is looked for in a list's archive: all of the folded `words`, local dates from `since` to
    `until`.
    """

    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


EVERYTHING = ArchiveQuery()


def published(list_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a list's editions that anybody may read: they went out, and to all who read it."""
    return col(Edition.list_id) == list_id, col(Edition.segment).is_(None), _went_out()


def _went_out() -> ColumnElement[bool]:
    return or_(col(Edition.state).in_(READABLE), was_mailed())


async def by_number(session: AsyncSession, list_id: int, number: int) -> Edition | None:
    """Return the edition of that number that went out, to whomever, or None."""
    query = select(Edition).where(Edition.list_id == list_id, Edition.number == number, _went_out())
    return (await session.exec(query)).first()


async def page(
    session: AsyncSession, list_id: int, asked: ArchiveQuery, *, start: int, limit: int
) -> list[ArchivedEdition]:
    """Return a piece of a list's archive, newest first, from the place `start`."""
    query = (
        core_select(*_COLUMNS)
        .where(*published(list_id), *_fitting(asked))
        .order_by(col(Edition.number).desc())
        .offset(start)
        .limit(limit)
    )
    rows = await (await session.connection()).execute(query)
    return [ArchivedEdition(*row) for row in rows]


async def count(session: AsyncSession, list_id: int, asked: ArchiveQuery) -> int:
    """Return how many editions of a list's archive fit."""
    query = select(func.count()).select_from(Edition).where(*published(list_id), *_fitting(asked))
    return (await session.exec(query)).one()


def _fitting(asked: ArchiveQuery) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        exists().where(
            col(EditionText.edition_id) == col(Edition.id),
            col(EditionText.folded).contains(one, autoescape=True),
        )
        for one in asked.words
    ]
    if asked.since is not None:
        found.append(col(Edition.local_date) >= asked.since)
    if asked.until is not None:
        found.append(col(Edition.local_date) <= asked.until)
    return found


async def beside(session: AsyncSession, list_id: int, number: int) -> tuple[int | None, int | None]:
    """Return the numbers of the editions before and after one in a list's archive; None: there is none."""
    numbers = col(Edition.number)
    before = select(func.max(numbers)).where(*published(list_id), numbers < number)
    after = select(func.min(numbers)).where(*published(list_id), numbers > number)
    return (await session.exec(before)).one(), (await session.exec(after)).one()


async def whole(session: AsyncSession, list_id: int, limit: int) -> list[Edition]:
    """Return a list's newest editions that anybody may read, newest first, with all that is in them."""
    query = select(Edition).where(*published(list_id)).order_by(col(Edition.number).desc()).limit(limit)
    return list((await session.exec(query)).all())


async def without_text(session: AsyncSession, limit: int) -> list[Edition]:
    """Return editions that cannot be searched yet, oldest first."""
    missing = ~exists().where(col(EditionText.edition_id) == col(Edition.id))
    query = select(Edition).where(missing, col(Edition.fingerprint) != "").order_by(col(Edition.id))
    return list((await session.exec(query.limit(limit))).all())


async def keep_text(session: AsyncSession, edition_id: int, folded: str) -> None:
    """Keep what an edition is searched by, instead of what was kept before."""
    known = await session.get(EditionText, edition_id)
    if known is None:
        known = EditionText(edition_id=edition_id, folded=folded)
    known.folded = folded
    session.add(known)
    await session.flush()
