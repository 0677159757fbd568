"""People and lists at the desk in a real browser: an admin's morning, and every page looked at by axe."""

import asyncio
import csv
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from digest.bootstrap import opened
from digest.clock import FixedClock
from digest.entrypoints.desk.app import beside, build_desk
from digest.entrypoints.listening import answering, bound
from digest.entrypoints.web.app import build
from digest.model import Account, BounceEvent, Role, SubscriptionState
from digest.services import tasks
from digest.services.accounts.login import LoginOrigin, open_session
from digest.services.app import App
from digest.services.audience.admin import suppressing
from digest.services.audience.people import indexing, upload_runs
from digest.services.audience.segments import tags
from digest.settings import Settings
from digest.storage.accounts import people
from tests.browser.axe import CANARY, axe
from tests.builders import a_list, a_subscriber, a_subscription, an_edition, an_edition_content

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
NOW = datetime(2026, 12, 5, 4, 0, tzinfo=UTC)
FIRST = ("أحمد", "فاطمة", "محمد", "نورة", "عبد الرحمن", "هدى", "يوسف", "سلمى", "إيمان", "خالد")
LAST = ("الشهري", "العتيبي", "القاسم", "الحربي", "مصطفى", "بن عيسى", "الإدريسي")
ROWS, WRONG = 2_000, 37


@dataclass
class DeskSite:
    """The desk beside the public pages on a port of this machine, with somebody logged in."""

    app: App
    url: str
    cookie: str
    loop: asyncio.AbstractEventLoop

    def does(self, work: object) -> object:
        """Run a coroutine in the site's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)  # type: ignore[arg-type]

    def imports(self) -> None:
        """Do what a worker does: import what waits."""

        async def work() -> None:
            for one in await upload_runs.due(self.app, 10):
                await tasks.attempt(self.app, "import_people", one)
            await indexing.index(self.app)

        self.does(work())


async def _plant(app: App) -> str:
    async with app.database.begin() as session:
        daily = a_list(description="أهم أخبار اليوم كل صباح", form_sites=["https://www.paper.example"])
        session.add(daily)
        await session.flush()
        content = an_edition_content().model_dump(mode="json")
        session.add(an_edition(daily.id or 0, number=7, content=content))
        for number in range(1, 64):
            name = f"{FIRST[number % 10]} {LAST[number % 7]}"
            person = a_subscriber(
                number, email=f"reader{number}@mujaz.example", name=name if number % 9 else ""
            )
            session.add(person)
            await session.flush()
            state = SubscriptionState.LEFT if number % 8 == 0 else SubscriptionState.CONFIRMED
            session.add(a_subscription(daily.id or 0, person.id or 0, state=state, confirmed_at=NOW))
        for event, words in (("bounce", "550 5.1.1 no such user here"), ("complaint", "abuse")):
            weight, step = ("hard", "disable") if event == "bounce" else ("", "suppress")
            session.add(
                BounceEvent(
                    subscriber_id=62, at=NOW, event=event, weight=weight, code="5.1.1" if weight else "",
                    words=words, read_by="dsn" if weight else "arf", step=step,
                )
            )  # fmt: skip
        account = await people.add(
            session, Account(email="owner@news.example", name="أمل", password_hash="", created_at=NOW)
        )
        await people.set_roles(session, account.id or 0, [(Role.OWNER, None)])
        token = await open_session(app, session, account, LoginOrigin("", ""), is_whole=True)
    await tags.give(app, daily, ["reader1@mujaz.example", "reader62@mujaz.example"], "صحافة")
    await suppressing.block(app, "never@mujaz.example", "طلب ذلك هاتفيًا")
    await indexing.index(app)
    return token


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    folder = tmp_path_factory.mktemp("people")
    sock = bound("127.0.0.1", 0)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    settings = Settings(
        database={"url": f"sqlite:///{folder}/site.db"},
        mailbox={"folder": folder / "mailbox"},
        web={"public_url": url, "secret": "a key for tests"},
    )
    ready, made = threading.Event(), []
    stops: list[asyncio.Event] = []

    async def go() -> None:
        stop = asyncio.Event()
        stops.append(stop)
        async with opened(settings, clock=FixedClock(NOW)) as app:
            await app.database.upgrade()
            token = await _plant(app)
            async with answering(beside(build(app), build_desk(app)), sock):
                made.append(DeskSite(app, url, token, asyncio.get_running_loop()))
                ready.set()
                await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(go()), daemon=True)
    thread.start()
    assert ready.wait(60)
    yield made[0]
    made[0].loop.call_soon_threadsafe(stops[0].set)
    thread.join(30)


def window(
    chromium: Browser, site: DeskSite, width: int = 1280, scheme: str = "light", *, scripts: bool = False
) -> BrowserContext:
    made = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ar",
        java_script_enabled=scripts,
        bypass_csp=scripts,
    )
    made.add_cookies([{"name": "desk", "value": site.cookie, "url": site.url}])
    return made


def a_file(rows: int = ROWS, wrong: int = WRONG) -> bytes:
    """A file of people as a newsroom has it: Arabic titles, Windows line ends, some lines wrong."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["البريد الإلكتروني", "الاسم", "المدينة"])
    for number in range(rows - wrong):
        name = f"{FIRST[number % 10]} {LAST[number % 7]}"
        writer.writerow([f"new{number}@mujaz.example", name, "الرياض" if number % 3 else "جدة"])
    for number in range(wrong):
        writer.writerow([f"لا عنوان {number}", "بلا بريد", ""])
    return out.getvalue().encode("cp1256")


