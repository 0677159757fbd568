"""Items of a visit: completed, put aside, dropped with a reason, kept once."""

import pytest
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.model import Article
from digest.services.app import App
from tests.integration.collect.site import Site, a_feed
from tests.integration.collect.visits.visiting import a_kept, state, titles, visit
from tests.unit.collect.pages import BODY, LEAD, a_page


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
