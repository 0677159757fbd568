"""The desk in a real browser: an owner comes in, sets up a second factor, invites an editor, who may not send."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

PASSWORD = "جملة طويلة أتذكرها 7"
WIDTHS = (360, 1280)


@dataclass(frozen=True)
class Served:
    """`digest serve` over a folder with one edition, at an address."""

    folder: Path
    url: str

    def digest(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "digest", *arguments],
            cwd=self.folder, capture_output=True, text=True, timeout=100, check=True,
        )  # fmt: skip
        return done.stdout

    def mailed_link(self, kind: str) -> str:
        """Return the newest link of a kind in the embedded mailbox."""
        from email import message_from_bytes

        for _ in range(300):
            files = sorted(
                (path for path in self.folder.rglob("mailbox/**/*") if path.is_file()),
                key=lambda path: path.stat().st_mtime,
            )
            for path in reversed(files):
                for part in message_from_bytes(path.read_bytes()).walk():
                    body = part.get_payload(decode=True) or b""
                    found = re.search(rf"http\S+/desk/{kind}/\S+", bytes(body).decode("utf-8", "replace"))  # type: ignore[arg-type]
                    if found:
                        return found[0]
            time.sleep(0.2)
        raise AssertionError("no link was mailed")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    (folder / "digest.toml").write_text(
        f'[web]\nport = {port}\npublic_url = "{url}"\n[run]\ntick_seconds = 0.5\n', encoding="utf-8"
    )
    made = Served(folder, url)
    made.digest("run", "--demo")
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


def window(
    chromium: Browser, width: int = 1280, scheme: str = "light", *, scripts: bool = False
) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="ar",
        java_script_enabled=scripts,
    )


def comes_in(page: Page, link: str, email: str, name: str) -> None:
    page.goto(link)
    if page.locator("#email").is_editable():
        page.fill("#email", email)
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.click("form.stack button")


def sets_up_second_factor(page: Page) -> pyotp.TOTP:
    page.fill("#old2", PASSWORD)
    page.click('form[action="/desk/account/second-factor"] button')
    totp = pyotp.TOTP(page.locator("code.secret").inner_text())
    page.fill("#code", totp.now())
    page.click("form.stack button")
    assert page.locator(".codes code").count() == 10
    return totp


def test_an_owner_comes_in_and_invites_an_editor_who_may_not_send(chromium: Browser, served: Served):
    owner = window(chromium).new_page()
    comes_in(owner, served.digest("desk", "invite", "--owner").strip(), "amal@news.example", "أمل")
    assert "/desk/account" in owner.url
    totp = sets_up_second_factor(owner)
    owner.click('form[action="/desk/logout"] button')
    owner.fill("#email", "amal@news.example")
    owner.fill("#password", PASSWORD)
    owner.click("form.stack button")
    step = int(time.time()) // 30
    owner.fill("#code", totp.at((step + 1) * 30))
    owner.click("form.stack button")
    owner.goto(f"{served.url}/desk")
    assert owner.locator("#needs").is_visible()
    owner.goto(f"{served.url}/desk/accounts")
    owner.fill("#email", "badr@news.example")
    owner.select_option("#role", "editor")
    owner.click('form[action="/desk/accounts/invite"] button')
    assert owner.locator("[role=status]").is_visible()

    editor = window(chromium).new_page()
    comes_in(editor, served.mailed_link("invitation"), "badr@news.example", "بدر")
    for path, status in (
        ("/desk", 200),
        ("/desk/lists/daily/editions/1", 200),
        ("/desk/accounts", 403),
        ("/desk/audit", 403),
    ):
        answer = editor.goto(f"{served.url}{path}")
        assert answer is not None
        assert answer.status == status, path
    editor.goto(f"{served.url}/desk/lists/daily/editions/1")
    assert editor.locator("ol.stories li").count() >= 3
    assert editor.locator('form[action$="/retry"], form[action$="/pause"]').count() == 0
    owner.goto(f"{served.url}/desk/audit")
    assert owner.locator("table.log tbody tr").count() >= 4


PAGES = (
    "/desk", "/desk/account", "/desk/accounts", "/desk/audit", "/desk/lists/daily/editions",
    "/desk/lists/daily/editions/1", "/desk/lists/daily/editions/1/preview", "/desk/lists/daily/editions/1/progress",
)  # fmt: skip


def test_no_page_is_wider_than_its_window_and_all_run_from_right_to_left(chromium: Browser, served: Served):
    link = served.digest("desk", "invite", "--owner").strip()
    first = window(chromium)
    comes_in(first.new_page(), link, "dana@news.example", "دانة")
    cookies = first.cookies()
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            context = window(chromium, width, scheme, scripts=True)
            context.add_cookies(cookies)  # type: ignore[arg-type]
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            for path in (*PAGES, "/desk/forgotten"):
                page.goto(f"{served.url}{path}")
                assert page.evaluate("document.documentElement.dir") == "rtl"
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (path, width, scheme)
            assert [one for one in said if "Content Security Policy" in one] == []
            context.close()
