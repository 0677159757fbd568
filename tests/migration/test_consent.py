"""The revision of consent and imports, forth and back: people and their consent come through, samples are known."""

from typing import Any

from sqlalchemy import Connection, text

from digest.model import SubscriptionState
from digest.storage.database.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription
from tests.migration.forth_and_back import tables

NEW = {"signup", "consent_event", "confirmation_allowance", "import_run"}


def rows(connection: Connection) -> list[tuple[Any, ...]]:
    query = (
        "SELECT email, state, consent_how, consent_from, confirmed_at FROM subscriber "
        "JOIN subscription ON subscriber_id = id ORDER BY email"
    )
    return [tuple(row) for row in connection.execute(text(query))]


def samples(connection: Connection) -> list[str]:
    found = connection.execute(text("SELECT email, sample FROM subscriber ORDER BY email"))
    return [row[0] for row in found if row[1]]


async def test_people_and_their_consent_come_through_both_ways_and_samples_are_marked(database: Database):
    async with database.begin() as session:
        mailing_list, people = a_list(), [a_subscriber(number) for number in (1, 2, 3)]
        session.add_all([mailing_list, *people])
        await session.flush()
        for person, how, state in zip(
            people,
            ("form", "sample", "import"),
            (SubscriptionState.CONFIRMED, SubscriptionState.CONFIRMED, SubscriptionState.LEFT),
            strict=True,
        ):
            session.add(
                a_subscription(mailing_list.id, person.id, consent_how=how, consent_from="x", state=state)
            )
    before = await database.write(rows)
    assert len(before) == 3
    await database.go_back("0003")
    assert not NEW & await database.write(tables)
    assert await database.write(rows) == before
    await database.upgrade()
    assert await database.write(tables) >= NEW
    assert await database.write(rows) == before
    assert await database.write(samples) == ["reader2@mujaz.example"]
