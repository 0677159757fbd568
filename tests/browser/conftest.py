"""A real Chromium, without a network: what a page asks for from elsewhere is answered here, or refused and counted."""

import io
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. It fails, loudly, when it is not there."""
    assert CHROMIUM.exists(), "Debian's chromium is missing: `make pictures` installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def versions() -> str:
    """What the pictures depend on: the versions of the browser and of the fonts."""
    return subprocess.run(
        ["dpkg-query", "-W", "chromium", "fonts-noto-core"], capture_output=True, text=True, check=True
    ).stdout


@dataclass(slots=True)
class Shown:
    """A page that is open, with what it asked for and what it said."""

    page: Page
    asked: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def reports(self) -> list[str]:
        """What the page was kept from by its policy: directive and address, as a report would say."""
        found: list[str] = self.page.evaluate("window.kept_from")
        return found


def _picture() -> bytes:
    image = Image.new("RGB", (1120, 560), (203, 190, 170))
    image.paste((120, 113, 108), (0, 330, 1120, 560))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


ADDRESS = "https://news.mujaz.example/looked-at"
LISTEN = """window.kept_from = [];
addEventListener('securitypolicyviolation', e => kept_from.push(e.violatedDirective + ' ' + e.blockedURI), true);"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Opens HTML in a window of a width, in a scheme: light, dark or forced (a client that darkens by itself)."""

    browser: Browser

    def open(
        self,
        html: str,
        *,
        width: int = 600,
        scheme: str = "light",
        images: bool = True,
        policy: str = "",
        beside: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    ) -> Shown:
        """Show the HTML; pictures come from a stand-in, or not at all.

        With a `policy` it is served from a site with that Content-Security-Policy, and `beside` it other files by their
        path: media type and content. Whatever the policy keeps it from is heard from the first instant on.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="ar",
            timezone_id="Asia/Riyadh",
        )
        shown = Shown(context.new_page())

        def answer(route: Route) -> None:
            path = urlsplit(route.request.url).path
            if policy and route.request.url == ADDRESS:
                headers = {"content-security-policy": policy, "content-type": "text/html; charset=utf-8"}
                route.fulfill(body=html, headers=headers)
                return
            shown.asked.append(route.request.url)
            if path in beside:
                kind, content = beside[path]
                route.fulfill(body=content, content_type=kind)
            elif images and route.request.resource_type == "image":
                route.fulfill(body=_picture(), content_type="image/png")
            else:
                route.abort()

        shown.page.on("dialog", lambda dialog: (shown.dialogs.append(dialog.message), dialog.dismiss()))
        if scheme == "forced":
            session = context.new_cdp_session(shown.page)
            session.send("Emulation.setAutoDarkModeOverride", {"enabled": True})
        shown.page.route("**/*", answer)
        if policy:
            shown.page.add_init_script(LISTEN)
            shown.page.goto(ADDRESS, wait_until="load")
        else:
            shown.page.set_content(html, wait_until="load")
        return shown


@pytest.fixture
def viewer(chromium: Browser) -> Iterator[Viewer]:
    """Opens HTML; all windows close when the test ends."""
    yield Viewer(chromium)
    for context in chromium.contexts:
        context.close()
