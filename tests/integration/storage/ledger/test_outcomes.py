"""The ledger on both databases: outcomes, doubts, books."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from digest.model import Batch, Delivery, DeliveryStatus, Edition, Subscriber, SubscriptionState
from digest.storage.audience import subscribers
from digest.storage.database.engine import Database
from digest.storage.ledger import batch_members, batches, deliveries, outcomes
from digest.storage.ledger.outcomes import ClaimStatus, Result
from tests.integration.storage.ledger.recording import LEASE, an_audience, mark, record, sent


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
        people = await batch_members.waiting(session, claim, now)
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
        await record(session, claim, [busy, sent(second)], now)
        await batches.release(session, claim, now)
    async with database.begin() as session:
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.waiting, books.holds) == (1, 1, True)
        assert await deliveries.close_finished(session, now) == []
        assert await batches.due_batches(session, now, 10) == []
        assert await batches.due_batches(session, soon, 10) == [batch]
        claim = await batches.claim(session, batch, "worker", soon, LEASE)
        (again,) = await batch_members.waiting(session, claim, soon)
        assert (again.subscriber_id, again.attempts) == (first, 1)


async def test_an_outcome_that_is_final_is_never_overwritten(database: Database, now: datetime):
    edition_id = await an_audience(database, 1)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        (only,) = claim.members
        await record(session, claim, [sent(only)], now)
        failed = Result(only, DeliveryStatus.FAILED, "late", 550, "5.1.1 no", None)
        await record(session, claim, [failed], now)
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
        await mark(session, claim, claim.members, now)
        await record(session, claim, [sent(claim.members[0], marked=True)], now)
    async with database.begin() as session:
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.in_doubt, books.waiting, books.holds) == (1, 2, 0, True)
        later = now + 2 * LEASE
        again = await batches.claim(session, batch, "other", later, LEASE)
        assert await batch_members.waiting(session, again, later) == []
        await batches.release(session, again, later)
        assert await deliveries.close_finished(session, later) == [edition_id]


@pytest.mark.parametrize("reply", ["5.1.1 لا يوجد", "quote ' and \" and \\", "\x00nul", "x" * 5000])
async def test_any_words_of_a_server_can_be_kept(database: Database, now: datetime, reply: str):
    edition_id = await an_audience(database, 1)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        result = Result(claim.members[0], DeliveryStatus.BOUNCED, "address", 550, reply, None)
        assert ClaimStatus.HELD is await record(session, claim, [result], now)
        assert (await deliveries.balance(session, edition_id)).bounced == 1


@given(statuses=st.lists(st.sampled_from(list(DeliveryStatus)), min_size=7, max_size=7))
async def test_the_books_balance_whatever_happens(
    database: Database, now: datetime, statuses: list[DeliveryStatus]
):
    async with database.begin() as session:
        edition = (await session.exec(select(Edition))).first()
        edition_id = edition.id if edition else None
    edition_id = edition_id or await an_audience(database, 7)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 3)
        for batch in await batches.due_batches(session, now, 10):
            claim = await batches.claim(session, batch, "worker", now, LEASE)
            results = [Result(member, statuses[member % 7], "why", None, "", now) for member in claim.members]
            await record(session, claim, results, now)
            await batches.postpone(session, claim, now)
        assert (await deliveries.balance(session, edition_id)).holds
        assert await deliveries.agrees(session, edition_id)


async def test_a_result_that_is_written_twice_counts_once(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
    first, second = claim.members
    busy = Result(first, DeliveryStatus.WAITING, "busy", 451, "4.7.1 later", now)
    for _ in range(2):
        # A commit whose answer was lost is written again.
        assert (
            await database.write(lambda it: outcomes.record(it, claim, [busy, sent(second)], now))
            is ClaimStatus.HELD
        )
    async with database.begin() as session:
        delivery = await session.get(Delivery, (edition_id, first))
        assert (delivery.attempts, delivery.history) == (1, [])
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.waiting) == (1, 1)
        assert await deliveries.agrees(session, edition_id)


@pytest.mark.parametrize("wrong", [{"sent": 1}, {"waiting": -1, "sent": 11}, {"done": True}])
async def test_the_database_refuses_books_that_do_not_balance(
    database: Database, now: datetime, wrong: dict[str, object]
):
    edition_id = await an_audience(database, 10)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await session.exec(update(Batch).values(**wrong))


async def test_a_large_group_is_recorded_whole(database: Database, now: datetime):
    edition_id = await an_audience(database, 150)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 500)
        due = await batches.due_batches(session, now, 1)
        held = await batches.claim(session, due[0], "a", now, LEASE)
        assert await mark(session, held, held.members, now) is ClaimStatus.HELD
        results = [sent(one, marked=True) for one in held.members]
        assert await record(session, held, results, now) is ClaimStatus.HELD
    async with database.begin() as session:
        assert (await deliveries.balance(session, edition_id)).sent == 150
        assert await deliveries.agrees(session, edition_id)
        assert await batch_members.waiting(session, held, now) == []


async def test_a_marked_reader_who_was_never_sent_to_waits_again(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        await mark(session, claim, claim.members, now)
        back = Result(claim.members[0], DeliveryStatus.WAITING, "", None, "", None, 0, marked=True)
        await record(session, claim, [back], now)
        await batches.release(session, claim, now)
        assert await batches.due_batches(session, now, 10) == [batch]
        books = await deliveries.balance(session, edition_id)
        assert (books.waiting, books.in_doubt) == (1, 1)


async def test_who_was_marked_by_a_worker_that_died_is_listed(database: Database, now: datetime):
    edition_id = await an_audience(database, 3)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        dead = await batches.claim(session, batch, "dead", now, LEASE)
        await mark(session, dead, dead.members[:2], now)
        assert await deliveries.in_doubt(session, edition_id) == []
        later = now + 2 * LEASE
        heir = await batches.claim(session, batch, "heir", later, LEASE)
        assert heir.in_doubt == 2
        await (await session.connection()).run_sync(outcomes.give_up_marks, heir)
        assert await deliveries.in_doubt(session, edition_id) == list(dead.members[:2])


async def test_a_persons_timeline_keeps_every_word_of_the_server(database: Database, now: datetime):
    edition_id = await an_audience(database, 2)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 10)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
        person, other = claim.members
        busy = Result(person, DeliveryStatus.WAITING, "temporary", 451, "4.7.1 حاول لاحقا", now)
        await record(session, claim, [busy], now)
        await mark(session, claim, [person], now)
        later = now + timedelta(minutes=5)
        await record(session, claim, [sent(person, attempts=2, marked=True)], later)
        (told,) = await deliveries.timelines(session, person, 10)
        assert [(one.at, one.code, one.words) for one in told.tries] == [
            (now, 451, "4.7.1 حاول لاحقا"),
            (later, 250, "2.0.0 ok"),
        ]
        assert told.status is DeliveryStatus.SENT
        (untried,) = await deliveries.timelines(session, other, 10)
        assert (untried.status, untried.tries) == (DeliveryStatus.WAITING, ())
        assert await deliveries.timelines(session, 999_999, 10) == []


async def test_those_who_failed_can_be_tried_again_and_only_they(database: Database, now: datetime):
    edition_id = await an_audience(database, 4)
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 2)
        for batch in await batches.due_batches(session, now, 10):
            claim = await batches.claim(session, batch, "worker", now, LEASE)
            first, second = claim.members
            failed = Result(first, DeliveryStatus.FAILED, "permanent", 554, "5.6.0 no", None)
            await record(session, claim, [failed, sent(second)], now)
            await batches.release(session, claim, now)
        assert await batches.due_batches(session, now, 10) == []
        assert await deliveries.again(session, edition_id, [DeliveryStatus.FAILED], now) == 2
        books = await deliveries.balance(session, edition_id)
        assert (books.sent, books.failed, books.waiting, books.holds) == (2, 0, 2, True)
        assert len(await batches.due_batches(session, now, 10)) == 2
        assert await deliveries.agrees(session, edition_id)
