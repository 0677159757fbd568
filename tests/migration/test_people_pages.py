"""The revision of people at the desk, forth and back: who is there waits for their words."""

from sqlalchemy import inspect
from sqlmodel import select

from digest.model import UnindexedPerson
from digest.storage.database.engine import Database
from tests.builders import a_subscriber
from tests.migration.forth_and_back import goes_back_and_comes


async def test_whoever_is_there_can_be_found_afterwards(database: Database):
    async with database.begin() as session:
        session.add_all([a_subscriber(1), a_subscriber(2)])
    await goes_back_and_comes(database, "0020", kept=("SELECT id, email, name FROM subscriber ORDER BY id",))
    async with database.begin() as session:
        assert len((await session.exec(select(UnindexedPerson))).all()) == 2
        session.add(a_subscriber(3))
        await session.flush()
        assert len((await session.exec(select(UnindexedPerson))).all()) == 3


async def test_a_persons_words_are_found_in_one_index(database: Database):
    async with database.begin() as session:
        session.add(a_subscriber(1))
    await goes_back_and_comes(database, "0024", kept=("SELECT id, email, name FROM subscriber ORDER BY id",))
    indexes = await database.write(lambda it: inspect(it).get_indexes("person_word"))
    assert [one["column_names"] for one in indexes] == [["subscriber_id", "word"]]


async def test_each_filter_of_people_has_an_index_in_their_order(database: Database):
    async with database.begin() as session:
        session.add(a_subscriber(1))
    await goes_back_and_comes(database, "0025", kept=("SELECT id, email, name FROM subscriber ORDER BY id",))
    for table, wanted in (
        ("subscription", ["list_id", "consent_how", "subscriber_id"]),
        ("subscriber_tag", ["list_id", "tag", "subscriber_id"]),
        ("subscriber", ["id"]),
    ):
        indexes = await database.write(lambda it, table=table: inspect(it).get_indexes(table))  # type: ignore[misc]
        assert wanted in [one["column_names"] for one in indexes], table
