"""The revision of weekly readers, forth and back, with an edition on its way: no batch of it is lost."""

from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import Edition, EditionKind, EditionState, MailingList
from digest.storage.database.engine import Database
from digest.storage.ledger import batches
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition


def columns(connection: Connection) -> set[str]:
    inspector = inspect(connection)
    return {
        f"{table}.{column['name']}"
        for table in ("mailing_list", "edition")
        for column in inspector.get_columns(table)
    }


def rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    wanted = {
        "mailing_list": "id, slug, layout",
        "edition": "id, list_id, kind, number, planned",
        "batch": "edition_id, position, size, waiting",
        "subscription": "list_id, subscriber_id, frequency",
    }
    return {
        table: [tuple(row) for row in connection.execute(text(f"SELECT {names} FROM {table} ORDER BY 1, 2"))]
        for table, names in wanted.items()
    }


NEW = {"mailing_list.weekly_day", "edition.for_weekly_readers"}


async def test_lists_and_editions_on_their_way_come_through_both_ways(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id, person.id))
        edition = an_edition(mailing_list.id, kind=EditionKind.WEEKLY, state=EditionState.APPROVED)
        session.add(edition)
        await session.flush()
        assert await batches.freeze(session, edition.id, NOW, 100) == 1
    before = await database.write(rows)
    assert all(before.values())
    await database.go_back("0002")
    assert not NEW & await database.write(columns)
    assert await database.write(rows) == before
    await database.upgrade()
    assert await database.write(columns) >= NEW
    assert await database.write(rows) == before
    async with database.begin() as session:
        assert (await session.exec(select(MailingList))).one().weekly_day is None
        assert (await session.exec(select(Edition))).one().for_weekly_readers is False
