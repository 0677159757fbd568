"""The revision of the figures and of sources' rules, forth and back: sources and accounts stay as they were."""

from sqlalchemy import Connection, inspect, text

from digest.model import Account
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_source

NEW = {"day_count", "domain_count", "choice_count", "guide_step"}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text("SELECT id, location, name FROM source"))]


async def test_the_figures_come_and_go_and_the_sources_stay(database: Database):
    async with database.begin() as session:
        account = Account(email="amal@news.example", password_hash="none", created_at=NOW)
        session.add_all([a_source(), a_list(), account])
    before = await database.write(kept)
    await database.go_back("0017")
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    assert await database.write(kept) == before
    calendars = await database.write(
        lambda connection: connection.execute(text("SELECT calendar FROM account")).scalars().all()
    )
    assert calendars == ["gregorian"]
