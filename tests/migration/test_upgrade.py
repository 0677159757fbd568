"""The schema: from nothing to this version, the same as the models, by any number of processes at once."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import digest.model  # noqa: F401 - the tables
from digest.storage.database.engine import Database

PROCESS = """
import asyncio, sys
from digest.storage.database.engine import Database
async def go():
    database = Database(sys.argv[1])
    await database.upgrade()
    await database.require_current()
    await database.close()
asyncio.run(go())
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    start, _, query = server.partition("?")
    yield f"{start.rpartition('/')[0]}/{name}?{query}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_an_empty_database_gets_every_table_and_a_second_upgrade_changes_nothing(empty_url: str):
    database = Database(empty_url)
    assert await database.revision() is None
    await database.upgrade()
    await database.require_current()
    first = await database.revision()
    await database.upgrade()
    assert await database.revision() == first
    tables = await database.write(lambda it: set(inspect(it).get_table_names()))
    assert tables == set(SQLModel.metadata.tables) | {"alembic_version"}
    await database.close()


async def test_the_schema_and_the_models_say_the_same(empty_url: str):
    database = Database(empty_url)
    await database.upgrade()
    options = {"compare_type": True, "target_metadata": SQLModel.metadata}

    def drift(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts=options)
        return compare_metadata(context, SQLModel.metadata)

    assert await database.write(drift) == []
    await database.close()


async def test_the_schema_checks_what_the_models_check(empty_url: str):
    database = Database(empty_url)
    await database.upgrade()

    def checks(connection: Connection) -> dict[str, set[str | None]]:
        inspector = inspect(connection)
        return {
            name: {one["name"] for one in inspector.get_check_constraints(name)}
            for name in SQLModel.metadata.tables
        }

    found = await database.write(checks)
    for name, table in SQLModel.metadata.tables.items():
        wanted = {
            str(one.name)
            for one in table.constraints
            if one.__visit_name__ == "check_constraint" and one.name
        }
        assert wanted <= found[name], name
    await database.close()


async def test_processes_that_upgrade_at_once_wait_for_each_other(empty_url: str):
    def run() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-c", PROCESS, empty_url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    for done in await asyncio.gather(*(asyncio.to_thread(run) for _ in range(3))):
        assert done.returncode == 0, done.stderr
