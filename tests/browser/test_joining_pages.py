"""Signing up, confirming, being greeted, choosing, pausing, leaving and coming back, in a real browser: phone
and desk, day and night.

Each page is examined by axe-core 4.10.3 (axe.min.js, MPL 2.0), and a canary shows that it looks at Arabic
pages.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlmodel import select

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.deliver.embedded import maildir
from digest.entrypoints.listening import answering, bound
from digest.entrypoints.web.app import build
from digest.model import FieldKind, Notice
from digest.services.app import App
from digest.services.audience import signups
from digest.services.audience.segments import fields
from digest.services.sending.notices import send_notice
from digest.settings import Settings
from digest.storage.audience import lists
from tests.browser.axe import CANARY, axe
from tests.builders import a_list

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
SECTIONS = [
    {"key": "politics", "title": "السياسة"},
    {"key": "economy", "title": "الاقتصاد"},
    {"key": "sport", "title": "الرياضة"},
]
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


@dataclass
class Site:
    """The pages on a port of this machine, and the loop that they run in."""

    app: App
    url: str
    loop: asyncio.AbstractEventLoop

    def does(self, work: object) -> object:
        """Run a coroutine in the site's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def mails(self) -> list[str]:
        """Send what waits; returns the text of all mails in the mailbox, oldest first."""

        async def send() -> None:
            await signups.settle(self.app)
            async with self.app.database.begin() as session:
                waiting = (await session.exec(select(Notice.id).order_by(Notice.id))).all()
            for one in waiting:
                await send_notice(self.app, one)

        self.does(send())
        folder = self.app.settings.mailbox.folder
        found = sorted(maildir.stored_messages(folder), key=lambda one: one.key)
        return [maildir.stored_message(folder, one.key).text for one in found]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    sock = bound("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    settings = Settings(
        database={"url": f"sqlite:///{tmp_path}/site.db"},
        mailbox={"folder": tmp_path / "mailbox"},
        web={"public_url": url, "secret": "a key for tests"},
        signup={"least_seconds": 0},
    )
    ready, stop, made = threading.Event(), asyncio.Event(), []

    async def go() -> None:
        async with opened(settings, clock=FixedClock(NOW)) as app:
            await app.database.upgrade()
            async with app.database.begin() as session:
                made_list = a_list(welcome=True, description="أهم أخبار اليوم كل صباح", sections=SECTIONS)
                await lists.add(session, made_list)
                other = a_list(slug="economy", name="موجز الاقتصاد", description="أسواق وأعمال")
                await lists.add(session, other)
            await fields.add(app, made_list, "city", title="المدينة", kind=FieldKind.TEXT, in_form=True)
            await fields.add(
                app,
                made_list,
                "job",
                title="مجال العمل",
                kind=FieldKind.CHOICE,
                choices=["الصحافة", "التعليم"],
                in_form=True,
            )
            async with answering(build(app), sock):
                made.append(Site(app, url, asyncio.get_running_loop()))
                ready.set()
                await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(go()), daemon=True)
    thread.start()
    assert ready.wait(30)
    yield made[0]
    made[0].loop.call_soon_threadsafe(stop.set)
    thread.join(30)


@pytest.fixture
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    opened_context = a_window(chromium, *request.param)
    yield opened_context
    opened_context.close()


