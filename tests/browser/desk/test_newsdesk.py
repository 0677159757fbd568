"""An editor's morning: the mail, the page, edits, a look as a subscriber, an approval, a stop, the send, a correction."""

import asyncio
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from digest.model import Article, MailingList, Subscriber, Subscription, SubscriptionState
from digest.storage.database.engine import Database
from tests.browser.desk.test_desk import Served, comes_in, window

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("NEWSDESK_PICTURES", "")
"""A folder for pictures of the pages, for who wants to look at them."""
NEWS = (
    ("افتتاح جسر المرفأ الجديد أمام الشاحنات", "economy", "المرفأ",
     "افتتحت هيئة الطرق جسر المرفأ بطول ١٢٠٠ متر بعد ثلاث سنوات من العمل، وقالت إنه سيخفف الزحام عن وسط المدينة."),
    ("جسر المرفأ يستقبل أولى الشاحنات صباح اليوم", "economy", "الساحل",
     "عبرت أولى الشاحنات جسر المرفأ الجديد بطول ١٢٠٠ متر، وقالت هيئة الطرق إن الزحام عن وسط المدينة سيخف."),
    ("نسور الواحة يفوز بكأس الشتاء لكرة السلة", "sport", "الواحة",
     "تغلب فريق نسور الواحة على ضيفه الميناء بنتيجة ٨٨ مقابل ٧٩، وسجل قائده ٣١ نقطة في المباراة النهائية."),
    ("جامعة الساحل تطلق برنامجًا لدراسة الطاقة الشمسية", "technology", "الوادي",
     "يبدأ التسجيل في البرنامج مطلع الشهر المقبل، ويتيح لستين طالبًا التدرب في محطات التوليد القريبة من الصحراء."),
    ("موسم القمح في السهل الشرقي يتجاوز التوقعات", "economy", "السهل",
     "جمع المزارعون ٤٥ ألف طن من الحبوب، وعزت وزارة الزراعة ذلك إلى أمطار مبكرة وبذور تقاوم الجفاف."),
    ("حريق في سوق الجملة ولا إصابات", "local", "المدينة",
     "سيطرت فرق الإطفاء على حريق شب في سوق الجملة فجرًا، ولم تقع إصابات، وفُتح تحقيق في أسبابه."),
)  # fmt: skip


async def prepare(folder: Path) -> None:
    """A list whose editions people approve, news of the night, and three readers."""
    now = datetime.now(UTC)  # noqa: TID251 - the server's clock is the real one
    at = (now + timedelta(minutes=20)).astimezone(ZoneInfo("Asia/Riyadh"))
    database = Database(f"sqlite:///{folder}/digest.db")
    await database.upgrade()
    async with database.begin() as session:
        mailing_list = MailingList(
            slug="daily",
            name="موجز اليوم",
            send_at=f"{at:%H:%M}",
            min_stories=1,
            approval="optional",
            compose_minutes_before=60,
            without_approval="hold",
            cooling_off_minutes=5,
            created_at=now - timedelta(hours=1),
        )
        session.add(mailing_list)
        await session.flush()
        for number, name in enumerate(("salma", "badr", "huda"), 1):
            person = Subscriber(
                email=f"{name}@reader.example", name=name, key=f"{number:032x}", created_at=now, sample=True
            )
            session.add(person)
            await session.flush()
            session.add(
                Subscription(
                    list_id=mailing_list.id or 0,
                    subscriber_id=person.id or 0,
                    state=SubscriptionState.CONFIRMED,
                    requested_at=now,
                    confirmed_at=now,
                    sections=["technology"] if name == "huda" else None,
                    digits="latn" if name == "huda" else "",
                )
            )
        for number, (title, section, outlet, text) in enumerate(NEWS):
            session.add(
                Article(
                    title=title,
                    url=f"https://{number}.example/news",
                    url_key=f"https://{number}.example/news",
                    source_name=outlet,
                    section=section,
                    paragraphs=[text],
                    content_hash=str(number),
                    published_at=now - timedelta(hours=3),
                    first_seen_at=now - timedelta(hours=3),
                )
            )
    await database.close()


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("newsdesk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    (folder / "digest.toml").write_text(
        f'[web]\nport = {port}\npublic_url = "{url}"\n[run]\ntick_seconds = 0.5\n'
        f'[database]\nurl = "sqlite:///{folder}/digest.db"\n[mailbox]\nfolder = "{folder}/mailbox"\n',
        encoding="utf-8",
    )
    # Playwright has a loop of its own in this thread.
    preparing = threading.Thread(target=lambda: asyncio.run(prepare(folder)))
    preparing.start()
    preparing.join()
    made = Served(folder, url)
    server = subprocess.Popen([sys.executable, "-m", "digest", "serve"], cwd=folder)
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=2)
            break
        except OSError:
            time.sleep(0.2)
    yield made
    server.terminate()
    server.wait(20)


