"""Take the pictures of the desk in docs/images/desk, from `digest demo` (needs Chromium); `make images` runs it.

    python -m docs.make_desk_images [--folder DIR] [--all] [NAME …]

Every page that the table of routes knows, at 1280 pixels in the light, some also at 360 and in the dark; the table of
them in docs/howto/demo.md is written anew. With --all every page in all of them, for who wants to look.
"""

import argparse
import os
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
ALSO = ("home", "lists-editions-one", "lists-people", "lists-charts", "sources", "lists-channels")
"""Pages that are shown at 360 pixels and in the dark, too."""
VIEWS = {"": (1280, "light"), "-360": (360, "light"), "-dark": (1280, "dark")}
PAGE = ROOT / "docs" / "howto" / "demo.md"
BEGIN, END = "<!-- pictures -->\n", "<!-- end of pictures -->\n"


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
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[*FLAGS, "--lang=ar"],
            env={**os.environ, "LANGUAGE": "ar"},
        )
        cookies = come_in(browser, links["owner"])
        root = links["owner"].partition("/desk/")[0]
        with window(browser, 1280, "light") as context:
            context.add_cookies(cookies)
            pages = addresses(context.new_page(), root)
        chosen = {name: path for name, path in pages.items() if not given.names or name in given.names}
        every = {f"-{width}-{scheme}": (width, scheme) for width in WIDTHS for scheme in ("light", "dark")}
        for end, (width, scheme) in (every if given.all else VIEWS).items():
            shown = chosen if given.all or not end else {one: chosen[one] for one in ALSO if one in chosen}
            with window(browser, width, scheme) as context:
                context.add_cookies(cookies)
                take(context, root, shown, given.folder, end)
        browser.close()
    if given.folder == FOLDER and not given.names:
        write_table(pages)


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
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")
        width = page.evaluate("document.documentElement.scrollWidth")
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        if page.locator("iframe").count():
            # What a frame shows is painted where it can be seen.
            page.set_viewport_size({"width": width, "height": tall})
            page.wait_for_timeout(1_000)
        clip = {"x": 0, "y": 0, "width": width, "height": tall}
        kept(page.screenshot(full_page=True, clip=clip), folder / f"{name}{end}.png")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
    page.close()


def write_table(pages: dict[str, str]) -> None:
    """Name each picture in the page about the demo."""
    lines = ["| page | picture | narrow | dark |", "|---|---|---|---|"]
    for name, path in sorted(pages.items(), key=lambda one: one[1]):
        views = [
            f"[{word}](../images/desk/{name}{end}.png)" if not end or name in ALSO else ""
            for end, word in (("", name), ("-360", "360 px"), ("-dark", "dark"))
        ]
        lines.append(f"| `{path.partition('?')[0]}` | {' | '.join(views)} |")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    table = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
