"""What somebody puts into a folder, mails or hands in is complete: nothing of it is looked up on the network."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.model import Source, SourceKind
from digest.services.app import App
from digest.services.sources import catalogue, ingest, polling
from digest.settings import Settings
from digest.storage.articles import sources
from tests.builders import NOW, a_source
from tests.integration.collect.readers.imap_server import ImapServer
from tests.integration.collect.site import Site, a_feed
from tests.unit.collect.pages import a_page
from tests.unit.collect.readers.test_folder import a_mail


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with ImapServer() as started:
        yield started


@pytest.fixture
async def app(site: Site, server: ImapServer, tmp_path: Path) -> AsyncIterator[App]:
    """A collector that would complete everything, and may visit the site."""
    site.publishes("/n/1", a_page())
    collect = {
        "allow_hosts": [site.host, f"127.0.0.1:{server.port}"],
        "imap_passwords": {"amal@127.0.0.1": "right"},
        "full_text": True,
        "readers": 0,
    }
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": collect,
        }
    )
    async with opened(settings, clock=FixedClock(NOW)) as started:
        yield started


async def visited(app: App, source: Source) -> polling.Visit:
    async with app.database.begin() as session:
        kept = await sources.add(session, source)
    return await polling.visit(app, kept)


def an_excerpt(site: Site) -> str:
    return a_feed(1, text="مقتطف قصير", base=site.address("").rstrip("/"))


async def test_the_same_excerpt_on_the_web_is_completed(site: Site, app: App):
    await visited(app, a_source(location=site.publishes("/feed", an_excerpt(site))))
    assert "/n/1" in site.asked


@pytest.mark.parametrize("kind", [SourceKind.FOLDER, SourceKind.FEED])
async def test_a_folder_and_a_file(site: Site, app: App, tmp_path: Path, kind: SourceKind):
    folder = tmp_path / "box"
    folder.mkdir()
    (folder / "feed.xml").write_text(an_excerpt(site), encoding="utf-8")
    (folder / "note.txt").write_text(f"عنوان قصير من الميناء\n\nمقتطف {site.address('/n/1')}", "utf-8")
    link = f'<link rel="canonical" href="{site.address("/n/2")}">'
    (folder / "page.html").write_text(a_page(title="عنوان صفحة محفوظة في المجلد", head=link), "utf-8")
    there = folder if kind is SourceKind.FOLDER else folder / "feed.xml"
    done = await visited(app, a_source(location=str(there), kind=kind))
    assert done.new == (3 if kind is SourceKind.FOLDER else 1)
    assert site.asked == []


async def test_a_mailbox(site: Site, app: App, server: ImapServer):
    server.receives(a_mail())
    location = f"imap://amal@127.0.0.1:{server.port}/INBOX"
    done = await visited(app, a_source(location=location, kind=SourceKind.IMAP))
    assert (done.error, done.new) == (None, 1)
    assert site.asked == []


async def test_what_is_handed_in(site: Site, app: App):
    await catalogue.add(app, "ingest:غرفة الأخبار")
    article = {"title": "عنوان قصير من الميناء", "text": "مقتطف", "url": site.address("/n/1")}
    body = json.dumps({"source": "غرفة الأخبار", "articles": [article]}).encode()
    assert (await ingest.take(app, body)).new == 1
    async with app.database.begin() as session:
        source = await sources.find(session, "غرفة الأخبار")
    assert (await polling.visit(app, source)).new == 0
    assert site.asked == []
