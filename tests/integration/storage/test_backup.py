"""A copy of the embedded database."""

import asyncio
from pathlib import Path

import pytest
from sqlmodel import func, select

from digest.errors import InputError, StoreError
from digest.model import MailingList
from digest.storage.audience import lists
from digest.storage.database.backup import back_up
from digest.storage.database.engine import Database
from tests.builders import a_list


async def lists_in(path: Path) -> int:
    database = Database(f"sqlite:///{path}")
    async with database.begin() as session:
        count = (await session.exec(select(func.count()).select_from(MailingList))).one()
    await database.close()
    return count


async def test_a_copy_is_of_one_moment_while_others_write(tmp_path: Path):
    url, copy = f"sqlite:///{tmp_path}/digest.db", tmp_path / "copy.db"
    database = Database(url)
    await database.upgrade()
    kept, some = 0, asyncio.Event()

    async def writing() -> None:
        nonlocal kept
        while True:
            async with database.begin() as session:
                # Two in each transaction: a copy with an odd number would have caught one half done.
                await lists.add(session, a_list(slug=f"a{kept}"))
                await lists.add(session, a_list(slug=f"b{kept}"))
            kept += 2
            if kept == 6:
                some.set()

    writer = asyncio.create_task(writing())
    await some.wait()
    before = kept
    size = await asyncio.to_thread(back_up, url, copy)
    writer.cancel()
    assert size == (await asyncio.to_thread(copy.stat)).st_size
    found = await lists_in(copy)
    assert before <= found <= kept + 2
    assert found % 2 == 0
    await database.close()


async def test_a_copy_overwrites_nothing_and_is_its_owners_alone(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/digest.db")
    await database.upgrade()
    await database.close()
    shares: list[float] = []
    back_up(database.url, tmp_path / "copy.db", shares.append)
    assert shares[-1] == 1
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with pytest.raises(InputError, match="exists already"):
        back_up(database.url, tmp_path / "copy.db")
    with pytest.raises(InputError, match="no folder"):
        back_up(database.url, tmp_path / "away" / "copy.db")


def test_what_cannot_be_copied_is_said_so_and_leaves_no_half_file(tmp_path: Path):
    with pytest.raises(StoreError, match="no database"):
        back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    with pytest.raises(InputError, match="PostgreSQL"):
        back_up("postgresql://digest@localhost/digest", tmp_path / "copy.db")
    (tmp_path / "text.db").write_text("no database" * 1000, encoding="utf-8")
    with pytest.raises(StoreError, match="could not be copied"):
        back_up(f"sqlite:///{tmp_path}/text.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
