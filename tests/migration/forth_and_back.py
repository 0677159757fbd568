"""A revision forth and back: its tables go and come, and what older tables hold stays as it was."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, inspect, text

from digest.model import MailingList
from digest.storage.database.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription, an_edition

LISTS = "SELECT id, slug, name FROM mailing_list"
SUBSCRIPTIONS = "SELECT list_id, subscriber_id, state FROM subscription"
EDITIONS = "SELECT id, list_id, number, state FROM edition"


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def answers(database: Database, queries: Sequence[str]) -> list[list[tuple[object, ...]]]:
    def ask(connection: Connection) -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in connection.execute(text(query))] for query in queries]

    return await database.write(ask)


async def goes_back_and_comes(
    database: Database, revision: str, *, kept: Sequence[str], new: Iterable[str] = ()
) -> None:
    """Go back to a revision and come to the newest: the tables `new` are gone between, and the queries `kept`
    answer the same all the way.
    """
    added = set(new)
    before = await answers(database, kept)
    assert all(before), "there is something to be lost"
    await database.go_back(revision)
    assert not added & await database.write(tables)
    assert await answers(database, kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= added
    assert await answers(database, kept) == before


async def a_house(database: Database, **of_list: object) -> MailingList:
    """Keep a list with a reader and an edition."""
    async with database.begin() as session:
        mailing_list, person = a_list(**of_list), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, person.id or 0))
        session.add(an_edition(mailing_list.id or 0))
    return mailing_list
