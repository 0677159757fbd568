"""One door to both databases: transactions, pragmas, and errors that say what to do."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlmodel import select

from digest.errors import ConfigError, StoreError, TemporaryStoreError
from digest.model import BlockedSignup, MailingList
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list


async def a_store(path: Path, **options: float) -> Database:
    database = Database(f"sqlite:///{path}", **options)
    await database.upgrade()
    return database


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}


async def test_what_raises_is_rolled_back(database: Database):
    with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the transaction
        async with database.begin() as session:
            await lists.add(session, a_list())
            raise RuntimeError
    async with database.begin() as session:
        assert await lists.all_lists(session) == []


async def test_readers_who_then_write_never_fail_each_other(database: Database):
    async with database.begin() as session:
        await lists.add(session, a_list(max_stories=0))

    async def one_more() -> None:
        for _ in range(10):
            async with database.begin() as session:
                query = select(MailingList).with_for_update()
                mailing_list = (await session.exec(query)).one()
                mailing_list.max_stories += 1
                session.add(mailing_list)

    await asyncio.gather(*(one_more() for _ in range(6)))
    async with database.begin() as session:
        assert (await lists.by_slug(session, "daily")).max_stories == 60


async def test_an_embedded_file_is_safe_against_a_power_cut_and_keeps_its_references(tmp_path: Path):
    database = await a_store(tmp_path / "digest.db")
    async with database.begin() as session:
        found = [
            (await session.exec(text(f"PRAGMA {name}"))).scalar()  # type: ignore[call-overload]
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    assert await database.write(lambda it: it.exec_driver_sql("PRAGMA synchronous").scalar()) == 2
    await database.close()


async def test_a_new_file_and_its_log_are_their_owners_alone(tmp_path: Path):
    database = await a_store(tmp_path / "subscribers.db")
    async with database.begin() as session:
        await lists.add(session, a_list())
    kept = modes(tmp_path)
    assert kept["subscribers.db"] == kept["subscribers.db-wal"] == 0o600
    await database.close()


async def test_a_locked_file_is_said_so(tmp_path: Path):
    database = await a_store(tmp_path / "digest.db", busy_seconds=0.05)
    other = sqlite3.connect(tmp_path / "digest.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked.*try again"):
        async with database.begin() as session:
            await lists.all_lists(session)
    with pytest.raises(StoreError, match="locked"):
        await database.write(lambda it: it.exec_driver_sql("DELETE FROM notice"))
    other.execute("ROLLBACK")
    other.close()
    async with database.begin() as session:
        assert await lists.all_lists(session) == []
    await database.close()


async def test_a_read_only_file_is_said_so(tmp_path: Path):
    await (await a_store(tmp_path / "digest.db")).close()
    database = Database(f"sqlite:///file:{tmp_path}/digest.db?mode=ro&uri=true")
    with pytest.raises(StoreError, match=r"read-only.*permission"):
        async with database.begin() as session:
            await lists.add(session, a_list())
    await database.close()


async def test_a_full_disk_is_said_so_and_leaves_nothing_half_written(tmp_path: Path):
    database = await a_store(tmp_path / "digest.db")

    def fill(connection):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        for number in range(1000):
            connection.exec_driver_sql(
                "INSERT INTO suppression (address_hash, reason, created_at) VALUES (?, ?, '2026-01-01')",
                (f"{number}", "x" * 1000),
            )

    with pytest.raises(StoreError, match=r"disk is full.*nothing that was recorded is lost"):
        await database.write(fill)
    assert (
        await database.write(lambda it: it.exec_driver_sql("SELECT count(*) FROM suppression").scalar()) == 0
    )
    await database.close()


async def test_a_file_in_no_folder_is_said_so(tmp_path: Path):
    with pytest.raises(StoreError, match="cannot be opened"):
        await a_store(tmp_path / "missing" / "digest.db")


async def test_a_file_that_is_no_database_is_said_so(tmp_path: Path):
    (tmp_path / "digest.db").write_text("ليست قاعدة بيانات " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="damaged or no database"):
        await a_store(tmp_path / "digest.db")


async def test_a_server_that_is_away_is_said_so():
    database = Database("postgresql://nobody@127.0.0.1:9/mujaz?connect_timeout=2")
    with pytest.raises(StoreError, match=r"cannot be reached.*Start the server"):
        async with database.begin() as session:
            await lists.all_lists(session)
    await database.close()


async def test_a_schema_that_is_not_this_versions_is_said_so(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path}/digest.db")
    with pytest.raises(StoreError, match=r"empty.*digest db upgrade"):
        await database.require_current()
    with pytest.raises(StoreError, match="digest db upgrade"):
        async with database.begin() as session:
            await lists.all_lists(session)
    await database.close()


async def test_a_column_that_is_not_there_is_no_lock(database: Database):
    await database.write(lambda it: it.exec_driver_sql("ALTER TABLE blocked_signup DROP COLUMN answers"))
    with pytest.raises(StoreError, match=r"not those of this version.*digest db upgrade") as read:
        async with database.read() as session:
            await session.exec(select(BlockedSignup))
    row = {"list_id": 1, "email": "a@mujaz.example", "at": NOW, "reason": "list", "answers": {}}
    with pytest.raises(StoreError, match=r"not those of this version.*digest db upgrade") as written:
        await database.write(lambda it: it.execute(insert(BlockedSignup), row))
    for error in (read, written):
        assert not isinstance(error.value, TemporaryStoreError), "nobody tries again in vain"


@pytest.mark.parametrize("url", ["mysql://root@localhost/x", "not a url", "digest.db"])
def test_an_address_of_another_kind_is_refused(url: str):
    with pytest.raises(ConfigError, match="sqlite:///PATH"):
        Database(url)
