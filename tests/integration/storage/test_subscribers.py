"""People, wishes, suppressions and single mails in the store."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from digest.model import Notice, Subscriber, SubscriptionState
from digest.storage.audience import lists, subscribers, suppressions
from digest.storage.database.engine import Database
from tests.builders import a_list, a_subscriber, a_subscription

PAUSE = timedelta(minutes=5)


async def add(session, email: str, now: datetime, name: str = "") -> Subscriber:
    return await subscribers.add(session, email, name=name, locale="ar", key=email.encode().hex(), now=now)


async def test_an_address_is_one_person_and_keeps_its_key_and_name(database: Database, now: datetime):
    async with database.begin() as session:
        first = await add(session, "amal@mujaz.example", now)
        again = await add(session, "amal@mujaz.example", now, name="أمل")
        assert (again.id, again.name) == (first.id, "أمل")
        third = await add(session, "amal@mujaz.example", now, name="غيرها")
        assert third.name == "أمل"
        assert (await subscribers.by_key(session, first.key)).id == first.id
        assert (await subscribers.by_email(session, "amal@mujaz.example")).id == first.id
        assert await subscribers.by_email(session, "badr@mujaz.example") is None


async def test_everyone_comes_by_address_and_a_deleted_person_is_gone_with_all_wishes(
    database: Database, now: datetime
):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        for email in ("salma@mujaz.example", "amal@mujaz.example"):
            person = await add(session, email, now)
            await subscribers.save_subscription(session, a_subscription(mailing_list.id, person.id))
        found = await subscribers.everyone(session, mailing_list.id)
        assert [person.email for person, _ in found] == ["amal@mujaz.example", "salma@mujaz.example"]
        assert len(await subscribers.everyone(session, None)) == 2
        await subscribers.remove(session, found[0][0].id)
        await session.flush()
        session.expunge_all()
        assert [person.email for person, _ in await subscribers.everyone(session, None)] == [
            "salma@mujaz.example"
        ]


async def test_a_suppressed_address_stays_so_with_its_first_reason(database: Database, now: datetime):
    async with database.begin() as session:
        await suppressions.suppress(session, "hash", "complained", now)
        await suppressions.suppress(session, "hash", "asked by hand", now)
        assert (await suppressions.suppression_of(session, ["other", "hash"])).reason == "complained"
        assert await suppressions.suppressed(session, ["hash", "other"]) == {"hash"}
        assert await suppressions.suppressed(session, []) == set()
        await suppressions.lift(session, ["other", "hash"], now, "asked")
        assert await suppressions.suppression_of(session, ["hash"]) is None


async def a_notice(session, now: datetime) -> Notice:
    mailing_list = await lists.add(session, a_list())
    person = await add(session, "amal@mujaz.example", now)
    notice = Notice(list_id=mailing_list.id, subscriber_id=person.id, created_at=now, next_try_at=now)
    await subscribers.add_notice(session, notice)
    return notice


async def test_a_single_mail_is_taken_by_one_worker(database: Database, now: datetime):
    async with database.begin() as session:
        notice = await a_notice(session, now)
        assert await subscribers.due_notices(session, now - PAUSE, 10) == []
        assert await subscribers.due_notices(session, now, 10) == [notice.id]
        taken = await subscribers.take_notice(session, notice.id, now, PAUSE)
        assert taken.attempts == 1
        assert await subscribers.take_notice(session, notice.id, now, PAUSE) is None
        assert await subscribers.due_notices(session, now + PAUSE, 10) == [notice.id]


@pytest.mark.parametrize(("sent", "again", "due"), [(True, False, 0), (False, True, 1), (False, False, 0)])
async def test_a_single_mail_is_sent_postponed_or_given_up(
    database: Database, now: datetime, *, sent: bool, again: bool, due: int
):
    async with database.begin() as session:
        notice = await a_notice(session, now)
        await subscribers.settle_notice(
            session,
            notice.id,
            sent_at=now if sent else None,
            next_try_at=now + PAUSE if again else None,
            reply="x" * 900,
        )
        assert len(await subscribers.due_notices(session, now + PAUSE, 10)) == due
        kept = await subscribers.latest_notice(session, notice.list_id, notice.subscriber_id)
        await session.refresh(kept)
        assert len(kept.reply) == 500


async def test_who_never_confirmed_is_forgotten_and_who_did_is_not(database: Database, now: datetime):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        people = [a_subscriber(number) for number in (1, 2, 3)]
        session.add_all(people)
        await session.flush()
        session.add(a_subscription(mailing_list.id, people[0].id))
        session.add(a_subscription(mailing_list.id, people[1].id, state=SubscriptionState.PENDING))
        fresh = a_subscription(
            mailing_list.id, people[2].id, state=SubscriptionState.PENDING, requested_at=now
        )
        session.add(fresh)
        await session.flush()
        assert await subscribers.drop_unconfirmed(session, now - timedelta(days=7)) == 1
        left = (await session.exec(select(Subscriber.email).order_by(Subscriber.email))).all()
        assert left == ["reader1@mujaz.example", "reader3@mujaz.example"]
