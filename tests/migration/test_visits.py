"""The revision of visits that go on, forth and back: sources stay, and nobody visits them."""

from sqlalchemy import text
from sqlmodel import select

from digest.model import Source
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source


async def test_sources_of_an_earlier_version_are_visited_by_nobody(database: Database):
    async with database.begin() as session:
        session.add(a_source(visited_since=NOW))
    kept = text("SELECT id, location, next_poll_at FROM source")
    before = await database.write(lambda connection: connection.execute(kept).all())
    await database.go_back("0015")
    await database.upgrade()
    assert await database.write(lambda connection: connection.execute(kept).all()) == before
    async with database.begin() as session:
        assert (await session.exec(select(Source))).one().visited_since is None
