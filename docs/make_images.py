"""Take the pictures of docs/images: the sample digest as mail, as web edition and in the mailbox (needs Chromium).

`make images` runs it in a folder of its own, on the sample articles that ship with the project.
"""

import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from digest.deliver.embedded.maildir import StoredContent, stored_message, stored_messages

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
WEB, MAILBOX = "http://127.0.0.1:8990/", "http://127.0.0.1:8991/"
ENVIRONMENT = {
    "DIGEST_WEB__PORT": "8990",
    "DIGEST_WEB__PUBLIC_URL": WEB.rstrip("/"),
    "DIGEST_MAILBOX__PORT": "8991",
    "DIGEST_RUN__TICK_SECONDS": "1",
}


def main() -> None:
    """Make a digest, open it everywhere, take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Path(name)
        command = [sys.executable, "-m", "digest"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **ENVIRONMENT}
        subprocess.run([*command, "run", "--demo"], cwd=home, env=environment, check=True)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        mail = (home / "out" / "preview.html").as_uri()
        take(browser, mail, "digest-600", width=600, height=1500)
        take(browser, mail, "digest-375", width=375, height=1500)
        take(browser, mail, "digest-dark", width=600, height=1500, dark=True)
        with running([*command, "serve"], home, environment, WEB):
            take(browser, f"{WEB}l/daily/1", "web-edition", width=900, height=1300)
            take(browser, f"{WEB}l/daily", "archive", width=900, height=900)
            audience(browser, command, home, environment)
            welcome(browser, command, home, environment)
        with running([*command, "mailbox"], home, environment, MAILBOX):
            take(browser, MAILBOX, "mailbox", width=900, height=500)
        browser.close()


def audience(browser: Browser, command: list[str], home: Path, environment: dict[str, str]) -> None:
    """Take the pictures of what subscribers see: the form with a field of the list's own, their own page, and
    a correction at its story.
    """
    for given in (
        ("fields", "add", "city", "--title", "المدينة", "--kind", "text", "--in-form"),
        ("editions", "correct", "1", "صحّحنا عددًا ورد في هذا الخبر.", "--story", headline(browser)),
    ):
        subprocess.run([*command, *given], cwd=home, env=environment, check=True, stdout=subprocess.DEVNULL)
    take(browser, f"{WEB}l/daily/subscribe", "form", width=375, height=760)
    folder = home / "out" / "mailbox"
    mail = stored_message(folder, stored_messages(folder)[0].key).text
    own = re.search(rf"{WEB}l/daily/preferences/\S+", mail)
    assert own is not None
    take(browser, own[0], "preferences", width=900, height=1500)
    take(browser, own[0], "preferences-dark", width=375, height=1500, dark=True)
    take(browser, f"{WEB}l/daily/1", "correction", width=900, height=700, at=".corrected")


def welcome(browser: Browser, command: list[str], home: Path, environment: dict[str, str]) -> None:
    """Take the picture of the mail that greets who has just confirmed: somebody signs up, and presses the button."""
    subprocess.run([*command, "lists", "set", "daily", "welcome=true"], cwd=home, env=environment, check=True)
    page = browser.new_page(locale="ar")
    page.goto(f"{WEB}l/daily/subscribe")
    page.wait_for_timeout(4_000)  # a form that comes back at once is asked for once more
    page.fill("input[type=email]", "noor@mujaz.example")
    page.locator("form button").first.click()
    page.goto(re.findall(rf"{WEB}l/daily/confirm/\S+", mailed_to(home, "noor@"))[0])
    page.locator("form button").first.click()
    page.close()
    mailed_to(home, "noor@", number=2)
    file = home / "welcome.html"
    file.write_text(newest(home, "noor@")[0].html, encoding="utf-8")
    take(browser, file.as_uri(), "welcome", width=600, height=900)


def mailed_to(home: Path, whom: str, *, number: int = 1) -> str:
    """Wait until somebody has so many mails; returns the text of the newest."""
    for _ in range(240):
        if len(found := newest(home, whom)) >= number:
            return found[0].text
        time.sleep(0.5)
    raise RuntimeError(f"{whom} was not mailed")


def newest(home: Path, whom: str) -> list[StoredContent]:
    """Return somebody's mails, the newest first."""
    folder = home / "out" / "mailbox"
    every = [stored_message(folder, one.key) for one in stored_messages(folder)]
    return [one for one in every if any(whom in value for name, value in one.headers if name.lower() == "to")]


def headline(browser: Browser) -> str:
    """Return the first headline of the first edition's page."""
    page = browser.new_page()
    page.goto(f"{WEB}l/daily/1")
    found = page.locator("h3 .here").first.inner_text()
    page.close()
    return found


def take(
    browser: Browser, url: str, name: str, *, width: int, height: int, dark: bool = False, at: str = ""
) -> None:
    """Keep what a window of that size shows, in few colours; with `at` in its middle."""
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", locale="ar"
    )
    page.goto(url)
    if at:
        page.locator(at).first.evaluate("one => one.scrollIntoView({block: 'center'})")
    kept(page.screenshot(), FOLDER / f"{name}.png")
    page.close()


def kept(picture: bytes, file: Path) -> None:
    """Keep a picture in few colours, and say how large it is."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, optimize=True)
    sys.stdout.write(f"{file} {file.stat().st_size} bytes\n")


@contextmanager
def running(command: list[str], home: Path, environment: dict[str, str], url: str) -> Iterator[None]:
    """Run a command until the block ends, from when it answers."""
    process = subprocess.Popen(command, cwd=home, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                time.sleep(0.5)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
