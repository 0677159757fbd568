"""The drop box."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from digest.collect.fetch.http import Http
from digest.collect.readers import folder
from digest.errors import SourceError
from digest.settings import CollectSettings
from tests.builders import a_source
from tests.unit.collect.odd_feeds import rss
from tests.unit.collect.pages import BODY, TITLE, a_page

NOW = datetime(2023, 1, 1, tzinfo=UTC)
SOURCE = a_source(id=7, name="", timezone="UTC")


def http() -> Http:
    return Http(CollectSettings(readers=0), "1.0")


def a_mail(**headers: str) -> bytes:
    message = EmailMessage()
    for name, value in {"Subject": TITLE, "From": "المرفأ <news@marfa.example>", **headers}.items():
        message[name] = value
    message.set_content("\n\n".join(BODY))
    return message.as_bytes()


async def test_texts_pages_mails_and_feeds_are_read(tmp_path: Path):
    (tmp_path / "1.txt").write_text(f"{TITLE}\n\n" + "\n\n".join(BODY), encoding="utf-8")
    (tmp_path / "2.html").write_text(a_page(), encoding="utf-8")
    (tmp_path / "3.eml").write_bytes(a_mail(Date="Thu, 23 Jun 2022 16:15:00 +0300"))
    (tmp_path / "4.xml").write_text(rss(), encoding="utf-8")
    (tmp_path / "articles.jsonl.gz").write_bytes(b"\x1f\x8b")
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    found = await folder.read(tmp_path, SOURCE, http(), NOW)
    assert found.problems == ()
    assert len(found.articles) == 4
    assert [one.paragraphs for one in found.articles[:3]] == [BODY] * 3
    assert found.articles[2].published_at == datetime(2022, 6, 23, 13, 15, tzinfo=UTC)
    assert found.articles[2].source_name == "المرفأ"
    assert {one.source_id for one in found.articles} == {7}


async def test_a_bad_file_is_a_problem_and_the_rest_is_read(tmp_path: Path):
    (tmp_path / "1.xml").write_text("no feed", encoding="utf-8")
    (tmp_path / "2.txt").write_text("", encoding="utf-8")
    (tmp_path / "3.eml").write_bytes(b"no headers")
    (tmp_path / "4.txt").write_text(f"{TITLE}\n\n{BODY[0]}", encoding="utf-8")
    found = await folder.read(tmp_path, SOURCE, http(), NOW)
    assert [one.title for one in found.articles] == [TITLE]
    assert [line.split(":")[0] for line in found.problems] == ["1.xml", "2.txt", "3.eml"]


async def test_an_empty_folder_says_what_to_put_there(tmp_path: Path):
    settings = CollectSettings()
    source = a_source(location=str(tmp_path))
    found = await folder.read_folder(source, Http(settings, "1.0"), settings, NOW)
    assert ".txt" in found.problems[0]
    assert found.set_aside == ()


async def test_a_folder_that_is_gone_is_said_so(tmp_path: Path):
    with pytest.raises(SourceError):
        await folder.read(tmp_path / "gone", SOURCE, http(), NOW)
