"""The revisions of programs, forth and back: readers, lists and editions stay as they were."""

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import ApiKey, Channel, ChannelKind, ClickCount, MailingList
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition

NEW = {"api_key", "kept_answer", "webhook", "webhook_message", "channel", "channel_post"}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT id, slug, name FROM mailing_list",
        "SELECT list_id, subscriber_id, state FROM subscription",
        "SELECT id, list_id, number, state FROM edition",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


def kept_with_channels(connection: Connection) -> list[list[tuple[object, ...]]]:
    query = text("SELECT id, name, target, broken FROM channel")
    return [*kept(connection), [tuple(row) for row in connection.execute(query)]]


async def test_what_programs_need_comes_and_goes_and_the_readers_stay(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, person.id or 0))
        session.add(an_edition(mailing_list.id or 0))
        session.add(
            ApiKey(name="site", key_hash="0" * 64, start="mujaz_", list_id=mailing_list.id, created_at=NOW)
        )
    before = await database.write(kept)
    await database.go_back("0021")
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    assert await database.write(kept) == before


async def test_channels_keep_what_they_get_when_editors_may_have_one(database: Database):
    async with database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        await session.flush()
        made = Channel(name="tg", kind="telegram", list_id=mailing_list.id, target="@a", created_at=NOW)
        session.add(made)

    def stands(connection: Connection) -> tuple[object, ...]:
        return tuple(connection.execute(text("SELECT name, editions, alerts FROM channel")).one())

    before = await database.write(stands)
    await database.go_back("0022")
    assert await database.write(stands) == before
    await database.upgrade()
    assert await database.write(stands) == before
    async with database.begin() as session:
        found = await session.get(Channel, made.id)
    assert found is not None
    assert found.approvals is False


async def test_lists_count_nothing_and_channels_go_on(database: Database):
    async with database.begin() as session:
        mailing_list = a_list(count_clicks=True)
        session.add(mailing_list)
        await session.flush()
        edition = an_edition(mailing_list.id or 0)
        session.add(edition)
        session.add(
            Channel(
                name="tg", kind=ChannelKind.TELEGRAM, list_id=mailing_list.id or 0, target="@mujaz_news",
                created_at=NOW, paused_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        session.add(ClickCount(edition_id=edition.id or 0, link=0, day=NOW.date(), clicks=3))
    before = await database.write(kept_with_channels)
    await database.go_back("0023")
    assert "click_count" not in await database.write(tables)
    assert await database.write(kept_with_channels) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(kept_with_channels) == before
    async with database.begin() as session:
        assert (await session.exec(select(MailingList))).one().count_clicks is False
        assert (await session.exec(select(Channel))).one().paused_at is None
        assert (await session.exec(select(ClickCount))).all() == []
