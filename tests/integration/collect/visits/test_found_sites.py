"""A site's address alone: its feed, its sitemap or its front page is found."""

import gzip

import pytest

from digest.errors import InputError
from digest.model import Rights, SourceKind
from digest.services.app import App
from digest.services.sources import catalogue
from digest.services.sources.catalogue import SourceSpec
from digest.storage.articles import sources
from tests.integration.collect.site import Site, a_feed
from tests.integration.collect.visits.visiting import a_kept, titles, visit
from tests.unit.collect.odd_feeds import READABLE
from tests.unit.collect.pages import TITLE, a_page


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
