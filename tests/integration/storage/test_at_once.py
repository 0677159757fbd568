"""Storage functions that are done at once, in one hop to a thread."""

import asyncio

import pytest
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import StoreError
from digest.model import MailingList
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from tests.builders import NOW


async def kept(session: AsyncSession, slug: str) -> int:
    mailing_list = MailingList(slug=slug, name=slug, created_at=NOW)
    session.add(mailing_list)
    await session.flush()
    return mailing_list.id or 0


async def slugs(database: Database) -> list[str]:
    async with database.begin() as session:
        return list((await session.exec(select(MailingList.slug).order_by(col(MailingList.id)))).all())


async def test_what_is_done_at_once_is_committed_and_read_like_any_other(database: Database):
    number = await database.at_once(kept, "daily")
    found = await database.at_once(lists.by_id, number)
    assert found is not None
    assert found.slug == "daily"
    assert await slugs(database) == ["daily"]


async def test_what_fails_half_way_leaves_nothing(database: Database):
    async def broken(session: AsyncSession) -> None:
        await kept(session, "half")
        raise StoreError("The disk is full.")

    with pytest.raises(StoreError):
        await database.at_once(broken)
    assert await slugs(database) == []


async def test_work_that_waits_for_something_else_is_refused_and_undone(database: Database):
    async def dawdling(session: AsyncSession) -> None:
        await kept(session, "late")
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="wait for nothing"):
        await database.at_once(dawdling)
    assert await slugs(database) == []
