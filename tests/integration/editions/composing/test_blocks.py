"""Data blocks from files and addresses: shown when they are right, hidden when not."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from digest.clock import FixedClock
from digest.collect.fetch.http import Http
from digest.model import EditionKind
from digest.render.edition import render
from digest.services.app import App, SilentProgress
from digest.services.editions.composing.compose import Window, compose
from digest.services.editions.composing.data_blocks import MOST_OCTETS, read_blocks
from digest.settings import CollectSettings
from digest.storage.database.engine import Database
from digest.text.numbers import numerals
from tests.builders import NOW, a_list
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.collect.site import Site
from tests.unit.render.editions import NOW as EDITION_NOW
from tests.unit.render.editions import a_mail_style, an_edition

MARKETS = {
    "kind": "markets",
    "title": "الأسواق",
    "rows": [{"label": "مؤشر الساحل", "value": "8,412.6", "change": "0.8%", "trend": "up"}],
    "source": "هيئة السوق",
}
WEATHER = {"kind": "weather", "title": "الطقس", "rows": [{"label": "النخيل", "value": "24°"}]}


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with Site() as started:
        yield started


@pytest.fixture
async def app(database: Database, site: Site) -> AsyncIterator[App]:
    limits = CollectSettings(allow_hosts=(site.host,), readers=0, total_seconds=5)
    async with Http(limits, "1.0") as http:
        yield replace(an_app(database, FakeMailer(), FixedClock(NOW)), http=http)


def kept(folder: Path, name: str, content: Any) -> str:
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(folder / name)


async def titles(app: App, *places: str) -> list[str]:
    return [block.title for block in await read_blocks(app, places)]


async def test_blocks_come_from_files_and_addresses_one_or_several_in_the_lists_order(
    app: App, site: Site, tmp_path: Path
):
    both = kept(tmp_path, "both.json", [WEATHER, MARKETS])
    address = site.publishes("/markets.json", json.dumps(MARKETS))
    assert await titles(app, address, both) == ["الأسواق", "الطقس", "الأسواق"]


async def test_what_is_wrong_is_hidden_and_the_rest_is_shown(app: App, site: Site, tmp_path: Path):
    (tmp_path / "large.json").write_text(" " * (MOST_OCTETS + 1), encoding="utf-8")
    (tmp_path / "half.json").write_text('{"title": ', encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(json.dumps(MARKETS, ensure_ascii=False).encode("cp1256"))
    wrong = [
        str(tmp_path / "nowhere.json"),
        str(tmp_path),
        "\0",
        str(tmp_path / "large.json"),
        str(tmp_path / "half.json"),
        str(tmp_path / "latin.json"),
        kept(tmp_path, "shape.json", {"title": "الأسواق", "rows": [{"name": "x"}]}),
        kept(tmp_path, "more.json", {**MARKETS, "script": "x"}),
        kept(tmp_path, "number.json", 7),
        kept(tmp_path, "empty.json", {"title": "الأسواق"}),
        site.publishes("/gone.json", "", 404),
        site.publishes("/trouble.json", "", 500),
        site.publishes("/large.json", " " * (MOST_OCTETS + 1)),
        "https://10.0.0.1/markets.json",
        "http://127.0.0.1:9/markets.json",
        "gopher://x.example/",
        "https://[/",
    ]
    assert await titles(app, *wrong, kept(tmp_path, "good.json", WEATHER)) == ["الطقس"]


async def test_an_edition_carries_the_blocks_of_its_list_and_an_alert_does_not(app: App, tmp_path: Path):
    async with app.database.begin() as session:
        mailing_list = a_list(blocks=[kept(tmp_path, "good.json", WEATHER)])
        session.add(mailing_list)
    window = Window(day=date(2026, 1, 5), start=NOW - timedelta(days=1), end=NOW)
    daily, alert = [
        (await compose(app, mailing_list, window, number=1, kind=kind, report=SilentProgress())).content
        for kind in (EditionKind.DAILY, EditionKind.BREAKING)
    ]
    assert [block.title for block in daily.blocks] == ["الطقس"]
    assert alert.blocks == ()


EXAMPLES = Path(__file__).parents[4] / "docs" / "howto" / "blocks"


@pytest.mark.parametrize("name", ["currencies", "gold", "oil", "weather", "prayer-times"])
async def test_every_example_of_the_docs_is_shown_whole(app: App, name: str):
    (block,) = await read_blocks(app, [str(EXAMPLES / f"{name}.json")])
    assert len(block.rows) >= 3
    mail = render(an_edition(blocks=(block,)), a_mail_style(), now=EDITION_NOW)
    for row in block.rows:
        assert numerals.in_digits(row.label, "arab") in mail.text
        assert numerals.in_digits(row.value, "arab") in mail.text
    assert block.title in mail.text
