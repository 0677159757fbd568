"""The database takes an edition for late exactly when the rule does."""

from datetime import timedelta

from sqlmodel import col, select

from digest.model import Batch, Edition
from digest.model.editions.lateness import is_late, latest
from digest.storage.database.engine import Database
from digest.storage.editions.states import batch_in_time, finished_late, in_time, past_deadline
from tests.builders import NOW, a_list, an_edition

AROUND = [timedelta(microseconds=moved) for moved in (-1_000_000, -1, 0, 1, 1_000_000)]


async def test_sql_and_the_rule_agree_on_what_is_late(database: Database):
    async with database.begin() as session:
        mailing_list = a_list()
        session.add(mailing_list)
        await session.flush()
        made = [
            an_edition(
                mailing_list.id,
                number=nth,
                local_date=NOW.date() + timedelta(days=nth),
                send_deadline=NOW,
                finished_at=NOW + moved,
            )
            for nth, moved in enumerate(AROUND, start=1)
        ]
        session.add_all(made)
        await session.flush()
        for moved in AROUND:
            found = set((await session.exec(select(Edition.id).where(past_deadline(NOW + moved)))).all())
            may = set((await session.exec(select(Edition.id).where(in_time(NOW + moved)))).all())
            assert bool(found) is is_late(NOW, NOW + moved)
            assert found.isdisjoint(may)
            assert len(found | may) == len(made)
        late = (
            await session.exec(select(Edition.number).where(finished_late()).order_by(col(Edition.number)))
        ).all()
        assert list(late) == [one.number for one in made if is_late(one.send_deadline, one.finished_at)]


async def test_a_batch_has_as_long_as_its_edition_or_its_own_deadline_if_that_is_later(database: Database):
    owns = [None, *(NOW + moved for moved in AROUND)]
    async with database.begin() as session:
        session.add(mailing_list := a_list())
        await session.flush()
        session.add(edition := an_edition(mailing_list.id, send_deadline=NOW))
        await session.flush()
        made = [
            Batch(
                edition_id=edition.id,
                position=nth,
                members=[],
                size=0,
                waiting=0,
                due_at=NOW,
                send_deadline=own,
            )
            for nth, own in enumerate(owns)
        ]
        session.add_all(made)
        await session.flush()
        for moved in AROUND:
            query = select(Batch.position).join(Edition, col(Edition.id) == col(Batch.edition_id))
            may = set((await session.exec(query.where(batch_in_time(NOW + moved)))).all())
            assert may == {nth for nth, own in enumerate(owns) if not is_late(latest(NOW, own), NOW + moved)}
            gone = (await session.exec(select(Edition.id).where(past_deadline(NOW + moved)))).all()
            assert bool(gone) is not bool(may)