@pytest.fixture
def examiner(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page like those of `context` with scripts, without which axe looks at nothing."""
    width, scheme, _ = request.getfixturevalue("context_asked")
    opened_context = a_window(chromium, width, scheme, scripts=True)
    yield opened_context.new_page()
    opened_context.close()


@pytest.fixture
def context_asked(request: pytest.FixtureRequest) -> tuple[int, str, bool]:
    return request.node.callspec.params["context"]  # type: ignore[no-any-return]


def a_window(chromium: Browser, width: int, scheme: str, scripts: bool) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
        locale="ar",
    )


def looked_at(page: Page) -> None:
    """Nothing is wider than the window, everything runs from right to left, axe finds nothing; and it finds
    what is wrong as soon as something is.
    """
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('main button, main input[type=email]')]"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []
    assert axe(page) == []
    page.evaluate(SPOILED)
    assert {one.partition(":")[0] for one in axe(page)} >= {"color-contrast", "image-alt"}
    page.evaluate("document.querySelector('#spoiled').remove()")


def as_it_stands(page: Page, examiner: Page) -> Page:
    """Show what a page without scripts has come to in one with them, at the same address."""
    html, address = page.content(), page.url
    examiner.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    examiner.goto(address)
    examiner.unroute(address)
    return examiner


# By the object of its style: the pages' own policy lets no attribute set one.
SPOILED = """
document.querySelector('main').insertAdjacentHTML('beforeend',
  '<div id="spoiled"><p>نص باهت لا يقرؤه أحد</p><img src="data:,"></div>');
Object.assign(document.querySelector('#spoiled p').style, {color: '#ccc', background: '#fff'});
"""
WAYS = [
    pytest.param((width, scheme, scripts), id=f"{name}-{scheme}{'' if scripts else '-without-javascript'}")
    for name, width in (("phone", 360), ("desk", 1280))
    for scheme in ("light", "dark")
    for scripts in (True, False)
]


@pytest.mark.parametrize("context", WAYS, indirect=True)
def test_from_the_form_to_the_welcome_and_out_and_back(
    site: Site, context: BrowserContext, examiner: Page, request: pytest.FixtureRequest, tmp_path: Path
):
    name = request.node.callspec.id
    page = context.new_page()
    pictures = iter("abcdefghijkl")

    def look(text: str) -> None:
        assert text in page.locator("main").inner_text()
        looked_at(page if "without" not in name else as_it_stands(page, examiner))
        page.screenshot(path=tmp_path / f"{next(pictures)}-{name}.png", full_page=True)

    page.goto(f"{site.url}/l/daily/subscribe")
    look("الاشتراك في نشرة")
    page.get_by_label("بريدك الإلكتروني").fill("amal@mujaz.example")
    page.get_by_role("button", name="اشترك").click()
    look("أول عدد بعد التأكيد: غدًا ٦:٣٠ صباحًا بتوقيت الرياض")
    (mail,) = site.mails()
    page.goto(re.findall(rf"{site.url}/l/daily/confirm/\S+", mail)[0])
    look("لم يكتمل اشتراكك بعد")
    page.get_by_role("button", name="أكمل اشتراكي").click()
    look("اكتمل اشتراكك")
    greeting = next(one for one in site.mails() if "شكرًا لاشتراكك" in one)
    page.goto(re.findall(rf"{site.url}/l/daily/preferences/\S+", greeting)[0])
    look("شكل الرسالة")
    page.get_by_label("عناوين فقط").check()
    page.locator("input[name=quiet_from]").fill("22:00")
    page.locator("input[name=quiet_to]").fill("06:30")
    page.locator("input[name=timezone]").fill("Mars/Olympus")
    page.get_by_role("button", name="حفظ التفضيلات").click()
    look("لا توجد منطقة زمنية بهذا الاسم")
    assert page.get_by_label("عناوين فقط").is_checked()
    page.locator("input[name=timezone]").fill("Africa/Cairo")
    page.get_by_role("button", name="حفظ التفضيلات").click()
    look("حُفظت تفضيلاتك")
    assert page.locator("input[name=quiet_to]").input_value() == "06:30"
    page.get_by_role("button", name="أسبوع", exact=True).click()
    look("الإرسال موقوف حتى")
    page.goto(re.findall(rf"{site.url}/l/daily/unsubscribe/\S+", greeting)[0])
    look("أقل بريدًا؟")
    page.get_by_role("button", name="إلغاء الاشتراك", exact=True).click()
    look("أُلغي اشتراكك")
    page.get_by_role("button", name="تراجع عن الإلغاء").click()
    look("عاد اشتراكك")


@pytest.mark.parametrize("context", WAYS[:1], indirect=True)
def test_axe_sees_what_is_wrong_on_an_arabic_page(context: BrowserContext):
    page = context.new_page()
    page.set_content(CANARY)
    found = {one.partition(":")[0] for one in axe(page)}
    assert found >= {"color-contrast", "image-alt", "label"}
