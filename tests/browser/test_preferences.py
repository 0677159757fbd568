"""The page of preferences in a real Chromium, without JavaScript: choose, pause, undo; phone and desk, light and dark."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from digest.bootstrap import opened
from digest.entrypoints.web.app import build
from digest.model import MailingList
from digest.services.audience import lists, subscribers
from digest.settings import Settings
from digest.storage.audience import subscribers as stored
from tests.browser.test_frames import answered

ADDRESS = "amal@mujaz.example"


async def a_reader(settings: Settings) -> str:
    """Make a list with a reader; returns the path of the reader's page."""
    async with opened(settings) as app:
        mailing_list: MailingList = await lists.ensure(app, None)
        await subscribers.add(app, mailing_list, ADDRESS, name="أمل")
        await lists.add(app, "economy", {"name": "موجز الاقتصاد", "description": "أسواق وأعمال"})
        async with app.database.begin() as session:
            person = await stored.by_email(session, ADDRESS)
        return app.links.preferences(mailing_list.slug, person.key).removeprefix(app.links.public_url)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{tmp_path}/subscribers.db"},
            "mailbox": {"folder": tmp_path / "mailbox"},
            "web": {"public_url": "http://127.0.0.1", "secret": "a key for tests"},
        }
    )


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (360, "dark")])
def test_a_reader_chooses_pauses_and_undoes_it_without_javascript(
    chromium: Browser, settings: Settings, tmp_path: Path, width: int, scheme: str
):
    # A browser of playwright has a loop in this thread already.
    with ThreadPoolExecutor(1) as other:
        path = other.submit(asyncio.run, a_reader(settings)).result()

    async def site(scope, receive, send) -> None:
        async with opened(settings) as app:
            await build(app)(scope, receive, send)

    with answered(site) as url:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
        )
        page = context.new_page()
        page.goto(url.rstrip("/") + path)
        page.screenshot(path=tmp_path / f"preferences-{width}-{scheme}.png", full_page=True)
        page.get_by_label("الساعة", exact=False).first.select_option("20")
        page.locator("input[name=timezone]").fill("Africa/Cairo")
        page.get_by_label("عناوين فقط").check()
        page.locator("select[name='place.sport']").select_option("1")
        page.locator("textarea[name=muted_words]").fill("كرة القدم")
        page.get_by_role("button", name="حفظ التفضيلات").click()
        assert page.get_by_role("status").inner_text() == "حُفظت تفضيلاتك، وتسري من العدد المقبل."
        assert page.locator("input[name=timezone]").input_value() == "Africa/Cairo"
        page.get_by_role("button", name="أسبوع", exact=True).click()
        assert "أُوقف الإرسال مؤقتًا" in page.get_by_role("status").inner_text()
        assert "الإرسال موقوف حتى" in page.content()
        page.screenshot(path=tmp_path / f"paused-{width}-{scheme}.png", full_page=True)
        page.get_by_role("button", name="استئناف الإرسال الآن").click()
        assert "الإرسال موقوف حتى" not in page.content()
        assert page.locator("textarea[name=muted_words]").input_value() == "كرة القدم"
        context.close()
        scripted = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        again = scripted.new_page()
        again.goto(url.rstrip("/") + path)
        assert fits(again)
        scripted.close()
