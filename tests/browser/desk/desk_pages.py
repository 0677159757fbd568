"""The pages of the desk, from the table of routes, over the newsroom of `digest demo`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import Access, DeskRoute

LINK = re.compile(r"(\w+)\s+(http://127\.0\.0\.1:\d+/desk/demo/\S+)")
FILES = re.compile(r"\.(?:csv|eml|json|jsonl|ndjson|opml|html|txt|zip)$|/progress$|/status$")
ASKING = {"/desk/lists/daily/why": "?story=البنك المركزي", "/desk/charts": "?days=90"}
ROLES = 6


@contextmanager
def demo(people: int) -> Iterator[dict[str, str]]:
    """Run `digest demo` until the block ends; gives the link of each role."""
    command = [sys.executable, "-m", "digest", "demo", "--people", str(people)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        found: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            if link := LINK.search(line):
                found[link[1]] = link[2]
            if len(found) == ROLES:
                break
        try:
            yield found
        finally:
            process.terminate()


def come_in(browser: Browser, link: str) -> list[Any]:
    """Open a link, press its button, return the cookies."""
    context = browser.new_context(locale="ar", java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.click("form.stack button")
    kept = context.cookies()
    context.close()
    return list(kept)


def addresses(page: Page, root: str) -> dict[str, str]:
    """Return the path of each page by a name; what a path's number is, a link of the demo's pages says.

    A page to which none leads is left out.
    """
    found: dict[str, str] = {}
    linked: set[str] = set()
    plain, numbered = [], []
    for route in ROUTES:
        if route.get is None or route.needs is Access.ANYBODY or FILES.search(route.path):
            continue
        (numbered if ":int}" in route.path else plain).append(route)
    for route in plain:
        path = route.path.replace("{slug}", "daily")
        if "{" in path:
            continue
        answer = page.goto(root + path)
        if answer is None or answer.status != 200:
            continue
        found[_name(route)] = path + ASKING.get(path, "")
        linked |= set(_links(page))
    for route in numbered:
        pattern = re.compile(
            re.sub(
                r"\\{\w+(?::int)?\\}",
                lambda one: "daily" if "slug" in one[0] else r"\d+",
                re.escape(route.path),
            )
        )
        matched = sorted((one for one in linked if pattern.fullmatch(one)), key=lambda one: (len(one), one))
        if matched:
            found[_name(route)] = matched[-1 if "editions" in route.path else 0]
            page.goto(root + found[_name(route)])
            linked |= set(_links(page))
    return found


def _links(page: Page) -> list[str]:
    return [
        href.partition("?")[0].partition("#")[0]
        for one in page.locator("a[href^='/desk']").all()
        if (href := one.get_attribute("href"))
    ]


def _name(route: DeskRoute) -> str:
    parts = [one for one in route.path.split("/")[2:] if not one.startswith("{slug")]
    named = [{"{id:int}": "one", "{number:int}": "one"}.get(one, one) for one in parts]
    return "-".join(named).replace("{", "").replace(":int}", "") or "home"
