"""Articles that others hand in."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.api.ingest import routes
from digest.model import Article, AuditEntry
from digest.services.app import App
from digest.services.sources import catalogue
from digest.settings import Settings
from tests.builders import NOW
from tests.unit.collect.pages import BODY, TITLE

ARTICLE = {
    "title": TITLE,
    "text": "".join(f"<p>{one}</p>" for one in BODY),
    "url": "https://marfa.example/7?utm_source=x",
    "section": "اقتصاد",
}


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    settings = Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "collect": {"ingest_key": "the key", "readers": 0},
        }
    )
    async with opened(settings, clock=FixedClock(NOW)) as started:
        await catalogue.add(started, "ingest:غرفة الأخبار")
        yield started


async def post(app: App, body: Any, key: str | None = "the key") -> httpx2.Response:
    pages = Starlette(routes=routes())
    pages.state.app = app
    headers = {"authorization": f"Bearer {key}"} if key is not None else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(pages), base_url="http://mujaz.example"
    ) as client:
        return await client.post("/ingest", content=content, headers=headers)


async def test_what_is_handed_in_is_kept_once_and_clean(app: App):
    for new in (1, 0):
        answer = await post(app, {"source": "غرفة الأخبار", "articles": [ARTICLE]})
        assert (answer.status_code, answer.json()) == (202, {"seen": 1, "new": new})
    async with app.database.begin() as session:
        article = (await session.exec(select(Article))).one()
    assert (article.url, article.section) == ("https://marfa.example/7", "economy")
    assert article.paragraphs == BODY
    assert article.source_name == "غرفة الأخبار"


async def test_what_was_taken_is_in_the_audit_log_and_what_was_known_is_not(app: App):
    for _ in range(2):
        await post(app, {"source": "غرفة الأخبار", "articles": [ARTICLE]})
    async with app.database.begin() as session:
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert (entry.actor, entry.act, entry.after) == ("api:/ingest", "ingest", {"seen": 1, "new": 1})


@pytest.mark.parametrize("key", [None, "", "wrong", "the key ", "The key"])
async def test_without_the_key_nothing_is_taken(app: App, key: str | None):
    answer = await post(app, {"source": "غرفة الأخبار", "articles": [ARTICLE]}, key)
    if key == "the key ":
        assert answer.status_code == 202  # white space around it is the header's
        return
    assert answer.status_code == 401
    async with app.database.begin() as session:
        assert (await session.exec(select(Article))).all() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        {"source": "غرفة الأخبار", "articles": []},
        {"source": "غرفة الأخبار", "articles": [{"text": "بلا عنوان"}]},
        {"source": "غرفة الأخبار", "articles": [{"title": "x", "url": "javascript:x"}]},
        {"source": "غرفة الأخبار", "articles": [{"title": "x", "secret": 1}]},
        {"source": "لا أحد", "articles": [ARTICLE]},
    ],
)
async def test_what_has_the_wrong_shape_is_said_so(app: App, body: Any):
    answer = await post(app, body)
    assert answer.status_code == 422
    assert answer.json()["error"]


async def test_too_long_a_body_is_refused(app: App):
    assert (await post(app, b" " * 5_000_001)).status_code == 413
