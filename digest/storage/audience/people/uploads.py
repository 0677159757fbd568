"""Files of people that wait to be imported; nothing but a run reads their content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, or_, update
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ImportRun, PeopleUpload, UploadState


class UploadHead(NamedTuple):
    """All of an upload but its content and the lines that were refused."""

    id: int
    list_id: int
    file: str
    mapping: Mapping[str, str]
    state: UploadState
    created_at: datetime
    ends_at: datetime
    started_at: datetime | None
    people: int
    rows: int
    counts: Mapping[str, int]
    import_id: int | None


_HEAD = tuple(getattr(PeopleUpload, name) for name in UploadHead._fields)


async def add(session: AsyncSession, one: PeopleUpload) -> PeopleUpload:
    """Keep a file."""
    session.add(one)
    await session.flush()
    return one


async def head(session: AsyncSession, list_id: int, upload_id: int) -> UploadHead | None:
    """Return an upload of a list, or None."""
    query = core_select(*map(col, _HEAD)).where(
        col(PeopleUpload.id) == upload_id, col(PeopleUpload.list_id) == list_id
    )
    row = (await (await session.connection()).execute(query)).first()
    return UploadHead(*row) if row else None


async def heads(session: AsyncSession, list_id: int) -> list[UploadHead]:
    """Return the uploads of a list that are kept, the newest first."""
    query = core_select(*map(col, _HEAD)).where(col(PeopleUpload.list_id) == list_id)
    rows = await (await session.connection()).execute(query.order_by(col(PeopleUpload.id).desc()))
    return [UploadHead(*row) for row in rows]


async def content(session: AsyncSession, upload_id: int) -> bytes:
    """Return what a file holds; nothing when it is gone."""
    found = (await session.exec(select(PeopleUpload.content).where(PeopleUpload.id == upload_id))).first()
    return found or b""


async def refused(session: AsyncSession, upload_id: int) -> str:
    """Return the lines that were not taken, as CSV."""
    found = (await session.exec(select(PeopleUpload.refused).where(PeopleUpload.id == upload_id))).first()
    return found or ""


async def change(session: AsyncSession, upload_id: int, **values: Any) -> None:
    """Write some columns of an upload."""
    await session.exec(update(PeopleUpload).where(col(PeopleUpload.id) == upload_id).values(**values))


async def move(
    session: AsyncSession, upload_id: int, before: UploadState, after: UploadState, **values: Any
) -> bool:
    """Move an upload from one state to the next; False: somebody did it first."""
    done = await session.exec(
        update(PeopleUpload)
        .where(col(PeopleUpload.id) == upload_id, col(PeopleUpload.state) == before)
        .values(state=after, **values)
    )
    return done.rowcount == 1


async def waiting(session: AsyncSession, limit: int) -> list[int]:
    """Return the ids of uploads that are to be imported now."""
    query = select(PeopleUpload.id).where(PeopleUpload.state == UploadState.WAITING)
    found = (await session.exec(query.order_by(col(PeopleUpload.id)).limit(limit))).all()
    return [one for one in found if one is not None]


async def give_up(session: AsyncSession, before: datetime) -> int:
    """Say of uploads that are running since then that they failed: whoever ran them is gone."""
    done = await session.exec(
        update(PeopleUpload)
        .where(
            col(PeopleUpload.state) == UploadState.RUNNING,
            or_(col(PeopleUpload.started_at).is_(None), col(PeopleUpload.started_at) < before),
        )
        .values(state=UploadState.FAILED)
    )
    return done.rowcount


async def drop(session: AsyncSession, upload_id: int) -> None:
    """Drop a file."""
    await session.exec(delete(PeopleUpload).where(col(PeopleUpload.id) == upload_id))


async def drop_old(session: AsyncSession, now: datetime) -> int:
    """Drop the files whose time is over; returns how many."""
    return (await session.exec(delete(PeopleUpload).where(col(PeopleUpload.ends_at) <= now))).rowcount


async def runs(session: AsyncSession, list_id: int, limit: int) -> list[ImportRun]:
    """Return a list's imports, the newest first."""
    query = select(ImportRun).where(ImportRun.list_id == list_id).order_by(col(ImportRun.id).desc())
    return list((await session.exec(query.limit(limit))).all())
