"""The revision of alerts, forth and back: nobody gets one who did not choose it, and nothing that was kept is lost."""

from sqlalchemy import Connection, inspect, text
from sqlmodel import select

from digest.model import AlertChoice, AtNight, Edition, MailingList, Subscription
from digest.storage.database.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription, an_edition

NEW = {"alert", "alert_watch"}


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT id, slug, name, enabled FROM mailing_list",
        "SELECT list_id, subscriber_id, state, frequency FROM subscription",
        "SELECT id, list_id, kind, number, topic FROM edition",
    )
    return [[tuple(row) for row in connection.execute(text(query))] for query in wanted]


async def test_existing_readers_and_lists_have_no_alerts_after_the_upgrade(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id, person.id, alerts=AlertChoice.ALL))
        session.add(an_edition(mailing_list.id))
    before = await database.write(kept)
    await database.go_back("0008")
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    assert await database.write(kept) == before
    async with database.begin() as session:
        reader = (await session.exec(select(Subscription))).one()
        found = (await session.exec(select(MailingList))).one()
        edition = (await session.exec(select(Edition))).one()
    assert (reader.alerts, reader.quiet_hours) == (AlertChoice.NONE, "")
    assert (found.alerts, found.alert_sources, found.alert_outlets) == (False, [], 3)
    assert (found.alerts_at_night, found.quiet_hours) == (AtNight.HOLD, "23:00-07:00")
    assert (edition.is_big, edition.corrects) == (True, None)
