"""Group commits, by which way they go: the same rows and books as the ledger's own, or nothing."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from digest.model import Batch, Delivery, DeliveryStatus, Edition, EditionState
from digest.storage import secrets
from digest.storage.database.engine import Database
from digest.storage.ledger import batches, deliveries, group_commits, outcomes
from digest.storage.ledger.batches import Claim
from digest.storage.ledger.group_commits import Change
from digest.storage.ledger.outcomes import ClaimStatus, Result
from digest.storage.ledger.writer import OnPostgresql, group_commit
from tests.fakes_delivery import keep_an_edition

LEASE = timedelta(minutes=2)
Way = Callable[[Change], "asyncio.Future[ClaimStatus | None]"]
"""Writes a change; None: nothing was written."""


@pytest.fixture(params=["thread", "loop"])
async def way(request: pytest.FixtureRequest, database: Database):
    """Both ways that a change can go."""
    loop = asyncio.get_running_loop()

    async def by_thread(change: Change) -> ClaimStatus | None:
        return await asyncio.to_thread(
            database.group, lambda driver, dialect: group_commits.commit(driver, dialect, change)
        )

    commit = group_commit(database, lambda work: loop.run_in_executor(None, work))

    async def by_loop(change: Change) -> ClaimStatus | None:
        ended = loop.create_future()
        for _ in range(200):
            if commit.begin(change, ended.set_result):
                return await asyncio.wait_for(ended, 5)
            if database.embedded:
                return None
            await asyncio.sleep(0.01)  # until its connection is open
        raise AssertionError("It never began.")

    yield by_thread if request.param == "thread" else by_loop
    commit.close()


async def claimed(database: Database, size: int, now: datetime) -> Claim:
    edition_id = (await keep_an_edition(database, size)).id
    async with database.begin() as session:
        await batches.freeze(session, edition_id, now, 100)
        (batch,) = await batches.due_batches(session, now, 10)
        claim = await batches.claim(session, batch, "worker", now, LEASE)
    assert claim is not None
    return claim


def results(claim: Claim, now: datetime, *, marked: bool = False) -> list[Result]:
    kinds = (
        (DeliveryStatus.SENT, "", 250, "2.0.0 ok", None),
        (DeliveryStatus.BOUNCED, "address", 550, "5.1.1 لا أحد هنا \x00'\"", None),
        (DeliveryStatus.WAITING, "busy", 451, "4.7.1 later", now + timedelta(minutes=5)),
        (DeliveryStatus.IN_DOUBT, "unknown", None, "", None),
    )
    return [Result(one, *kinds[place % 4], marked=marked) for place, one in enumerate(claim.members)]


async def rows(database: Database) -> list[tuple[object, ...]]:
    async with database.begin() as session:
        found = (await session.exec(select(Delivery).order_by(Delivery.subscriber_id))).all()
        return [
            (
                one.subscriber_id,
                one.status,
                one.reason,
                one.code,
                one.reply,
                one.attempts,
                one.next_try_at,
                one.at,
            )
            for one in found
        ]


async def books(database: Database) -> tuple[int, ...]:
    async with database.begin() as session:
        batch = (await session.exec(select(Batch))).one()
        assert await deliveries.agrees(session, batch.edition_id)
        return batch.waiting, batch.sent, batch.bounced, batch.failed, batch.skipped, batch.in_doubt


async def test_outcomes_are_written_as_the_ledger_writes_them(database: Database, now: datetime, way: Way):
    claim = await claimed(database, 10, now)
    found = results(claim, now)
    assert await way(group_commits.outcomes(database.dialect, claim, found, now)) is ClaimStatus.HELD
    written = await rows(database)
    assert await books(database) == (2, 3, 3, 0, 0, 2)
    # The long way finds nothing to change.
    assert await database.write(lambda it: outcomes.record(it, claim, found, now)) is ClaimStatus.HELD
    assert await rows(database) == written
    assert await books(database) == (2, 3, 3, 0, 0, 2)


async def test_marks_become_outcomes(database: Database, now: datetime, way: Way):
    claim = await claimed(database, 8, now)
    await asyncio.to_thread(
        database.group,
        lambda driver, dialect: group_commits.commit(
            driver, dialect, group_commits.marks(dialect, claim, claim.members, now)
        ),
    )
    assert await books(database) == (0, 0, 0, 0, 0, 8)
    found = results(claim, now, marked=True)
    assert await way(group_commits.outcomes(database.dialect, claim, found, now)) is ClaimStatus.HELD
    assert await books(database) == (2, 2, 2, 0, 0, 2)


async def test_where_one_is_final_already_nothing_is_written(database: Database, now: datetime, way: Way):
    claim = await claimed(database, 3, now)
    first, *_ = found = [Result(one, DeliveryStatus.SENT, "", 250, "2.0.0 ok", None) for one in claim.members]
    assert await database.write(lambda it: outcomes.record(it, claim, [first], now)) is ClaimStatus.HELD
    before = await rows(database)
    for some in (found, [first]):
        assert await way(group_commits.outcomes(database.dialect, claim, some, now)) is None
        assert await rows(database) == before
        assert await books(database) == (2, 1, 0, 0, 0, 0)
    # What was refused leaves the way open.
    assert await way(group_commits.outcomes(database.dialect, claim, found[1:], now)) is ClaimStatus.HELD
    assert await books(database) == (0, 3, 0, 0, 0, 0)


async def test_a_claim_that_was_lost_writes_nothing(database: Database, now: datetime, way: Way):
    claim = await claimed(database, 3, now)
    later = now + 2 * LEASE
    async with database.begin() as session:
        assert await batches.claim(session, claim.batch_id, "other", later, LEASE)
    found = results(claim, now)
    assert await way(group_commits.outcomes(database.dialect, claim, found, now)) is ClaimStatus.LOST
    assert await rows(database) == []


async def test_an_edition_that_was_paused_is_told_of(database: Database, now: datetime, way: Way):
    claim = await claimed(database, 3, now)
    async with database.begin() as session:
        edition = await session.get(Edition, claim.edition_id)
        edition.state = EditionState.PAUSED
        session.add(edition)
    found = results(claim, now)
    assert await way(group_commits.outcomes(database.dialect, claim, found, now)) is ClaimStatus.STOPPED
    assert len(await rows(database)) == 3


async def test_the_loop_does_not_wait_for_another_writer(tmp_path, now: datetime):
    database, other = (Database(f"sqlite:///{tmp_path}/one.db") for _ in range(2))
    await database.upgrade()
    claim = await claimed(database, 3, now)
    loop = asyncio.get_running_loop()
    commit = group_commit(database, lambda work: loop.run_in_executor(None, work))
    change = group_commits.outcomes("sqlite", claim, results(claim, now), now)
    async with other.begin() as session:
        await secrets.add(session, "busy", b"x", origin=secrets.MADE, now=now)
        begun = loop.time()
        assert not commit.begin(change, lambda _: pytest.fail("It was told of what never began."))
        assert loop.time() - begun < 1
    ended = loop.create_future()
    assert commit.begin(change, ended.set_result)
    assert await asyncio.wait_for(ended, 5) is ClaimStatus.HELD
    commit.close()
    # The connection goes back with the patience that the others have.
    (patience,) = database.group(lambda driver, _: driver.execute("PRAGMA busy_timeout").fetchone())
    assert patience == 30_000
    await database.close()
    await other.close()


async def opened(commit: OnPostgresql) -> None:
    for _ in range(500):
        if commit._connection is not None:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("No connection was opened.")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_connection_that_breaks_tells_that_nothing_is_known(database: Database, now: datetime):
    claim = await claimed(database, 8, now)
    loop = asyncio.get_running_loop()
    commit = OnPostgresql(database, lambda work: loop.run_in_executor(None, work))
    change = group_commits.outcomes("postgresql", claim, results(claim, now), now)
    assert not commit.begin(change, lambda _: pytest.fail("It was told of what never began."))
    await opened(commit)
    ended = loop.create_future()
    (me,) = commit._connection.execute("SELECT pg_backend_pid()").fetchone()
    async with database.begin() as session:
        # Held, so that the answer cannot come before the connection is cut.
        await session.exec(select(Batch).with_for_update())
        assert commit.begin(change, ended.set_result)
        await database.write(lambda it: it.exec_driver_sql(f"SELECT pg_terminate_backend({me})").all())
        assert await asyncio.wait_for(ended, 5) is None
    # Another one is opened meanwhile.
    assert not commit.begin(change, lambda _: pytest.fail("It was told of what never began."))
    await opened(commit)
    commit.close()
    assert await rows(database) == []
