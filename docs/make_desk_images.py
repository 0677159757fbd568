"""Take the pictures of the desk in docs/images/desk, from `digest demo` (needs Chromium); `make images` runs it.

    python -m docs.make_desk_images [--folder DIR] [--all] [NAME …]

Every page that the table of routes knows, at 1280 pixels in the light, as the docs show them; with --all also at 360,
and in the dark.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from docs.make_images import FLAGS, ROOT, kept
from tests.browser.desk.desk_pages import addresses, come_in, demo

FOLDER = ROOT / "docs" / "images" / "desk"
WIDTHS = (1280, 360)
TALLEST = 2000
"""Pixels of a page that a picture shows."""


def main() -> None:
    """Run the demo, come in as the owner, take the pictures."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--folder", type=Path, default=FOLDER)
    asked.add_argument("--all", action="store_true")
    asked.add_argument("--people", type=int, default=10_000)
    asked.add_argument("names", nargs="*")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with demo(given.people) as links, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        cookies = come_in(browser, links["owner"])
        root = links["owner"].partition("/desk/")[0]
        with window(browser, 1280, "light") as context:
            context.add_cookies(cookies)
            pages = addresses(context.new_page(), root)
        chosen = {name: path for name, path in pages.items() if not given.names or name in given.names}
        for width in WIDTHS if given.all else WIDTHS[:1]:
            for scheme in ("light", "dark") if given.all else ("light",):
                with window(browser, width, scheme) as context:
                    context.add_cookies(cookies)
                    end = f"-{width}-{scheme}" if given.all else ""
                    take(context, root, chosen, given.folder, end)
        browser.close()


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


def take(context: BrowserContext, root: str, pages: dict[str, str], folder: Path, end: str) -> None:
    """Take each page."""
    page = context.new_page()
    for name, path in pages.items():
        page.goto(root + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        clip = {"x": 0, "y": 0, "width": width, "height": tall}
        kept(page.screenshot(full_page=True, clip=clip), folder / f"{name}{end}.png")  # type: ignore[arg-type]
    page.close()


if __name__ == "__main__":
    main()
