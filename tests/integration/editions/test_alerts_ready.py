"""What an alert needs is read before there is one."""

from dataclasses import replace

import pytest

from digest.clock import FixedClock
from digest.model import EditionContent, EditionKind
from digest.render.message.rendered import RenderedEdition
from digest.render.renderer import EditionRenderer
from digest.render.templating.style import MailStyle
from digest.runtime.scheduler import ticking
from digest.services.app import App
from digest.services.editions.alerts.readiness import get_ready
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list
from tests.fakes_delivery import FakeMailer, an_app


class Rendered:
    """Keeps what was rendered."""

    def __init__(self) -> None:
        self.kinds: list[EditionKind] = []

    def __call__(self, content: EditionContent, mail_style: MailStyle, *, now: object) -> RenderedEdition:
        self.kinds.append(content.kind)
        return RenderedEdition(subject="س", text="نص\n", html="<p>نص</p>\n", language=mail_style.language)


@pytest.fixture
def rendered() -> Rendered:
    return Rendered()


@pytest.fixture
def app(database: Database, rendered: Rendered) -> App:
    made = an_app(database, FakeMailer(), FixedClock(NOW), {})
    return replace(made, renderer=EditionRenderer(made.settings.mail, made.links, renderer=rendered))


async def test_an_alert_that_nobody_gets_is_rendered_for_lists_that_alert(app: App, rendered: Rendered):
    async with app.database.begin() as session:
        session.add_all([a_list(alerts=True), a_list(slug="other", alerts=False)])
    assert await get_ready(app) == 1
    assert rendered.kinds == [EditionKind.BREAKING]


async def test_without_such_a_list_nothing_is_rendered(app: App, rendered: Rendered):
    async with app.database.begin() as session:
        session.add(a_list(alerts=False))
    assert await get_ready(app) == 0
    assert rendered.kinds == []


async def test_the_scheduler_makes_ready_at_once_and_never_again(app: App):
    job = ticking(app).get_job("get_ready")
    assert job is not None
    assert "date" in str(job.trigger)
