"""Visits from the web to the store: what is new once, and every failure a line in the history."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from digest.clock import FixedClock
from digest.services.app import App, SilentProgress
from digest.services.sources import health, polling
from digest.storage.articles import sources
from tests.builders import NOW, a_source
from tests.integration.collect.site import DATE, Site, a_feed
from tests.integration.collect.visits.visiting import a_kept, state, titles, visit
from tests.unit.collect.odd_feeds import READABLE, UNREADABLE


async def test_what_is_new_is_kept_once_and_validators_after_it(site: Site, app: App):
    one = await a_kept(app, site.publishes("/feed", a_feed(1, 2), ETag='"1"', Last_Modified=DATE))
    assert (await visit(app, one)).new == 2
    source, _ = await state(app, one)
    assert (source.etag, source.last_modified, source.failures) == ('"1"', DATE, 0)
    assert (await visit(app, one)).new == 0
    assert site.statuses[304] == 1
    site.publishes("/feed", a_feed(3, 1, 2), ETag='"2"')
    assert (await visit(app, one)).new == 1
    assert len(await titles(app)) == 3


async def test_an_unchanged_body_without_validators_is_not_read_again(site: Site, app: App):
    one = await a_kept(app, site.publishes("/feed", a_feed(1)))
    assert (await visit(app, one)).seen == 1
    assert (await visit(app, one)).seen == 0
    assert site.statuses[200] == 2


async def test_validators_of_a_broken_answer_are_not_kept(site: Site, app: App):
    one = await a_kept(app, site.publishes("/feed", a_feed(1), ETag='"good"'))
    await visit(app, one)
    site.publishes("/feed", "<html><body>a portal</body></html>", ETag='"bad"')
    assert (await visit(app, one)).error
    source, _ = await state(app, one)
    assert source.etag == '"good"'


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "not_found"),
        (410, "gone"),
        (403, "forbidden"),
        (429, "asked_to_wait"),
        (500, "trouble"),
        (418, "refused"),
    ],
)
async def test_every_failure_is_a_line_an_editor_understands(site: Site, app: App, status: int, reason: str):
    one = await a_kept(app, site.publishes("/feed", "", status))
    assert (await visit(app, one)).error
    source, lines = await state(app, one)
    assert [line.reason for line in lines] == [reason]
    assert "127.0.0.1" in lines[0].message
    assert "127.0.0.1" in lines[0].message_ar
    assert str(status) in lines[0].detail
    assert source.last_error_at == NOW
    assert (source.muted_reason is not None) is (status == 410)


async def test_hostile_feeds_end_in_the_history_and_the_others_go_on(site: Site, app: App):
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"<item>" * 20_000)

    async def dripping(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(100):
            await answer.write(b"x")
            await asyncio.sleep(0.1)
        return answer

    bad = [site.publishes(f"/bad/{n}", body) for n, body in enumerate(UNREADABLE.values())]
    bad += [
        site.does("/endless", endless),
        site.does("/dripping", dripping),
        site.publishes("/large", b"<rss>" + b"x" * 6_000_000),
    ]
    good = [
        site.publishes(f"/good/{n}", odd.body)
        for n, odd in enumerate(READABLE.values())
        if len(odd.body) < 5_000_000
    ]
    chosen = []
    for location in (*bad, *good):
        async with app.database.begin() as session:
            chosen.append(await sources.add(session, a_source(location=location)))
    done = {one.source.location: one for one in await polling.visit_all(app, chosen, SilentProgress())}
    assert len(bad) + len(good) >= 60
    for location in bad:
        assert done[location].error
        _, lines = await state(app, done[location].source.id or 0)
        assert len(lines) == 1
        assert lines[0].message_ar
    assert [location for location in good if done[location].error] == []


async def test_a_source_that_comes_back_says_so(site: Site, app: App):
    one = await a_kept(app, site.publishes("/feed", "", 500))
    await visit(app, one)
    site.publishes("/feed", a_feed(1))
    await visit(app, one)
    source, lines = await state(app, one)
    assert sorted(line.reason for line in lines) == ["recovered", "trouble"]
    assert source.failures == 0


async def test_a_host_that_asks_to_wait_keeps_its_other_sources_waiting_too(site: Site, app: App):
    one = await a_kept(app, site.publishes("/a", "", 429, Retry_After="7200"))
    other = await a_kept(app, site.publishes("/b", a_feed(1)))
    await visit(app, one)
    for held in (one, other):
        source, _ = await state(app, held)
        assert source.next_poll_at is not None
        assert source.next_poll_at >= NOW + timedelta(hours=2)
        assert source.failures == 0


async def test_a_move_is_believed_after_a_week_of_good_answers(site: Site, app: App, clock: FixedClock):
    new = site.publishes("/new", a_feed(1))
    one = await a_kept(app, site.publishes("/old", "", 301, Location="/new"))
    for day in range(8):
        await visit(app, one)
        source, _ = await state(app, one)
        assert source.location == (new if day == 7 else site.address("/old"))
        clock.forward(timedelta(days=1))
    _, lines = await state(app, one)
    assert [(line.reason, line.detail) for line in lines] == [("moved", new), ("silent", "")]


async def test_a_captive_portal_moves_nothing(site: Site, app: App, clock: FixedClock):
    site.publishes("/login", "<html><body>Please pay</body></html>")
    one = await a_kept(app, site.publishes("/feed", "", 301, Location="/login"))
    for _ in range(10):
        assert (await visit(app, one)).error
        clock.forward(timedelta(days=1))
    source, _ = await state(app, one)
    assert (source.location, source.moved_to) == (site.address("/feed"), None)


async def test_silence_is_told_once_in_arabic(site: Site, app: App, clock: FixedClock):
    one = await a_kept(app, site.publishes("/feed", a_feed(1)))
    await visit(app, one)
    for _ in range(5):
        clock.forward(timedelta(days=1))
        await visit(app, one)
    _, lines = await state(app, one)
    assert [line.message_ar for line in lines] == ["المصدر صامت منذ ٣ أيام."]
    (told,) = await health.health(app)
    assert (told.state, told.sentence_ar) == ("silent", "المصدر صامت منذ ٥ أيام.")
