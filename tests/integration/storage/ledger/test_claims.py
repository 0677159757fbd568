"""The ledger on both databases: frozen audiences, claims, fences."""

from asyncio import timeout
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlmodel import select

from digest.model import Batch, Edition, EditionState, Subscriber, SubscriptionState
from digest.storage.database.engine import Database
from digest.storage.ledger import batch_members, batches, deliveries
from digest.storage.ledger.outcomes import ClaimStatus
from tests.builders import a_subscriber, a_subscription
from tests.integration.storage.ledger.recording import LEASE, an_audience, mark, record, sent


async def test_the_audience_is_cut_into_batches_that_hold_everybody_once(database: Database, now: datetime):
    edition_id = await an_audience(database, 23)
    async with database.begin() as session:
        assert await batches.freeze(session, edition_id, now, 10) == 23
    async with database.begin() as session:
        made = (await session.exec(select(Batch).order_by(Batch.position))).all()
        everybody = sorted((await session.exec(select(Subscriber.id))).all())
    assert [batch.size for batch in made] == [10, 10, 3]
    assert sorted(member for batch in made for member in batch.members) == everybody


async def test_freezing_twice_plans_nobody_twice(database: Database, now: datetime):
    edition_id = await an_audience(database, 5)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
    async with database.begin() as session:
        session.add(a_subscriber(99))
        assert await batches.freeze(session, edition_id, now, 10) == 5
        assert len((await session.exec(select(Batch))).all()) == 1


async def test_only_confirmed_and_able_readers_are_planned(database: Database, now: datetime):
    edition_id = await an_audience(database, 3)
    async with database.begin() as session:
        edition = await session.get(Edition, edition_id)
        for number, state in ((51, SubscriptionState.PENDING), (52, SubscriptionState.LEFT)):
            person = a_subscriber(number)
            session.add(person)
            await session.flush()
            session.add(a_subscription(edition.list_id, person.id, state=state))
        broken = a_subscriber(53, disabled_reason="bounced")
        session.add(broken)
        await session.flush()
        session.add(a_subscription(edition.list_id, broken.id))
    async with database.begin() as session:
        assert await batches.freeze(session, edition_id, now, 10) == 3


async def test_an_edition_for_nobody_is_finished_at_once(database: Database, now: datetime):
    edition_id = await an_audience(database, 0)
    async with database.begin() as session:
        assert await batches.freeze(session, edition_id, now, 10) == 0
        assert await deliveries.close_finished(session, now) == [edition_id]


async def test_a_claimed_batch_is_nobody_elses_until_its_lease_ends(database: Database, now: datetime):
    edition_id = await an_audience(database, 4)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        assert await batches.claim(session, batch, "first", now, LEASE)
    async with database.begin() as session:
        assert await batches.due_batches(session, now, 10) == []
        assert await batches.claim(session, batch, "second", now + LEASE, LEASE) is None
        later = now + LEASE + timedelta(seconds=1)
        assert await batches.due_batches(session, later, 10) == [batch]
        assert await batches.claim(session, batch, "second", later, LEASE)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_batch_that_is_just_being_claimed_is_passed_over(database: Database, now: datetime):
    """Whoever waited for it would get nothing: the other has it by then. SQLite has no locks of rows."""
    edition_id = await an_audience(database, 5)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 5)
        (batch,) = await batches.due_batches(session, now, 50)
    async with database.begin() as first, database.begin() as second:
        assert await batches.claim(first, batch, "first", now, LEASE) is not None
        async with timeout(5):
            assert await batches.claim(second, batch, "second", now, LEASE) is None


async def test_a_worker_that_slept_past_its_lease_records_nothing(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        asleep = await batches.claim(session, batch, "asleep", now, LEASE)
    later = now + 2 * LEASE
    async with database.begin() as session:
        awake = await batches.claim(session, batch, "awake", later, LEASE)
    async with database.begin() as session:
        assert ClaimStatus.LOST is await record(session, asleep, [sent(asleep.members[0])], later)
        assert None is await batches.renew(session, asleep, later, LEASE)
        assert ClaimStatus.LOST is await mark(session, asleep, asleep.members, later)
        await batches.release(session, asleep, later)
        assert (await deliveries.balance(session, edition_id)).sent == 0
        assert ClaimStatus.HELD is await record(session, awake, [sent(one) for one in awake.members], later)
        await batches.release(session, awake, later)
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.waiting, books.holds) == (2, 0, True)
        assert await deliveries.close_finished(session, later) == [edition_id]


async def test_a_paused_edition_gives_out_no_batch(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        edition = await session.get(Edition, edition_id)
        edition.state = EditionState.PAUSED
        session.add(edition)
    async with database.begin() as session:
        assert await batches.due_batches(session, now, 10) == []
        assert await batches.claim(session, batch, "worker", now, LEASE) is None


async def test_an_edition_past_its_deadline_gives_out_no_batch(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    late = now + timedelta(hours=7)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        assert await batches.due_batches(session, late, 10) == []
        assert await batches.claim(session, batch, "worker", late, LEASE) is None


async def test_a_hundred_thousand_readers_are_frozen_by_one_statement(database: Database, now: datetime):
    edition_id = await an_audience(database, 0)
    people = "INSERT INTO subscriber (id, email, name, locale, key, created_at) SELECT n, 'r' || n || '@mujaz.example', '', 'ar', n, '2026-01-01 00:00:00' FROM numbers"
    wishes = "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how, consent_from, frequency) SELECT (SELECT id FROM mailing_list), n, 'confirmed', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', '', 'daily' FROM numbers"
    numbers = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000) "
    for statement in (people, wishes):
        insert, _, rest = statement.partition(" SELECT ")
        await database.write(lambda it, sql=f"{insert} {numbers} SELECT {rest}": it.exec_driver_sql(sql))
    begun = perf_counter()
    async with database.begin() as session:
        assert await batches.freeze(session, edition_id, now, 250) == 100_000
    assert perf_counter() - begun < 10  # measured in benchmarks/ledger.py; here only that it is no loop
    async with database.begin() as session:
        assert (await deliveries.balance(session, edition_id)).waiting == 100_000
        assert len(await batches.due_batches(session, now, 1000)) == 400


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_batch_is_read_by_key_where_nothing_is_known_of_a_new_list(database: Database, now: datetime):
    edition_id = await an_audience(database, 2000)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 500)
        (first, *_) = await batches.due_batches(session, now, 50)
        claim = await batches.claim(session, first, "worker", now, LEASE)
        await record(session, claim, [sent(one) for one in claim.members], now)
        (batch, *_) = await batches.due_batches(session, now, 50)
        reading = batch_members._waiting_members("postgresql").params(batch=batch, now=now)
        told = str(reading.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
        plan = (await session.exec(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {told}"))).scalar_one()

    def looked_at(node: dict[str, Any]) -> int:
        own = (
            node["Actual Rows"]
            + node.get("Rows Removed by Filter", 0)
            + node.get("Rows Removed by Join Filter", 0)
        )
        return int(own * node["Actual Loops"]) + sum(map(looked_at, node.get("Plans", ())))

    # 500 members, some rows each; a look at all 2000 readers for each of them would be a million.
    assert looked_at(plan[0]["Plan"]) < 20_000
