"""Every page of the desk in a real browser, from the table of routes: narrow and wide, day and night, axe on each.

The newsroom is that of `digest demo`, so that there is something on the pages.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.axe import CANARY, axe
from tests.browser.desk.desk_pages import addresses, come_in, demo

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HALF = 640
"""A window of 1280 pixels at 200 %."""


@pytest.fixture(scope="module")
def links() -> Iterator[dict[str, str]]:
    with demo(300) as found:
        yield found


@pytest.fixture(scope="module")
def root(links: dict[str, str]) -> str:
    return links["owner"].partition("/desk/")[0]


@pytest.fixture(scope="module")
def cookies(chromium: Browser, links: dict[str, str]) -> list[Any]:
    return come_in(chromium, links["owner"])


@pytest.fixture(scope="module")
def paths(chromium: Browser, root: str, cookies: list[Any]) -> list[str]:
    """All pages that the owner may open, with the demo's names and numbers in their addresses."""
    context = window(chromium, cookies, 1280)
    found = addresses(context.new_page(), root)
    context.close()
    assert {"home", "sources", "sources-one", "charts", "lists-why", "guide", "lists-editions-one"} <= set(
        found
    )
    return list(found.values())


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
    assert answer.status == 200, address
    return True


def test_axe_finds_pale_arabic_letters(chromium: Browser):
    page = chromium.new_page()
    page.set_content(CANARY)
    assert {one.partition(":")[0] for one in axe(page)} >= {"color-contrast", "image-alt", "label"}
    page.close()


@pytest.mark.parametrize("width", [360, HALF, 1280])
def test_no_page_of_the_desk_is_wider_than_its_window_or_kept_from_anything(
    chromium: Browser, root: str, cookies: list[Any], paths: list[str], width: int
):
    context = window(chromium, cookies, width)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    wide = []
    for path in paths:
        opened(page, root + path)
        assert page.evaluate("document.documentElement.dir") == "rtl", path
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    assert wide == []
    assert [one for one in said if "Content Security Policy" in one] == []
    assert [one for one in asked if not one.startswith((root, "data:"))] == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_of_the_desk(
    chromium: Browser, root: str, cookies: list[Any], paths: list[str], scheme: str
):
    context = window(chromium, cookies, 1280, scheme)
    page = context.new_page()
    found = {path: wrong for path in paths if opened(page, root + path) and (wrong := axe(page))}
    assert found == {}
    context.close()


def test_a_page_prints_without_its_navigation(chromium: Browser, root: str, cookies: list[Any]):
    context = window(chromium, cookies, 1280)
    page = context.new_page()
    page.goto(f"{root}/desk/lists/daily/charts")
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert page.locator("svg.chart").first.is_visible()
    context.close()


def test_a_link_of_the_demo_works_once(chromium: Browser, links: dict[str, str]):
    come_in(chromium, links["publisher"])
    page = chromium.new_page()
    answer = page.goto(links["publisher"])
    assert answer is not None
    assert answer.status == 410
    page.close()


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
