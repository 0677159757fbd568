"""Visits from the web to the store: what is new once, and every failure a line in the history."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.errors import InputError
from digest.model import Article, Rights, Source, SourceKind
from digest.model.news.source import SourceEvent
from digest.services.app import App, SilentProgress
from digest.services.sources import catalogue, health, polling
from digest.services.sources.catalogue import SourceSpec
from digest.settings import Settings
from digest.storage.articles import sources
from digest.storage.database.engine import Database
from tests.builders import NOW, a_source
from tests.integration.collect.site import DATE, Site, a_feed
from tests.unit.collect.odd_feeds import READABLE, UNREADABLE
from tests.unit.collect.pages import BODY, LEAD, TITLE, a_page


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def app(
    site: Site, database: Database, database_url: str, clock: FixedClock, tmp_path: Path
) -> AsyncIterator[App]:
    del database  # it has the schema now
    settings = Settings.model_validate(
        {
            "database": {"url": database_url},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {"allow_hosts": [site.host], "readers": 0, "total_seconds": 3, "full_text": False},
        }
    )
    async with opened(settings, clock=clock) as started:
        yield started


async def a_kept(app: App, location: str, **fields: object) -> int:
    async with app.database.begin() as session:
        return (await sources.add(session, a_source(location=location, **fields))).id or 0


async def visit(app: App, source_id: int) -> polling.Visit:
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
    assert source is not None
    return await polling.visit(app, source)


async def state(app: App, source_id: int) -> tuple[Source, list[SourceEvent]]:
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
        assert source is not None
        return source, await sources.history(session, source_id)


async def titles(app: App) -> list[str]:
    async with app.database.begin() as session:
        return [one.title for one in (await session.exec(select(Article).order_by(Article.id))).all()]


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


async def test_a_poison_item_is_put_aside_and_the_rest_kept(
    site: Site, app: App, monkeypatch: pytest.MonkeyPatch
):
    from digest.collect.parse.feeds import article

    real = article.to_article

    def trips(item, *rest, **more):
        if item.guid == "2":
            raise ValueError("poison")
        return real(item, *rest, **more)

    monkeypatch.setattr(article, "to_article", trips)
    one = await a_kept(app, site.publishes("/feed", a_feed(1, 2, 3)))
    assert (await visit(app, one)).new == 2
    _, lines = await state(app, one)
    assert [line.reason for line in lines] == ["quarantined"]
    assert "رقم 2" in lines[0].detail


async def test_excerpts_are_completed_from_their_pages(
    site: Site, app: App, database_url: str, clock: FixedClock
):
    site.publishes("/n/1", a_page())
    one = await a_kept(
        app, site.publishes("/feed", a_feed(1, 2, text="مقتطف", base=site.address("").rstrip("/")))
    )
    full = app.settings.model_copy(
        update={"collect": app.settings.collect.model_copy(update={"full_text": True})}
    )
    async with opened(full, clock=clock) as reading:
        done = await visit(reading, one)
    assert done.new == 2
    assert len(done.problems) == 1
    async with app.database.begin() as session:
        found = {one.url: one for one in (await session.exec(select(Article))).all()}
    assert found[site.address("/n/1")].paragraphs == BODY
    assert found[site.address("/n/1")].raw_hash
    assert found[site.address("/n/2")].paragraphs == ["مقتطف"]


async def test_every_kind_of_web_source_has_its_door(site: Site, app: App):
    site.publishes("/list", "<html><body><h3><a href='/n/1'>خبر من القائمة</a></h3></body></html>")
    site.publishes("/page", a_page())
    part = site.publishes("/part.xml", READABLE["news sitemap"].body)
    site.publishes("/index.xml", f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>")
    kinds = {
        "/list": {"kind": SourceKind.LISTING, "selector": "h3 a"},
        "/page": {"kind": SourceKind.PAGE},
        "/index.xml": {"kind": SourceKind.SITEMAP},
    }
    for path, fields in kinds.items():
        done = await visit(app, await a_kept(app, site.address(path), **fields))
        assert (done.error, done.new) == (None, 1), path
    assert set(await titles(app)) == {"خبر من القائمة", TITLE, "افتتاح جسر المرفأ الجديد"}


async def test_a_site_is_found_previewed_and_kept(site: Site, app: App):
    site.publishes("/", "<!doctype html><html><head><link rel=alternate type='application/rss+xml' href='/comments/feed'>"
                        "<link rel=alternate type='application/rss+xml' href='/feed'></head></html>")  # fmt: skip
    site.publishes("/feed", a_feed(1, 2))
    site.publishes("/comments/feed", a_feed(3))
    checked = await catalogue.preview(app, SourceSpec(location=site.address("/"), headline_only=True))
    assert (checked.source.location, checked.source.name) == (site.address("/feed"), "المرفأ")
    assert len(checked.articles) == 2
    async with app.database.begin() as session:
        assert await sources.all_sources(session) == []
    kept = await catalogue.keep(app, checked)
    assert kept.rights is Rights.HEADLINE
    with pytest.raises(InputError, match="already"):
        await catalogue.preview(app, SourceSpec(location=site.address("/feed")))


async def test_a_site_that_announces_nothing_is_tried_at_the_usual_places(site: Site, app: App):
    site.publishes("/", "<!doctype html><html><body>أهلا</body></html>")
    site.publishes("/rss.xml", a_feed(1))
    checked = await catalogue.preview(app, SourceSpec(location=site.address("/")))
    assert checked.source.location == site.address("/rss.xml")


async def test_of_a_long_archive_the_newest_are_taken(site: Site, app: App):
    done = await visit(app, await a_kept(app, site.publishes("/feed", a_feed(*range(700), text="نص"))))
    assert (done.seen, done.new) == (700, 500)


PART = "<item><title>{}</title><link>{}</link><description>{}</description></item>"


def a_channel(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>المرفأ</title>{''.join(items)}</channel></rss>"


async def test_what_is_dropped_stands_in_the_history_with_its_reason(site: Site, app: App):
    empty, link = (
        "<item><guid isPermaLink='false'>x</guid></item>",
        "<item><link>https://marfa.example/9</link></item>",
    )
    body = a_channel(PART.format("خبر من الميناء", "https://marfa.example/1", LEAD), empty, link)
    one = await a_kept(app, site.publishes("/feed", body))
    done = await visit(app, one)
    _, lines = await state(app, one)
    assert (done.new, {line.reason for line in lines}) == (1, {"quarantined"})
    assert {line.detail for line in lines} == {
        "Item 2: it has no title, no text and no link.",
        "https://marfa.example/9: left out, neither it nor its page tells a title.",
    }
    two = await a_kept(app, site.publishes("/long", a_feed(*range(510))))
    await visit(app, two)
    assert [line.detail for line in (await state(app, two))[1]] == [
        "10 older items were left out: at most 500 are taken in one visit."
    ]


async def test_several_items_of_one_page_are_kept_once_each_visit_after_visit(site: Site, app: App):
    page = site.publishes("/live", a_page())
    parts = [PART.format(f"خبر {n} من الميناء", page, f"نص الخبر {n}.") for n in range(4)]
    one = await a_kept(app, site.publishes("/feed", a_channel(parts[0])))
    assert (await visit(app, one)).new == 1
    site.publishes("/feed", a_channel(*parts[:3]))
    assert (await visit(app, one)).new == 2
    site.publishes("/feed", a_channel(*reversed(parts)))
    assert (await visit(app, one)).new == 1
    assert sorted(await titles(app)) == [f"خبر {n} من الميناء" for n in range(4)]


async def test_a_packed_index_names_packed_sitemaps(site: Site, app: App):
    part = site.publishes("/news.xml.gz", gzip.compress(READABLE["news sitemap"].body))
    index = f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>"
    site.publishes("/index.xml.gz", gzip.compress(index.encode()))
    checked = await catalogue.preview(app, SourceSpec(location=site.address("/index.xml.gz")))
    assert (checked.source.kind, len(checked.articles)) == (SourceKind.SITEMAP, 1)


@pytest.mark.parametrize(
    "link",
    [
        "<LINK REL=ALTERNATE TYPE='Application/RSS+XML; charset=utf-8' HREF='/feed'>",
        "<link rel='alternate' type='text/xml' href='/feed'>",
        "<link rel='feed' href='/feed'>",
        "<base href='/a/b/'><link rel='alternate' type='application/rss+xml' href='../../feed'>",
        "<link rel=alternate type='application/json' href='/wp-json'><link rel=alternate type='application/rss+xml' href='/feed'>",
        "<link rel=alternate title=التعليقات type='application/rss+xml' href='/c'><link rel=alternate type='application/rss+xml' href='/feed'>",
    ],
)
async def test_an_announced_feed_is_found_however_it_is_announced(site: Site, app: App, link: str):
    site.publishes("/x/", f"<!doctype html><html><head>{link}</head><body></body></html>")
    site.publishes("/feed", a_feed(1))
    site.publishes("/c", a_feed(2))
    site.publishes("/wp-json", "{}")
    checked = await catalogue.preview(app, SourceSpec(location=site.address("/x/")))
    assert checked.source.location == site.address("/feed")
