"""Small copies of pictures: shown on the edition's page, opened by their name and by nothing else."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.web.app import build
from digest.model import EditionState, MailingList, Section
from digest.services.app import App
from digest.settings import Settings
from digest.storage.database.engine import Database
from tests.builders import a_list, a_story, an_edition, an_edition_content
from tests.integration.web.conftest import READER_AT, SITE, Reader
from tests.unit.collect.test_pictures import picture

NAME = "0123456789abcdef0123456789abcdef.jpg"


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / NAME).write_bytes(picture("JPEG", (300, 200)))
    (folder / "notes.txt").write_text("not for readers", encoding="utf-8")
    (tmp_path / f"{'a' * 32}.jpg").write_bytes(b"above")
    (folder / f"{'b' * 32}.jpg").symlink_to(tmp_path / f"{'a' * 32}.jpg")
    return folder


@pytest.fixture
async def app(
    database: Database, database_url: str, tmp_path: Path, now: datetime, copies: Path
) -> AsyncIterator[App]:
    del database  # it is there for its schema
    settings = Settings.model_validate(
        {
            "database": {"url": database_url},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": SITE, "secret": "a key for tests"},
            "collect": {"thumbnails": copies},
        }
    )
    async with opened(settings, clock=FixedClock(now)) as made:
        yield made


async def test_a_copy_is_a_jpeg_that_may_be_kept_for_good(reader: Reader):
    answer = await reader.opens(f"/pictures/{NAME}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content[:3] == b"\xff\xd8\xff"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await reader.opens(f"/pictures/{NAME}", if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt", "", "../notes.txt", f"../{'a' * 32}.jpg", quote(f"../{'a' * 32}.jpg", safe=""),
        "..%2f..%2fetc%2fpasswd", "%2e%2e/secret", f"{'b' * 32}.jpg", f"{'c' * 32}.jpg", f"{NAME}%00", f"{NAME}%0a",
        NAME.upper(), NAME.replace(".jpg", ".png"), "C:\\windows",
    ],
)  # fmt: skip
async def test_nothing_else_is_opened_by_that_way(reader: Reader, name: str):
    answer = await reader.opens(f"/pictures/{name}")
    assert answer.status_code == 404
    assert b"readers" not in answer.content
    assert b"above" not in answer.content


async def test_an_edition_shows_its_copies_with_what_they_show(
    app: App, mailing_list: MailingList, reader: Reader
):
    stories = (
        a_story("افتتاح الجسر", key="a", thumbnail=NAME, image_alt="الجسر <ليلا>"),
        a_story("مباراة الكأس", key="b", thumbnail=NAME),
        a_story("خبر بلا صورة", key="c", image_url="https://marfa.example/p.jpg"),
    )
    content = an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    async with app.database.begin() as session:
        session.add(
            an_edition(
                mailing_list.id or 0, content=content.model_dump(mode="json"), state=EditionState.FINISHED
            )
        )
    html = (await reader.opens(f"/l/{mailing_list.slug}/1")).text
    assert html.count("<img") == 2
    assert f'<img class="picture" src="/pictures/{NAME}" alt="الجسر &lt;ليلا&gt;"' in html
    assert 'alt="مباراة الكأس"' in html
    mail = app.renderer.render(mailing_list, content).html
    assert f'src="{SITE}/pictures/{NAME}"' in mail


async def test_without_a_folder_there_are_none(
    database: Database, database_url: str, tmp_path: Path, now: datetime
):
    del database
    settings = Settings.model_validate(
        {"database": {"url": database_url}, "mailbox": {"folder": tmp_path / "mailbox"}}
    )
    async with opened(settings, clock=FixedClock(now)) as made:
        transport = httpx2.ASGITransport(app=build(made), client=(READER_AT, 40_000))
        async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
            assert (await client.get(f"/pictures/{NAME}")).status_code == 404
        # Over http, mail programs would not load it.
        content = an_edition_content(
            sections=(Section(key="economy", title="الاقتصاد", stories=(a_story(thumbnail=NAME),)),)
        )
        assert "/pictures/" not in made.renderer.render(a_list(), content).html
