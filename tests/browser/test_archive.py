"""The archive in a real Chromium: searched, paged, shared, on a narrow and a wide window, by day and by night, without JavaScript."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.listening import address, bound
from digest.entrypoints.web.app import build
from digest.model import EditionState, Section
from digest.services.editions import public
from digest.settings import Settings
from tests.builders import NOW, a_list, a_story, an_edition, an_edition_content

EDITIONS = 32
SOCIAL = [{"name": "إكس", "url": "https://x.com/mujaz"}]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A list with 32 editions, of which the fifth tells of Beirut's harbour."""
    folder = tmp_path_factory.mktemp("archive")
    sock, started, ended = bound("127.0.0.1", 0), threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, sock, started, ended)))
    thread.start()
    assert started.wait(60)
    yield address(sock).rstrip("/")
    ended.set()
    thread.join()


async def _serve(folder: Path, sock: object, started: threading.Event, ended: threading.Event) -> None:
    url = address(sock).rstrip("/")  # type: ignore[arg-type]
    settings = Settings(
        database={"url": f"sqlite:///{folder}/archive.db"}, mailbox={"folder": folder / "mailbox"},
        web={"public_url": url, "secret": "a key for tests"},
    )  # type: ignore[arg-type]  # fmt: skip
    async with opened(settings, clock=FixedClock(NOW)) as app:
        sections = [{"key": "economy", "title": "الاقتصاد"}, {"key": "sport", "title": "الرياضة"}]
        async with app.database.begin() as session:
            session.add(
                made := a_list(sections=sections, social=SOCIAL, description="أهم أخبار اليوم كل صباح")
            )
            await session.flush()
            for number in range(1, EDITIONS + 1):
                headline = (
                    "إعادةُ إعمارِ مرفأ بيروت" if number == 5 else f"افتتاح الجسر رقم {number} في المرفأ الجديد"
                )
                stories = tuple(a_story(headline, key=f"s{number}{n}", section="economy") for n in (1, 2))
                content = an_edition_content(
                    sections=(Section(key="economy", title="الاقتصاد", stories=stories),), number=number
                )
                session.add(
                    an_edition(
                        made.id or 0, number=number, local_date=date(2025, 12, 1) + timedelta(days=number),
                        content=content.model_dump(mode="json"), state=EditionState.FINISHED,
                        fingerprint="1" * 64, subject=headline,
                    )
                )  # fmt: skip
        await public.make_searchable(app)
        server = uvicorn.Server(uvicorn.Config(build(app), log_level="error"))
        serving = asyncio.create_task(server.serve(sockets=[sock]))  # type: ignore[list-item]
        while not server.started:  # noqa: ASYNC110 - it tells of it no other way
            await asyncio.sleep(0.02)
        started.set()
        await asyncio.to_thread(ended.wait)
        server.should_exit = True
        await serving


def opened_page(chromium: Browser, width: int, scheme: str = "light", *, scripts: bool = False) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        locale="ar",
    )
    return context.new_page()


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_reader_searches_opens_turns_and_shares_without_javascript(
    chromium: Browser, site: str, width: int
):
    page = opened_page(chromium, width)
    page.goto(f"{site}/l/daily")
    assert page.locator(".issues li").count() == 30
    page.get_by_role("link", name="أعداد أقدم").click()
    assert page.locator(".issues li").count() == 2
    page.get_by_label("ابحث في الأعداد").fill("اعادة اعمار")
    page.get_by_role("button", name="بحث").click()
    assert page.locator(".issues li").count() == 1
    page.locator(".issues a").click()
    assert page.url == f"{site}/l/daily/5"
    share = page.locator(".share").first
    share.locator("summary").click()
    assert share.get_by_role("link", name="واتساب").get_attribute("href").startswith("https://wa.me/?text=")
    assert share.get_by_label("رابط الخبر للنسخ").input_value() == f"{site}/l/daily/5#s-s51"
    assert (
        page.get_by_role("link", name="إكس", exact=True).last.get_attribute("href") == "https://x.com/mujaz"
    )
    page.get_by_role("link", name="التالي", exact=True).click()
    assert page.url == f"{site}/l/daily/6"
    page.get_by_role("link", name="السابق", exact=True).click()
    assert page.url == f"{site}/l/daily/5"
    page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out_and_everything_can_be_pressed(
    chromium: Browser, site: str, width: int, scheme: str
):
    page = opened_page(chromium, width, scheme, scripts=True)
    for path in ("/l/daily?page=2", "/l/daily?q=مرفأ", "/l/daily/5"):
        page.goto(f"{site}{path}")
        for one in page.locator("details > summary").all():
            one.click()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, path
        low = page.evaluate(
            """[...document.querySelectorAll('.share a, .beside a, .search input, .search button, .follow a, summary')]
            .filter(one => one.getBoundingClientRect().height < 24).map(one => one.outerHTML.slice(0, 80))"""
        )
        assert low == [], path
    page.context.close()
