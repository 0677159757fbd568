"""One revision after the other, and back, with people in the database: nothing that was kept is lost."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, text

from digest.storage.database.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription, an_edition
from tests.migration.forth_and_back import tables

NEW = {"alarm", "receiver"}


def kept(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    names = ("mailing_list", "subscriber", "subscription", "edition", "allowance", "bounce_event")
    return {name: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names}


async def test_alarms_and_receivers_come_and_go_and_the_readers_stay(database: Database):
    async with database.begin() as session:
        mailing_list, person = a_list(), a_subscriber()
        session.add_all([mailing_list, person])
        await session.flush()
        session.add(a_subscription(mailing_list.id or 0, person.id or 0))
        session.add(an_edition(mailing_list.id or 0))
    await database.go_back("0002")
    before = await database.write(kept)
    assert all(before[name] for name in ("mailing_list", "subscriber", "subscription", "edition"))
    await database.go_back("0001")
    assert not NEW & await database.write(tables)
    assert await database.write(kept) == before
    await database.upgrade()
    await database.require_current()
    assert await database.write(tables) >= NEW
    await database.go_back("0002")
    assert await database.write(kept) == before


async def test_the_same_alarm_is_kept_once_a_day(database: Database):
    row = {
        "kind": "paused", "about": "daily 7", "day": "2026-01-05", "channel": "email", "words": "",
        "at": datetime(2026, 1, 5, tzinfo=UTC).isoformat(" "),
    }  # fmt: skip
    insert = text(
        "INSERT INTO alarm (kind, about, day, channel, words, created_at, attempts)"
        " VALUES (:kind, :about, :day, :channel, :words, :at, 0)"
    )
    await database.write(lambda it: it.execute(insert, row))
    await database.write(lambda it: it.execute(insert, {**row, "channel": "webhook"}))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.write(lambda it: it.execute(insert, row))
