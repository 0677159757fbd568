"""Every page of the desk in a real browser, from the table of routes: narrow and wide, day and night, axe on each.

The newsroom is that of `digest demo`, so that there is something on the pages.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import Access
from tests.browser.axe import CANARY, axe

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LINK = re.compile(r"(\w+)\s+(http://127\.0\.0\.1:\d+/desk/demo/\S+)")
FILES = (".csv", ".json", ".jsonl", ".opml", "mail.html", "mail.txt", ".ndjson")
ASKING = {
    "/desk/lists/daily/why": "?story=مجلس",
    "/desk/charts": "?days=90",
}
HALF = 640
"""A window of 1280 pixels at 200 %."""


def paths() -> list[str]:
    """All pages that somebody who is logged in may open, with the demo's names in their addresses."""
    found = []
    for route in ROUTES:
        if route.get is None or route.needs is Access.ANYBODY or route.path.endswith(FILES):
            continue
        path = route.path.replace("{slug}", "daily").replace("{number:int}", "30")
        path = re.sub(r"\{\w+:int\}", "1", path)
        if "{" not in path:
            found.append(path + ASKING.get(path, ""))
    return found


@pytest.fixture(scope="module")
def links() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "digest", "demo", "--people", "300"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        found: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            if link := LINK.search(line):
                found[link[1]] = link[2]
            if len(found) == 6:
                break
        yield found
        process.terminate()


@pytest.fixture(scope="module")
def root(links: dict[str, str]) -> str:
    return links["owner"].partition("/desk/")[0]


@pytest.fixture(scope="module")
def cookies(chromium: Browser, links: dict[str, str]) -> list[Any]:
    context = chromium.new_context(locale="ar", java_script_enabled=False)
    page = context.new_page()
    page.goto(links["owner"])
    page.click("form.stack button")
    assert page.locator("#needs").is_visible()
    page.goto(links["owner"])
    assert page.locator("form.stack").count() == 0, "a link works once"
    kept = context.cookies()
    context.close()
    return kept  # type: ignore[return-value]


def window(chromium: Browser, cookies: list[Any], width: int, scheme: str = "light") -> BrowserContext:
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ar",
    )
    context.add_cookies(cookies)
    return context


def opened(page: Page, address: str) -> bool:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status in {200, 404}, address
    return answer.status == 200


def test_axe_finds_pale_arabic_letters(chromium: Browser):
    page = chromium.new_page()
    page.set_content(CANARY)
    assert {one.partition(":")[0] for one in axe(page)} >= {"color-contrast", "image-alt", "label"}
    page.close()


@pytest.mark.parametrize("width", [360, HALF, 1280])
def test_no_page_of_the_desk_is_wider_than_its_window_or_kept_from_anything(
    chromium: Browser, root: str, cookies: list[Any], width: int
):
    context = window(chromium, cookies, width)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    wide, seen = [], 0
    for path in paths():
        if not opened(page, root + path):
            continue
        seen += 1
        assert page.evaluate("document.documentElement.dir") == "rtl", path
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []
    assert seen >= 12
    assert [one for one in said if "Content Security Policy" in one] == []
    assert [one for one in asked if not one.startswith((root, "data:"))] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_of_the_desk(
    chromium: Browser, root: str, cookies: list[Any], scheme: str
):
    context = window(chromium, cookies, 1280, scheme)
    page = context.new_page()
    found = {path: wrong for path in paths() if opened(page, root + path) and (wrong := axe(page))}
    assert found == {}
    context.close()


def test_a_cut_off_edition_prints_without_its_buttons(chromium: Browser, root: str, cookies: list[Any]):
    context = window(chromium, cookies, 1280)
    page = context.new_page()
    page.goto(f"{root}/desk/lists/daily/charts")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("svg.chart").first.is_visible()
    context.close()


def test_each_role_comes_in_by_its_link_and_sees_what_it_may(
    chromium: Browser, links: dict[str, str], root: str
):
    entries = {}
    for role in ("editor", "viewer"):
        context = chromium.new_context(locale="ar")
        page = context.new_page()
        page.goto(links[role])
        page.click("form.stack button")
        page.goto(f"{root}/desk/sources")
        entries[role] = page.locator('form[action="/desk/sources/find"]').count()
        assert page.locator('nav a[href="/desk/accounts"]').count() == 0
        context.close()
    assert entries == {"editor": 1, "viewer": 0}
