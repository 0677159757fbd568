"""Lists and their editions in the store."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from digest.errors import InputError
from digest.model import EditionKind, EditionState, SubscriptionState
from digest.model.editions.edition_moves import Move, targets_of
from digest.storage.audience import lists
from digest.storage.database.engine import Database
from digest.storage.editions import editions, states
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition


async def test_a_list_that_is_not_there_names_those_that_are(database: Database):
    async with database.begin() as session:
        with pytest.raises(InputError, match="digest lists add"):
            await lists.by_slug(session, "weekly")
        await lists.add(session, a_list())
        with pytest.raises(InputError, match="There are: daily"):
            await lists.by_slug(session, "weekly")


async def test_a_slug_is_taken_once(database: Database):
    async with database.begin() as session:
        await lists.add(session, a_list())
        with pytest.raises(InputError, match="already"):
            await lists.add(session, a_list(name="آخر"))


async def test_only_those_who_would_be_mailed_are_counted(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        for number, state, disabled in (
            (1, SubscriptionState.CONFIRMED, None),
            (2, SubscriptionState.PENDING, None),
            (3, SubscriptionState.LEFT, None),
            (4, SubscriptionState.CONFIRMED, "bounced"),
        ):
            person = a_subscriber(number, disabled_reason=disabled)
            session.add(person)
            await session.flush()
            session.add(a_subscription(mailing_list.id, person.id, state=state))
        await session.flush()
        assert await lists.confirmed(session, mailing_list.id) == 1


async def test_a_removed_list_takes_its_editions_along(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        edition = await editions.add(session, an_edition(mailing_list.id))
        await lists.remove(session, mailing_list.id)
        await session.flush()
        session.expunge_all()
        assert await editions.by_id(session, edition.id) is None


async def test_a_local_date_has_one_edition_however_many_make_it(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        await editions.add(
            session, an_edition(mailing_list.id, number=await editions.next_number(session, mailing_list.id))
        )
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            await editions.add(session, an_edition(mailing_list.id, number=2))


async def test_editions_are_found_by_day_and_number_and_come_newest_first(database: Database):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        for number in (1, 2, 3):
            await editions.add(
                session, an_edition(mailing_list.id, number=number, local_date=date(2026, 1, number))
            )
        assert await editions.next_number(session, mailing_list.id) == 4
        assert [one.number for one in await editions.latest(session, mailing_list.id, 2)] == [3, 2]
        assert (
            await editions.by_day(session, mailing_list.id, EditionKind.DAILY, date(2026, 1, 2))
        ).number == 2
        assert (await editions.by_number(session, mailing_list.id, 3)).local_date == date(2026, 1, 3)
        assert await editions.by_number(session, mailing_list.id, 9) is None


async def test_what_was_told_is_known_and_what_was_held_was_not_told(database: Database, now: datetime):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        await editions.add(session, an_edition(mailing_list.id, number=1, state=EditionState.FINISHED))
        since = now - timedelta(days=3)
        told = await editions.published_urls(session, mailing_list.id, since, date(2026, 1, 6))
        assert told == {"https://marfa.example/bridge"}
        assert await editions.published_urls(session, mailing_list.id, since, date(2026, 1, 5)) == set()
        (edition,) = await editions.latest(session, mailing_list.id, 1)
        edition.state = EditionState.HELD
        await editions.add(session, edition)
        assert await editions.published_urls(session, mailing_list.id, since, date(2026, 1, 6)) == set()


async def test_an_edition_past_its_deadline_is_held_with_the_reason(database: Database, now: datetime):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        edition = await editions.add(session, an_edition(mailing_list.id, state=EditionState.SENDING))
        assert await editions.hold_late(session, now) == []
        assert await editions.hold_late(session, now + timedelta(hours=7)) == [edition.id]
        await session.refresh(edition)
        assert edition.state is EditionState.HELD
        assert "deadline" in edition.held_reason


@pytest.mark.parametrize(
    ("before", "move", "allowed"),
    [
        (EditionState.SENDING, Move.PAUSE, True),
        (EditionState.PAUSED, Move.RESUME, True),
        (EditionState.HELD, Move.RESUME, True),
        (EditionState.HELD, Move.APPROVE, True),
        (EditionState.PAUSED, Move.PAUSE, True),
        (EditionState.FINISHED, Move.PAUSE, False),
        (EditionState.FINISHED, Move.CANCEL, False),
        (EditionState.CANCELLED, Move.RESUME, False),
        (EditionState.FINISHED, Move.RESUME, False),
        (EditionState.APPROVED, Move.PAUSE, False),
        (EditionState.DRAFT, Move.RESUME, False),
        (EditionState.DRAFT, Move.APPROVE, True),
    ],
)
async def test_an_edition_goes_only_where_it_can(
    database: Database, before: EditionState, move: Move, *, allowed: bool
):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        began = NOW if move is Move.RESUME else None
        edition = await editions.add(
            session, an_edition(mailing_list.id, state=before, held_reason="why", started_at=began)
        )
        if allowed:
            moved = await editions.move_by_hand(session, edition.id, move, NOW)
            assert moved.state in targets_of(move)
        else:
            with pytest.raises(InputError, match=f"is {before.value}"):
                await editions.move_by_hand(session, edition.id, move, NOW)


async def test_a_resumed_edition_gets_a_new_deadline_and_never_an_earlier_one(
    database: Database, now: datetime
):
    async with database.begin() as session:
        mailing_list = await lists.add(session, a_list())
        edition = await editions.add(session, an_edition(mailing_list.id, state=EditionState.PAUSED))
        before = edition.send_deadline
        await editions.move_by_hand(session, edition.id, Move.RESUME, now, now)
        assert edition.send_deadline == before
        pause = (await session.connection()).run_sync
        await pause(states.pause, edition.id, "the server objects")
        await pause(states.pause, edition.id, "it is paused already")
        await session.refresh(edition)
        assert (edition.state, edition.held_reason) == (EditionState.PAUSED, "the server objects")
        late = now + timedelta(days=2)
        await editions.move_by_hand(session, edition.id, Move.RESUME, NOW, late)
        assert (edition.send_deadline, edition.held_reason) == (late, None)
