"""The revision of counted links and paused channels, forth and back: nothing is counted or paused by itself."""

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import Channel, ChannelKind, ClickCount, MailingList
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, an_edition

BEFORE = "0023"


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT id, slug, name FROM mailing_list",
        "SELECT id, name, target, broken FROM channel",
        "SELECT id, list_id, number, state FROM edition",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


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
    before = await database.write(kept)
    await database.go_back(BEFORE)
    assert "click_count" not in await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(kept) == before
    async with database.begin() as session:
        assert (await session.exec(select(MailingList))).one().count_clicks is False
        assert (await session.exec(select(Channel))).one().paused_at is None
        assert (await session.exec(select(ClickCount))).all() == []
