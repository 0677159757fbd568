"""Take the pictures of the desk in docs/images/desk, from `digest demo` (needs Chromium); `make images` runs it.

    python docs/make_desk_images.py [--folder DIR] [--all] [NAME …]

Each page at 1280 pixels in the light, as the docs show them; with --all also at 360, and in the dark.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from make_images import FLAGS, ROOT, kept
from playwright.sync_api import Browser, BrowserContext, sync_playwright

FOLDER = ROOT / "docs" / "images" / "desk"
LINK = re.compile(r"(\w+)\s+(http://127\.0\.0\.1:\d+/desk/demo/\S+)")
PAGES = {
    "home": "/desk",
    "sources": "/desk/sources",
    "source": "/desk/sources/{ill}",
    "list-sources": "/desk/lists/daily/sources",
    "why": "/desk/lists/daily/why?story={words}",
    "charts": "/desk/charts?days=90",
    "list-charts": "/desk/lists/daily/charts",
    "editions": "/desk/lists/daily/editions",
    "edition": "/desk/lists/daily/editions/30",
    "preview": "/desk/lists/daily/editions/30/preview",
    "accounts": "/desk/accounts",
    "account": "/desk/account",
    "audit": "/desk/audit",
    "guide": "/desk/guide",
}
SIZES = {"1280": 1280, "360": 360}


def main() -> None:
    """Run the demo, come in as the owner, take the pictures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--folder", type=Path, default=FOLDER)
    asked.add_argument("--all", action="store_true")
    asked.add_argument("--people", default="10000")
    asked.add_argument("names", nargs="*")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with demo(given.people) as links, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        cookies = come_in(browser, links["owner"])
        root = links["owner"].partition("/desk/")[0]
        for width in SIZES.values() if given.all else (1280,):
            for scheme in ("light", "dark") if given.all else ("light",):
                with window(browser, width, scheme) as context:
                    context.add_cookies(cookies)
                    take(context, root, given.folder, f"-{width}-{scheme}" if given.all else "", given.names)
        browser.close()


@contextmanager
def demo(people: str) -> Iterator[dict[str, str]]:
    """Run the demo until the block ends; gives the link of each role."""
    command = [sys.executable, "-m", "digest", "demo", "--people", people]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        links: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            if found := LINK.search(line):
                links[found[1]] = found[2]
            if len(links) == 6:
                break
        try:
            yield links
        finally:
            process.terminate()


def come_in(browser: Browser, link: str) -> list[dict[str, object]]:
    """Open a link, press its button, return the cookies."""
    with window(browser, 1280, "light") as context:
        page = context.new_page()
        page.goto(link)
        page.click("form.stack button")
        return context.cookies()  # type: ignore[return-value]


@contextmanager
def window(browser: Browser, width: int, scheme: str) -> Iterator[BrowserContext]:
    """A window of that width, in the light or the dark."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ar",
    )
    yield context
    context.close()


def take(context: BrowserContext, root: str, folder: Path, end: str, names: list[str]) -> None:
    """Take each page that is named, all of them where none is."""
    page = context.new_page()
    page.goto(f"{root}/desk/sources")
    ill = page.locator("tbody th a").first.get_attribute("href") or ""
    page.goto(f"{root}/desk/lists/daily/editions/30")
    words = " ".join(page.locator("h4").first.inner_text().split()[:3])
    for name, path in PAGES.items():
        if names and name not in names:
            continue
        page.goto(root + path.format(ill=ill.rpartition("/")[2], words=words))
        kept(page.screenshot(full_page=True), folder / f"{name}{end}.png")
    page.close()


if __name__ == "__main__":
    main()