def pictured(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def presses(page: Page, selector: str) -> None:
    page.locator(selector).first.click()
    page.wait_for_load_state()


def the_state(served: Served) -> str:
    with closing(sqlite3.connect(f"file:{served.folder}/digest.db?mode=ro", uri=True)) as database:
        return str(database.execute("SELECT state FROM edition").fetchone()[0])


@pytest.mark.timeout(300)
def test_an_editors_morning(chromium: Browser, morning: Served):
    first = window(chromium)
    page = first.new_page()
    comes_in(page, morning.digest("desk", "invite", "--owner").strip(), "amal@news.example", "أمل")
    link = morning.mailed_link("lists")
    assert link == f"{morning.url}/desk/lists/daily/editions/1"
    page.goto(f"{morning.url}/desk")
    assert page.locator(".need.draft").is_visible()
    pictured(page, "home")
    page.goto(link)
    pictured(page, "edition")
    assert the_state(morning) == "draft", "opening the link approves nothing"
    edits(page)
    looks(page, link)
    approves_stops_and_approves_again(page, link, morning)
    corrects(page, link)
    fits(chromium, morning, first)


def edits(page: Page) -> None:
    """Drop the fire, move the cup up into the economy, write a headline and an opening line."""
    presses(page, "li:has(h4:has-text('حريق')) button[value=drop]")
    assert page.locator("text=أخبار حُذفت").is_visible()
    assert page.locator("ol h4:has-text('حريق')").count() == 0
    cup = "li:has(h4:has-text('نسور'))"
    page.locator(f"{cup} select[name=section]").select_option("economy")
    page.locator(f"{cup} input[name=place]").fill("1")
    presses(page, f"{cup} button[value=move]")
    economy = page.locator("h3:has-text('الاقتصاد') + ol li").first
    assert "نسور" in economy.inner_text()
    wheat = "li:has(h4:has-text('الحبوب'))"
    page.locator(f"{wheat} details.change summary").click()
    page.locator(f"{wheat} input[name=headline]").fill("موسم القمح: ٩٠ ألف طن من السهل الشرقي")
    presses(page, f"{wheat} button[value=words]")
    wheat = "li:has(h4:has-text('موسم القمح'))"
    assert page.locator(f"{wheat} >> text=محرَّر").first.is_visible()
    assert page.locator(f"{wheat} .problem").count() >= 1, "the guard warns of a number that no source has"
    page.locator("#opening").fill("صباح الخير، هذا موجزكم.")
    presses(page, "form:has(#opening) button")
    pictured(page, "edited")


def looks(page: Page, link: str) -> None:
    """See it as a subscriber who chose technology alone, and in the dark."""
    page.goto(f"{link}/preview?view=phone&as=huda@reader.example")
    pictured(page, "preview")
    seen = page.frame_locator("iframe").locator("body").inner_text()
    assert "جامعة الساحل" in seen
    assert "جسر المرفأ" not in seen
    page.goto(f"{link}/preview?view=dark")
    pictured(page, "preview-dark")
    assert "صباح الخير" in page.frame_locator("iframe").locator("body").inner_text()


def approves_stops_and_approves_again(page: Page, link: str, morning: Served) -> None:
    """Approve, think better of it in the cooling-off, approve again, and watch the send."""
    page.goto(link)
    presses(page, "button[name=when][value=now]")
    assert the_state(morning) == "approved"
    pictured(page, "approved")
    presses(page, "form[action$='/stop'] button")
    assert the_state(morning) == "draft"
    morning.digest("lists", "set", "daily", "cooling_off_minutes=0")
    page.goto(link)
    presses(page, "button[name=when][value=now]")
    for _ in range(100):
        if the_state(morning) == "finished":
            break
        time.sleep(0.3)
    page.goto(f"{link}/progress")
    pictured(page, "progress")
    assert re.search("[٢٣]", page.locator(".books").inner_text())
    assert page.locator("th:has-text('reader.example')").is_visible()


def corrects(page: Page, link: str) -> None:
    """Say what a sent edition had wrong."""
    page.goto(link)
    page.locator("summary:has-text('تصحيح')").click()
    page.select_option("#correction_story", index=1)
    page.fill("#correction", "جمع المزارعون ٤٥ ألف طن، لا ٩٠ ألفًا.")
    presses(page, "form[action$='/correct'] button")
    assert page.locator("[role=status]").is_visible()
    pictured(page, "sent")


def fits(chromium: Browser, morning: Served, first: BrowserContext) -> None:
    """No page is wider than a phone, in light and dark."""
    for width, scheme in ((360, "dark"), (360, "light"), (1280, "dark")):
        context = window(chromium, width, scheme, scripts=True)
        context.add_cookies(first.cookies())  # type: ignore[arg-type]
        page = context.new_page()
        for name in ("editions/1", "editions/1/preview", "editions/1/preview?view=source", "alert"):
            page.goto(f"{morning.url}/desk/lists/daily/{name}")
            pictured(page, f"{re.sub('[/?=]', '-', name)}-{width}-{scheme}")
            assert page.locator("html").get_attribute("dir") == "rtl"
            if width == 360:
                boxes = page.locator("main > *").evaluate_all(
                    "all => all.map(one => one.getBoundingClientRect().left)"
                )
                assert all(left >= 0 for left in boxes), name
        context.close()