def test_an_admin_imports_two_thousand_with_errors_makes_a_segment_and_takes_it_back(
    chromium: Browser, site: DeskSite, tmp_path: Path
):
    file = tmp_path / "قراء.csv"
    file.write_bytes(a_file())
    page = window(chromium, site).new_page()
    page.goto(f"{site.url}/desk/lists/daily/people/imports")
    page.set_input_files("#file", str(file))
    page.click('form[action="/desk/uploads/people/daily"] button')
    assert page.locator("#column_0").input_value() == "email"
    assert page.locator("#column_1").input_value() == "name"
    page.click('form[action$="/try"] button')
    assert (
        "١٬٩٦٣" in page.locator(".books .added").inner_text()
        or "١,٩٦٣" in page.locator(".books .added").inner_text()
    )
    assert page.locator("table.log tbody tr").count() == 20
    with page.expect_download() as begun:
        page.click('a[href$="/refused.csv"]')
    text = Path(begun.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == WRONG + 1
    page.click('form[action$="/run"] button')
    site.imports()
    page.reload()
    assert page.locator(".calm-card").is_visible()
    page.goto(f"{site.url}/desk/lists/daily/segments/build")
    page.select_option("#add", "source is")
    page.click("text=أضف واحسب")
    page.check('input[name="v0"][value="import"]')
    page.fill("#name", "من الملف")
    page.click("text=أضف واحسب")
    assert "٩٦٣" in page.locator(".big").inner_text()
    page.click('button[formmethod="post"]')
    assert page.locator("[role=status]").is_visible()
    page.goto(f"{site.url}/desk/lists/daily/people?q=عبدالرحمن&segment=من الملف")
    assert page.locator("table.people tbody tr").count() == 50
    page.goto(f"{site.url}/desk/lists/daily/people/imports")
    page.click("table summary")
    page.click('form[action*="/runs/"] button')
    assert page.locator("[role=status]").is_visible()
    page.goto(f"{site.url}/desk/lists/daily/segments/build?open=من الملف")
    assert "لا مشتركين" in page.locator(".big").inner_text()


PAGES = (
    "people", "lists/daily/people", "lists/daily/people?q=zzz", "lists/daily/people/62", "lists/daily/people/8",
    "lists/daily/people/bounces", "lists/daily/people/complaints", "lists/daily/people/imports",
    "lists/daily/segments", "lists/daily/segments/build?c0=state+is&v0=confirmed&c1=tag+is&x1=yes&add=joined+within_days",
    "suppressions", "suppressions?address=never@mujaz.example", "lists/add", "lists/daily/settings/general",
    "lists/daily/settings/schedule", "lists/daily/settings/sections", "lists/daily/settings/theme",
    "lists/daily/settings/content", "lists/daily/settings/sender", "lists/daily/settings/signup",
    "lists/daily/settings/alerts", "lists/daily/settings/theme?look=1&page=theme&light_ink=%23d0d0d0",
)  # fmt: skip


def test_axe_sees_what_is_wrong_on_an_arabic_page(chromium: Browser, site: DeskSite):
    page = window(chromium, site, scripts=True).new_page()
    page.set_content(CANARY)
    assert {"color-contrast", "image-alt", "label"} <= {one.partition(":")[0] for one in axe(page)}


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_every_page_fits_runs_from_right_to_left_and_axe_finds_nothing(
    chromium: Browser, site: DeskSite, width: int, scheme: str
):
    context = window(chromium, site, width, scheme, scripts=True)
    page = context.new_page()
    wrong = [f"{path}: {one}" for path in PAGES for one in looked_at(page, f"{site.url}/desk/{path}")]
    context.close()
    assert wrong == []


def looked_at(page: Page, url: str) -> list[str]:
    """Return what is wrong with a page."""
    answer = page.goto(url)
    assert answer is not None
    found = [] if answer.status == 200 else [f"status {answer.status}"]
    if page.evaluate("document.documentElement.dir") != "rtl":
        found.append("not from right to left")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found + ([f"{wide} too wide"] if wide > 0 else []) + axe(page)
