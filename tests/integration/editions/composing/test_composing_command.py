"""`digest editions compose` as somebody types it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner, Result

from digest.__main__ import app as commands
from digest.clock import SystemClock
from digest.model import AuditEntry, Edition, EditionState
from digest.storage.database.engine import Database
from tests.builders import a_list, an_article


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path}/digest.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIGEST_DATABASE__URL", url)
    monkeypatch.setenv("DIGEST_RUN__LOG_LEVEL", "error")
    return url


async def _with(url: str, *titles: str) -> None:
    at = SystemClock().now() - timedelta(hours=1)
    database = Database(url)
    await database.upgrade()
    async with database.begin() as session:
        session.add(a_list(min_stories=1))
        for title in titles:
            session.add(an_article(title=title, published_at=at, first_seen_at=at))
    await database.close()


async def _kept(url: str) -> tuple[list[Edition], list[AuditEntry]]:
    database = Database(url)
    async with database.begin() as session:
        editions = list((await session.exec(select(Edition))).all())
        entries = list((await session.exec(select(AuditEntry))).all())
    await database.close()
    return editions, entries


def _compose() -> Result:
    return CliRunner().invoke(commands, ["editions", "compose"])


def test_todays_edition_is_composed_once_and_waits_for_an_approval(url: str):
    asyncio.run(_with(url, "افتتاح جسر المرفأ الجديد"))
    done = _compose()
    assert done.exit_code == 0, done.output
    assert "Edition 1 is composed" in done.output
    again = _compose()
    assert again.exit_code != 0
    assert "made already" in str(again.exception)
    [edition], entries = asyncio.run(_kept(url))
    assert edition.state is EditionState.DRAFT
    assert edition.stopped_by
    [entry] = [one for one in entries if one.act == "editions compose"]
    assert (entry.about, entry.after["state"]) == ("1", "draft")


def test_of_no_news_none_is_composed(url: str):
    asyncio.run(_with(url))
    done = _compose()
    assert done.exit_code != 0
    assert "no news" in str(done.exception)
    assert asyncio.run(_kept(url))[0] == []
