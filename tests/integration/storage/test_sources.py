"""Sources in the store, on both databases."""

from datetime import timedelta

import pytest

from digest.collect.schedule import SourceState
from digest.errors import InputError
from digest.model import Source, SourceKind
from digest.model.news.source import SourceEvent
from digest.storage.articles import sources
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source


async def kept(database: Database, *given: Source) -> list[int]:
    async with database.begin() as session:
        return [(await sources.add(session, one)).id or 0 for one in given]


async def test_a_location_is_a_source_once(database: Database):
    await kept(database, a_source())
    with pytest.raises(InputError):
        await kept(database, a_source())


async def test_a_source_is_found_by_id_name_or_location(database: Database):
    (one,) = await kept(database, a_source())
    await kept(
        database,
        a_source(location="https://b.example/", name="ب"),
        a_source(location="https://c.example/", name="ب"),
    )
    async with database.begin() as session:
        for name in (str(one), "المرفأ", "https://marfa.example/feed.xml"):
            assert (await sources.find(session, name)).id == one
        with pytest.raises(InputError, match="Several"):
            await sources.find(session, "ب")
        with pytest.raises(InputError, match="no source"):
            await sources.find(session, "لا أحد")


async def test_what_is_due_is_what_is_visited_and_waits_longest_first(database: Database):
    given = [
        a_source(location="https://never.example/"),
        a_source(location="https://late.example/", next_poll_at=NOW - timedelta(hours=2)),
        a_source(location="https://now.example/", next_poll_at=NOW),
        a_source(location="https://later.example/", next_poll_at=NOW + timedelta(seconds=1)),
        a_source(location="https://off.example/", enabled=False),
        a_source(location="https://gone.example/", muted_reason="gone (410)"),
        a_source(location="/folder", by_hand=True),
        a_source(location="ingest:x", kind=SourceKind.WEBHOOK),
    ]
    ids = await kept(database, *given)
    async with database.begin() as session:
        found = await sources.due(session, NOW, 10)
        assert set(found) == set(ids[:3])
        assert found.index(ids[1]) < found.index(ids[2])
        assert await sources.due(session, NOW, 1) == found[:1]


async def test_a_source_is_taken_by_one_worker(database: Database):
    (one,) = await kept(database, a_source())
    async with database.begin() as session:
        assert await sources.take(session, one, NOW) is not None
    async with database.begin() as session:
        assert await sources.take(session, one, NOW) is None
        assert await sources.take(session, one, NOW + timedelta(minutes=6)) is not None


async def test_a_host_is_held_as_a_whole_and_no_other(database: Database):
    until = NOW + timedelta(hours=1)
    ids = await kept(
        database,
        a_source(location="https://a.example/feed"),
        a_source(location="http://a.example/other?x=1"),
        a_source(location="https://a.example"),
        a_source(location="https://a.example.org/feed"),
        a_source(location="https://b.example/a.example/"),
        a_source(location="https://a.example/late", next_poll_at=NOW + timedelta(hours=5)),
        a_source(location="https://a%25.example/"),
    )
    async with database.begin() as session:
        assert await sources.hold_host(session, "a.example", until) == 3
    async with database.begin() as session:
        assert set(await sources.due(session, NOW, 10)) == {ids[3], ids[4], ids[6]}
        assert await sources.hold_host(session, "%", until) == 0


async def test_the_history_is_newest_first_and_old_lines_are_forgotten(database: Database):
    (one, other) = await kept(database, a_source(), a_source(location="https://b.example/"))
    async with database.begin() as session:
        for hours in range(5):
            event = SourceEvent(
                source_id=one,
                at=NOW + timedelta(hours=hours),
                reason=f"r{hours}",
                message="m",
                message_ar="م",
            )
            await sources.record(session, event)
        lines = await sources.history(session, one, 3)
        assert [line.reason for line in lines] == ["r4", "r3", "r2"]
        assert await sources.history(session, other) == []
        latest = await sources.latest_event(session, one, "r1")
        assert latest is not None
        assert await sources.forget_history_before(session, NOW + timedelta(hours=2)) == 2
        assert await sources.latest_event(session, one, "r1") is None


async def test_a_source_that_is_removed_takes_its_history_along(database: Database):
    (one,) = await kept(database, a_source())
    async with database.begin() as session:
        await sources.record(
            session, SourceEvent(source_id=one, at=NOW, reason="r", message="m", message_ar="م")
        )
    async with database.begin() as session:
        await sources.remove(session, one)
        await sources.save_state(session, one, SourceState({"failures": 3}))
    async with database.begin() as session:
        assert await sources.history(session, one) == []
        assert await sources.all_sources(session) == []
