"""The ledger on both databases: frozen audience, claims, fencing, books."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from digest.model import Batch, DeliveryStatus, Edition, EditionState, Subscriber, SubscriptionState
from digest.storage import batches, deliveries, subscribers
from digest.storage.deliveries import Result
from digest.storage.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription, an_edition

LEASE = timedelta(minutes=2)


async def an_audience(database: Database, size: int) -> int:
    """Keep a list with that many confirmed readers and an approved edition; returns the edition's id."""
    async with database.begin() as session:
        mailing = a_list()
        session.add(mailing)
        people = [a_subscriber(number) for number in range(1, size + 1)]
        session.add_all(people)
        await session.flush()
        session.add_all(a_subscription(mailing.id, person.id) for person in people)
        edition = an_edition(mailing.id)
        session.add(edition)
        await session.flush()
        return edition.id


def sent(subscriber_id: int) -> Result:
    return Result(subscriber_id, DeliveryStatus.SENT, "", 250, "2.0.0 ok", None)


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
        assert not await deliveries.record(session, asleep, [sent(asleep.members[0])], later)
        assert not await batches.renew(session, asleep, later, LEASE)
        assert not await deliveries.mark(session, asleep, asleep.members, later)
        await batches.release(session, asleep, later)
        assert (await deliveries.balance(session, edition_id)).sent == 0
        assert await deliveries.record(session, awake, [sent(one) for one in awake.members], later)
        await batches.release(session, awake, later)
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.waiting, books.holds) == (2, 0, True)
        assert await deliveries.close_finished(session, later) == [edition_id]


async def test_a_reader_who_left_after_the_freeze_is_never_mailed(database: Database, now: datetime):
    edition_id = await an_audience(database, 4)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        edition = await session.get(Edition, edition_id)
        ids = sorted((await session.exec(select(Subscriber.id))).all())
        left = await subscribers.subscription(session, edition.list_id, ids[0])
        left.state = SubscriptionState.LEFT
        session.add(left)
        await subscribers.remove(session, ids[1])
        disabled = await session.get(Subscriber, ids[2])
        disabled.disabled_reason = "bounced"
        session.add(disabled)
    async with database.begin() as session:
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        people = await batches.waiting(session, claim, now)
    assert {person.subscriber_id: person.skip for person in people} == {
        ids[0]: "left",
        ids[1]: "deleted",
        ids[2]: "disabled",
        ids[3]: None,
    }


async def test_a_retry_waits_for_its_time_and_the_batch_with_it(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    soon = now + timedelta(minutes=5)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        first, second = claim.members
        busy = Result(first, DeliveryStatus.WAITING, "busy", 451, "4.7.1 later", soon)
        await deliveries.record(session, claim, [busy, sent(second)], now)
        await batches.release(session, claim, now)
    async with database.begin() as session:
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.waiting, books.holds) == (1, 1, True)
        assert await deliveries.close_finished(session, now) == []
        assert await batches.due_batches(session, now, 10) == []
        assert await batches.due_batches(session, soon, 10) == [batch]
        claim = await batches.claim(session, batch, "worker", soon, LEASE)
        (again,) = await batches.waiting(session, claim, soon)
        assert (again.subscriber_id, again.attempts) == (first, 1)


async def test_an_outcome_that_is_final_is_never_overwritten(database: Database, now: datetime):
    edition_id = await an_audience(database, 1)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        (only,) = claim.members
        await deliveries.record(session, claim, [sent(only)], now)
        failed = Result(only, DeliveryStatus.FAILED, "late", 550, "5.1.1 no", None)
        await deliveries.record(session, claim, [failed], now)
        books = await deliveries.balance(session, edition_id)
    assert (books.sent, books.failed) == (1, 0)


async def test_marked_recipients_are_in_doubt_until_their_outcome_is_recorded(
    database: Database, now: datetime
):
    edition_id = await an_audience(database, 3)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        await deliveries.mark(session, claim, claim.members, now)
        await deliveries.record(session, claim, [sent(claim.members[0])], now)
    async with database.begin() as session:
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.in_doubt, books.waiting, books.holds) == (1, 2, 0, True)
        later = now + 2 * LEASE
        again = await batches.claim(session, batch, "other", later, LEASE)
        assert await batches.waiting(session, again, later) == []
        await batches.release(session, again, later)
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


@pytest.mark.parametrize("reply", ["5.1.1 لا يوجد", "quote ' and \" and \\", "\x00nul", "x" * 5000])
async def test_any_words_of_a_server_can_be_kept(database: Database, now: datetime, reply: str):
    edition_id = await an_audience(database, 1)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        result = Result(claim.members[0], DeliveryStatus.BOUNCED, "address", 550, reply, None)
        assert await deliveries.record(session, claim, [result], now)
        assert (await deliveries.balance(session, edition_id)).bounced == 1


@given(outcomes=st.lists(st.sampled_from(list(DeliveryStatus)), min_size=7, max_size=7))
async def test_the_books_balance_whatever_happens(
    database: Database, now: datetime, outcomes: list[DeliveryStatus]
):
    async with database.begin() as session:
        edition = (await session.exec(select(Edition))).first()
        edition_id = edition.id if edition else None
    edition_id = edition_id or await an_audience(database, 7)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 3)
        for batch in await batches.due_batches(session, now, 10):
            claim = await batches.claim(session, batch, "worker", now, LEASE)
            results = [Result(member, outcomes[member % 7], "why", None, "", now) for member in claim.members]
            await deliveries.record(session, claim, results, now)
            await batches.postpone(session, claim, now)
        assert (await deliveries.balance(session, edition_id)).holds
