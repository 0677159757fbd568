"""The revision of readers' choices, forth and back: who chose nothing gets what they got."""

import pytest
from sqlalchemy import Connection, text
from sqlmodel import select

from digest.model import Batch, Edition, Frequency, Subscription
from digest.model.people.choice import EVERYTHING
from digest.services.audience.choices.rules import Preferences
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition
from tests.migration.forth_and_back import tables


def kept(connection: Connection) -> list[list[tuple[object, ...]]]:
    wanted = (
        "SELECT list_id, subscriber_id, state, sections, frequency, alerts, quiet_hours FROM subscription",
        "SELECT id, list_id, kind, number, for_weekly_readers FROM edition",
        "SELECT id, edition_id, members, size, waiting, due_at FROM batch",
    )
    return [[tuple(map(str, row)) for row in connection.execute(text(query))] for query in wanted]


@pytest.mark.parametrize("revision", ["0014", "0010", "0008"])
async def test_readers_who_chose_nothing_get_what_they_got(database: Database, revision: str):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(
            a_subscription(mailing_list.id, person.id, sections=["sport"], frequency=Frequency.WEEKLY, hour=5)
        )
        edition = an_edition(mailing_list.id)
        session.add(edition)
        await session.flush()
        session.add(
            Batch(edition_id=edition.id, position=0, members=[person.id], size=1, waiting=1, due_at=NOW)
        )
    before = await database.write(kept)
    await database.go_back(revision)
    assert "address_change" not in await database.write(tables)
    await database.write(lambda connection: connection.execute(text("UPDATE subscription SET hour = 99")))
    await database.upgrade()
    await database.require_current()
    assert await database.write(kept) == before
    async with database.begin() as session:
        reader = (await session.exec(select(Subscription))).one()
        edition = (await session.exec(select(Edition))).one()
        batch = (await session.exec(select(Batch))).one()
    assert Preferences.of(reader) == Preferences(sections=("sport",), frequency=Frequency.WEEKLY)
    assert (reader.choice().sections, reader.choice().order, reader.paused_until) == (
        ("sport",),
        EVERYTHING.order,
        None,
    )
    assert (edition.for_any_day, batch.planned_at, batch.send_deadline) == (True, None, None)
