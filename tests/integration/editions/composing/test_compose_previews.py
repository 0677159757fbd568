"""A preview shows the mail as its reader gets it, and JSON has its opening."""

from dataclasses import replace
from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.entrypoints.previewing import _proof
from digest.model import Edition, EditionOpening, EditionState, MailingList, OpeningSentence
from digest.render.message.rendered import Token
from digest.render.renderer import EditionRenderer
from digest.services.app import App
from digest.services.desk.preview import proof
from digest.services.editions.export import as_json
from digest.services.editions.preview import write_preview
from digest.storage.database.engine import Database
from tests.builders import NOW, an_edition
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.composing.test_compose import a_house, composed
from tests.unit.curate.telling import BRIDGE, told

GREETED = {"greeting": "صباح الخير {name|قارئنا العزيز}"}


@pytest.fixture
def app(database: Database) -> App:
    made = an_app(database, FakeMailer(), FixedClock(NOW), {})
    return replace(made, renderer=EditionRenderer(made.settings.mail, made.links))


async def an_edition_of(app: App) -> tuple[MailingList, Edition]:
    mailing_list = await a_house(app, *(told(*one) for one in BRIDGE), theme=GREETED)
    made = await composed(app, mailing_list)
    edition = an_edition(
        mailing_list.id, state=EditionState.FINISHED, content=made.content.model_dump(mode="json"),
        window_start=made.content.window_start, window_end=made.content.window_end,
    )  # fmt: skip
    async with app.database.begin() as session:
        session.add(edition)
    return mailing_list, edition


async def shown(app: App, folder: Path) -> dict[str, str]:
    mailing_list, edition = await an_edition_of(app)
    command = await _proof(app, mailing_list.slug, edition.number, None, []).make()
    desk = await proof(app, mailing_list, edition.number)
    made = await composed(app, mailing_list)
    files = await write_preview(app, mailing_list, made.content, folder)
    return {
        "command, html": command.html,
        "command, text": command.text,
        "desk, html": desk.html,
        "desk, text": desk.text,
        "file, html": files.html.read_text(encoding="utf-8"),
        "file, text": files.text.read_text(encoding="utf-8"),
    }


async def test_previews_greet_as_a_reader_is_greeted(app: App, tmp_path: Path):
    for where, text in (await shown(app, tmp_path)).items():
        assert "صباح الخير قارئنا العزيز" in text, where
        assert not [token for token in Token if token.value in text], where


@pytest.mark.parametrize(("story", "shown"), [("", True), ("gone", False)])
async def test_json_has_the_opening_with_its_sources_or_none(app: App, story: str, shown: bool):
    mailing_list = await a_house(app, *(told(*one) for one in BRIDGE))
    content = (await composed(app, mailing_list)).content
    first = content.stories[0]
    text = "انهار جسر المشاة في سرهاد."
    opening = EditionOpening(sentences=(OpeningSentence(text=text, story=story or first.key),))
    made = await as_json(app, content.model_copy(update={"opening": opening}))
    article = first.articles[0]
    assert made["opening"] == (
        [{"text": text, "source": article.source, "url": article.url}] if shown else []
    )
