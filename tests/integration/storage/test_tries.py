"""Work that is tried until it is done: due in order, anybody's once, given up after its last wait."""

from datetime import timedelta

import pytest
from sqlmodel import col

from digest.model import Alarm
from digest.storage import tries
from digest.storage.database.engine import Database
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
WAITS = (MINUTE, 5 * MINUTE)


def an_alarm(about: str, due_in: timedelta | None) -> Alarm:
    return Alarm(
        kind="late",
        about=about,
        day=NOW.date(),
        channel="email",
        words="",
        created_at=NOW,
        next_try_at=None if due_in is None else NOW + due_in,
    )


@pytest.fixture
async def kept(database: Database) -> dict[str, int]:
    """Three that are due, one that is not yet, one that is given up; by what they are about."""
    due = {"second": -MINUTE, "first": -2 * MINUTE, "third": timedelta(0), "later": MINUTE, "given up": None}
    made = [an_alarm(about, due_in) for about, due_in in due.items()]
    async with database.begin() as session:
        session.add_all(made)
    return {one.about: one.id or 0 for one in made}


async def test_who_waits_longest_is_tried_first(database: Database, kept: dict[str, int]):
    async with database.begin() as session:
        assert await tries.due(session, Alarm, NOW, 10) == [kept["first"], kept["second"], kept["third"]]
        assert await tries.due(session, Alarm, NOW, 1) == [kept["first"]]


async def test_what_somebody_took_is_nobody_elses_until_its_next_try(
    database: Database, kept: dict[str, int]
):
    async with database.begin() as session:
        taken = await tries.take(session, Alarm, kept["first"], NOW, WAITS)
        assert taken is not None
        assert (taken.attempts, taken.next_try_at) == (1, NOW + MINUTE)
        assert await tries.take(session, Alarm, kept["first"], NOW, WAITS) is None
        assert await tries.lease(session, Alarm, kept["first"], NOW, MINUTE) is None


async def test_after_its_last_wait_it_is_given_up(database: Database, kept: dict[str, int]):
    at, ahead = NOW, []
    async with database.begin() as session:
        for _ in range(2 * len(WAITS) + 1):
            taken = await tries.take(session, Alarm, kept["first"], at, WAITS)
            ahead += [taken.next_try_at] if taken else []
            at = (taken and taken.next_try_at) or at + timedelta(days=1)
    assert ahead == [NOW + MINUTE, NOW + 6 * MINUTE, None]


async def test_a_lease_that_nobody_ended_makes_it_due_again(database: Database, kept: dict[str, int]):
    async with database.begin() as session:
        for nth in range(5):
            assert await tries.lease(session, Alarm, kept["first"], NOW + nth * MINUTE, MINUTE) is not None


async def test_what_is_not_due_or_does_not_fit_is_not_taken(database: Database, kept: dict[str, int]):
    async with database.begin() as session:
        for about in ("later", "given up"):
            assert await tries.take(session, Alarm, kept[about], NOW, WAITS) is None
        assert await tries.take(session, Alarm, 0, NOW, WAITS) is None
        told = col(Alarm.told_at).is_not(None)
        assert await tries.take(session, Alarm, kept["first"], NOW, WAITS, told) is None


@pytest.mark.parametrize(("tried", "again"), [(0, NOW + MINUTE), (1, NOW + 5 * MINUTE), (2, None), (7, None)])
def test_each_try_has_its_wait(tried: int, again: object):
    assert tries.again_at(tried, WAITS, NOW) == again
