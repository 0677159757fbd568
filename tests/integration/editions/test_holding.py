"""An edition that cannot be rendered is held with the reason: no task breaks, nothing broken is sent."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.errors import ConfigError, EditionHeldError
from digest.model import EditionContent, EditionState, MailingList
from digest.render import sandbox
from digest.render.message.rendered import RenderedEdition
from digest.render.renderer import EditionRenderer
from digest.render.templating.style import MailStyle
from digest.services import tasks
from digest.services.app import App, SilentProgress
from digest.services.editions import publish
from digest.services.editions.publish import Issue
from digest.services.editions.run.run import RunRequest
from digest.services.editions.run.run import run as run_digest
from digest.services.sending.batches import deliver_edition
from digest.storage.database.engine import Database
from tests.builders import a_source, an_edition_content
from tests.fakes_delivery import FakeMailer, an_app
from tests.integration.editions.test_editions import DUE, ISSUE_DEADLINE, a_morning, all_editions
from tests.unit.render.templating.test_templates import ENDLESS

UNKNOWN = "\n\n{{ stroy.headline }}"


def written(folder: Path, html: str) -> None:
    """Write the layout "mine"."""
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "subject.txt").write_text("{{ edition.subject }}", encoding="utf-8")
    (folder / "mine" / "body.txt").write_text("{% extends 'daily/body.txt' %}", encoding="utf-8")
    (folder / "mine" / "body.html").write_text(html, encoding="utf-8")


@pytest.fixture
def app(embedded: Database, tmp_path: Path) -> App:
    made = an_app(
        embedded,
        FakeMailer(),
        FixedClock(DUE),
        {"mail": {"layouts": str(tmp_path)}, "run": {"out": str(tmp_path / "out")}},
    )
    return replace(made, renderer=EditionRenderer(made.settings.mail, made.links))


@pytest.fixture(autouse=True)
def _one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.fill_apart, "__kwdefaults__", {"seconds": 1})


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (ENDLESS, "mine was stopped after 1 seconds"),
        (UNKNOWN, "mine/body.html, line 3: 'stroy' is undefined"),
    ],
    ids=["endless", "unknown"],
)
async def test_an_admins_broken_layout_holds_the_edition(app: App, tmp_path: Path, html: str, reason: str):
    written(tmp_path, html)
    mailing_list = await a_morning(app, layout="mine")
    await tasks.attempt(app, "make_edition", mailing_list.id)
    (held,) = await all_editions(app)
    assert held.state is EditionState.HELD
    assert reason in held.held_reason
    assert await tasks.run_due(app) == 0
    with pytest.raises(EditionHeldError, match="stays held"):
        await publish.resume(app, held)
    assert not app.mailer.taken


async def test_once_the_layout_is_mended_the_edition_goes_out(app: App, tmp_path: Path):
    written(tmp_path, UNKNOWN)
    mailing_list = await a_morning(app, layout="mine")
    held = await publish.make_due(app, mailing_list.id)
    written(tmp_path, "{% extends 'daily/body.html' %}")
    resumed = await publish.resume(app, held)
    assert (resumed.state, resumed.planned, resumed.held_reason) == (EditionState.SENDING, 3, None)
    assert resumed.subject in [
        story["headline"] for section in resumed.content["sections"] for story in section["stories"]
    ]
    assert (await deliver_edition(app, held.id, lambda _: None)).sent == 3


async def test_a_layout_that_is_gone_holds_the_edition(app: App):
    mailing_list = await a_morning(app, layout="lost")
    held = await publish.make_due(app, mailing_list.id)
    assert held.state is EditionState.HELD
    assert "no layout 'lost'" in held.held_reason


async def test_by_hand_the_reason_is_told_and_the_edition_held_until_it_is_mended(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def none(*_: object) -> list[object]:
        return []

    monkeypatch.setattr("digest.services.sources.polling.visit_all", none)
    async with app.database.begin() as session:
        session.add(a_source())
    written(tmp_path, UNKNOWN)
    await a_morning(app, layout="mine")
    with pytest.raises(ConfigError, match="stroy"):
        await run_digest(app, RunRequest(dry_run=True), SilentProgress())
    assert await all_editions(app) == []
    with pytest.raises(ConfigError, match="stroy"):
        await run_digest(app, RunRequest(), SilentProgress())
    (held,) = await all_editions(app)
    assert (held.state, held.planned) == (EditionState.HELD, 0)
    written(tmp_path, "{% extends 'daily/body.html' %}")
    done = await run_digest(app, RunRequest(), SilentProgress())
    assert (done.edition.id, done.balance.sent) == (held.id, 3)


class Counting:
    """A renderer that counts, and blocks its thread for a moment."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, content: EditionContent, mail_style: MailStyle, *, now: object) -> RenderedEdition:
        self.asked += 1
        time.sleep(0.3)
        return RenderedEdition(subject="موجز", text="__MUJAZ_UNSUBSCRIBE__\n", html="<p>x</p>\n")


async def a_counted(app: App) -> tuple[App, Counting, MailingList]:
    counting = Counting()
    counted = replace(app, renderer=EditionRenderer(app.settings.mail, app.links, renderer=counting))
    return counted, counting, await a_morning(app, enabled=False)


async def test_an_edition_that_is_held_anyway_is_not_rendered(app: App):
    counted, counting, mailing_list = await a_counted(app)
    issue = Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE, held_reason="missed")
    held = await publish.approve(counted, mailing_list, issue)
    assert (held.state, held.held_reason, counting.asked) == (EditionState.HELD, "missed", 0)


async def test_the_loop_runs_on_while_an_edition_is_rendered(app: App):
    counted, counting, mailing_list = await a_counted(app)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.02)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await publish.approve(counted, mailing_list, Issue(content=an_edition_content(), deadline=ISSUE_DEADLINE))
    ticking.cancel()
    assert counting.asked == 1
    assert ticks >= 5


async def test_an_edition_without_a_story_is_held(app: App):
    mailing_list = await a_morning(app, enabled=False)
    issue = Issue(content=an_edition_content(sections=()), deadline=ISSUE_DEADLINE)
    held = await publish.approve(app, mailing_list, issue)
    assert (held.state, held.held_reason) == (EditionState.HELD, "it has no story")


async def test_a_layout_that_breaks_while_an_edition_goes_out_holds_the_rest(app: App, tmp_path: Path):
    written(tmp_path, "{% extends 'daily/body.html' %}")
    mailing_list = await a_morning(app, layout="mine")
    edition = await publish.make_due(app, mailing_list.id)
    written(tmp_path, UNKNOWN)
    books = await deliver_edition(app, edition.id, lambda _: None)
    assert (books.sent, books.waiting) == (0, 3)
    (held,) = await all_editions(app)
    assert held.state is EditionState.HELD
    assert "'stroy' is undefined" in held.held_reason
    written(tmp_path, "{% extends 'daily/body.html' %}")
    await publish.resume(app, held)
    assert (await deliver_edition(app, edition.id, lambda _: None)).sent == 3
