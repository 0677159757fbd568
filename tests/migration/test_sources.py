"""The revisions of lists' own sources and of visits that go on, forth and back: lists and sources stay as they were."""

from sqlmodel import select

from digest.model import MailingList, Source
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_source
from tests.migration.forth_and_back import goes_back_and_comes


async def test_lists_of_an_earlier_version_read_every_source(database: Database):
    async with database.begin() as session:
        session.add_all([a_list(), a_source()])
    await goes_back_and_comes(
        database, "0007", new={"list_source"}, kept=("SELECT id, slug, layout FROM mailing_list",)
    )
    async with database.begin() as session:
        mailing_list = (await session.exec(select(MailingList))).one()
    assert mailing_list.all_sources
    assert not mailing_list.is_default


async def test_sources_of_an_earlier_version_are_visited_by_nobody(database: Database):
    async with database.begin() as session:
        session.add(a_source(visited_since=NOW))
    await goes_back_and_comes(database, "0015", kept=("SELECT id, location, next_poll_at FROM source",))
    async with database.begin() as session:
        assert (await session.exec(select(Source))).one().visited_since is None
