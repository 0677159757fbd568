"""The revision of lists' own sources, forth and back: lists stay, and read every source as before."""

from sqlalchemy import inspect, text
from sqlmodel import select

from digest.model import MailingList
from digest.storage.database.engine import Database
from tests.builders import a_list, a_source


async def test_lists_of_an_earlier_version_read_every_source(database: Database):
    async with database.begin() as session:
        session.add_all([a_list(), a_source()])
    before = await database.write(
        lambda connection: connection.execute(text("SELECT id, slug, layout FROM mailing_list")).all()
    )
    assert "list_source" in await database.write(lambda connection: inspect(connection).get_table_names())
    await database.go_back("0007")
    assert "list_source" not in await database.write(lambda connection: inspect(connection).get_table_names())
    await database.upgrade()
    assert (
        await database.write(
            lambda connection: connection.execute(text("SELECT id, slug, layout FROM mailing_list")).all()
        )
        == before
    )
    async with database.begin() as session:
        mailing_list = (await session.exec(select(MailingList))).one()
    assert mailing_list.all_sources
    assert not mailing_list.is_default
