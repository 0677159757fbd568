"""The revisions of programs, forth and back: readers, lists and editions stay as they were."""

from sqlmodel import select

from digest.model import ApiKey, Channel, ChannelKind, ClickCount, Edition, MailingList
from digest.storage.database.engine import Database
from tests.builders import NOW
from tests.migration.forth_and_back import EDITIONS, LISTS, SUBSCRIPTIONS, a_house, goes_back_and_comes

NEW = {"api_key", "kept_answer", "webhook", "webhook_message", "channel", "channel_post"}


async def test_what_programs_need_comes_and_goes_and_the_readers_stay(database: Database):
    mailing_list = await a_house(database)
    async with database.begin() as session:
        session.add(
            ApiKey(name="site", key_hash="0" * 64, start="mujaz_", list_id=mailing_list.id, created_at=NOW)
        )
    await goes_back_and_comes(database, "0021", new=NEW, kept=(LISTS, SUBSCRIPTIONS, EDITIONS))


async def test_channels_keep_what_they_get_when_editors_may_have_one(database: Database):
    mailing_list = await a_house(database)
    made = Channel(name="tg", kind="telegram", list_id=mailing_list.id, target="@a", created_at=NOW)
    async with database.begin() as session:
        session.add(made)
    await goes_back_and_comes(database, "0022", kept=("SELECT name, editions, alerts FROM channel",))
    async with database.begin() as session:
        found = await session.get(Channel, made.id)
    assert found is not None
    assert found.approvals is False


async def test_lists_count_nothing_and_channels_go_on(database: Database):
    mailing_list = await a_house(database, count_clicks=True)
    async with database.begin() as session:
        edition = (await session.exec(select(Edition))).one()
        session.add(
            Channel(
                name="tg", kind=ChannelKind.TELEGRAM, list_id=mailing_list.id or 0, target="@mujaz_news",
                created_at=NOW, paused_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        session.add(ClickCount(edition_id=edition.id or 0, link=0, day=NOW.date(), clicks=3))
    await goes_back_and_comes(
        database,
        "0023",
        new={"click_count"},
        kept=(LISTS, SUBSCRIPTIONS, EDITIONS, "SELECT id, name, target, broken FROM channel"),
    )
    async with database.begin() as session:
        assert (await session.exec(select(MailingList))).one().count_clicks is False
        assert (await session.exec(select(Channel))).one().paused_at is None
        assert (await session.exec(select(ClickCount))).all() == []
