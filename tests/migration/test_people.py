"""The revision of segments, own fields and suppressions, forth and back: nothing that was kept is lost."""

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import Edition, MailingList, Suppression
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition

NEW = {"segment", "custom_field", "field_value", "subscriber_tag", "suppression_removal", "edition_text"}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT id, slug, name, public FROM mailing_list",
        "SELECT list_id, subscriber_id, state FROM subscription",
        "SELECT id, list_id, kind, number, topic FROM edition",
        "SELECT address_hash, reason, created_at FROM suppression",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


async def test_what_was_kept_stays_and_nothing_is_hidden_or_narrowed_by_the_upgrade(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        session.add(Suppression(address_hash="0" * 64, reason="complained", created_at=NOW))
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, person.id or 0))
        session.add(an_edition(mailing_list.id or 0))
    before = await database.write(kept)
    await database.go_back("0013")
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    assert await database.write(kept) == before
    async with database.begin() as session:
        assert (await session.exec(select(Edition))).one().segment is None
        assert (await session.exec(select(MailingList))).one().indexed is True
        assert (await session.exec(select(Suppression))).one().note == ""
