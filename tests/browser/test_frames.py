"""Pages that frame others, in a real Chromium: what they frame is seen, and nobody else frames it."""

import asyncio
import mailbox
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.entrypoints.listening import address, bound
from digest.entrypoints.web.mailbox import mailbox_app
from digest.entrypoints.web.preview import Proof, preview_app
from digest.render.message.rendered import RenderedEdition
from tests.browser.mails import rendered
from tests.integration.web.mailbox.test_web_mailbox import a_letter


@contextmanager
def answered(app: ASGIApp) -> Iterator[str]:
    """Serve an app on loopback in a thread; yields its address."""
    sock = bound("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[sock])))
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield address(sock)
    finally:
        server.should_exit = True
        thread.join()


def framed_texts(chromium: Browser, url: str) -> list[str]:
    """Open a page and return what its frames show, refused ones as empty."""
    page = chromium.new_context().new_page()
    page.goto(url, wait_until="networkidle")
    texts = []
    for frame in page.frames[1:]:
        refused = frame.url.startswith("chrome-error:")
        texts.append("" if refused else frame.locator("body").inner_text().strip())
    page.context.close()
    return texts


def the_preview() -> ASGIApp:
    mail = rendered("daily")

    async def make() -> RenderedEdition:
        return mail

    async def stamp() -> str:
        return "one"

    return preview_app(Proof(make, stamp))


@pytest.mark.browser
def test_the_preview_shows_the_mail_and_no_grey_boxes(chromium: Browser):
    with answered(the_preview()) as url:
        texts = framed_texts(chromium, url)
    assert len(texts) == 3
    assert all(len(text) > 100 for text in texts)


@pytest.mark.browser
def test_the_mailbox_shows_the_mail_that_it_frames(chromium: Browser, tmp_path: Path):
    folder = tmp_path / "mailbox"
    key = mailbox.Maildir(folder, create=True).add(a_letter())
    with answered(mailbox_app(folder)) as url:
        page = chromium.new_context().new_page()
        page.goto(url)
        letter = page.locator("ul.letters a").first.get_attribute("href")
        page.context.close()
        texts = [
            framed_texts(chromium, f"{url.rstrip('/')}{letter}?view={view}") for view in ("desktop", "phone")
        ]
    assert key
    assert all(len(found) == 1 and "نص الرسالة" in found[0] for found in texts)


@pytest.mark.browser
def test_no_other_site_frames_the_preview(chromium: Browser):
    with answered(the_preview()) as url:

        async def thief(request: object) -> HTMLResponse:
            del request
            return HTMLResponse(f'<iframe src="{url}mail.html"></iframe><iframe src="{url}"></iframe>')

        with answered(Starlette(routes=[Route("/", thief)])) as elsewhere:
            texts = framed_texts(chromium, elsewhere)
    assert texts == ["", ""]
