"""The embedded mailbox as a web page on this machine. It only reads. Routes: docs/reference/routes.md."""

import asyncio
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.deliver.embedded import maildir
from digest.deliver.embedded.maildir import StoredContent, StoredMessage
from digest.entrypoints.security import FRAMED, FRAMED_BY, HEADERS, LoopbackOnly
from digest.entrypoints.web.pages import environment
from digest.errors import InputError, NotFoundError
from digest.render.templating.templates import templates_folder
from digest.text.dates.calendar import long_date
from digest.text.numbers.numerals import numeral

MOST_MESSAGES = 200
"""Messages on the page; all are in letters.json."""
VIEWS = ("desktop", "phone", "text", "headers")

FRAME = "sandbox allow-popups allow-popups-to-escape-sandbox"
"""A message may open its links in a new tab, and do nothing else."""
OF_PAGES = HEADERS["content-security-policy"].replace(
    "form-action 'self'", "frame-src 'self'; form-action 'none'"
)
MESSAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    f"{FRAMED_BY}; {FRAME}"
)
HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


def mailbox_app(folder: Path) -> ASGIApp:
    """Return the pages over a Maildir. Only requests that name this machine are answered."""
    pages = Starlette(
        routes=[
            Route("/", listing),
            Route("/style.css", style_sheet),
            Route("/letters.json", listing_json),
            Route("/letter/{key}", opened),
            Route("/letter/{key}/html", html),
            Route("/letter/{key}/text", text),
            Route("/letter/{key}/source", source),
        ],
        exception_handlers={InputError: missing, HTTPException: missing},
    )
    pages.state.folder = folder
    return LoopbackOnly(pages)


async def listing(request: Request) -> Response:
    """Show the messages, newest first."""
    found = await _messages(request)
    rows = [_row(one) for one in found[:MOST_MESSAGES]]
    return _page("list", {"rows": rows, "count": _number(len(found)), "more": len(found) > len(rows)})


async def listing_json(request: Request) -> Response:
    """Return the messages as JSON, newest first: instants in ISO 8601, sizes in octets, addresses of the
    parts.
    """
    found = await _messages(request)
    return JSONResponse(
        [
            {
                **asdict(one),
                "at": one.at.isoformat(),
                **{part: f"{_address(one)}/{part}" for part in ("html", "text", "source")},
            }
            for one in found
        ],
        headers={"cache-control": "no-store"},
    )


async def opened(request: Request) -> Response:
    """Show one message, in the view that `?view=` names."""
    content = await _content(request)
    view = request.query_params.get("view", "")
    if view not in VIEWS:
        view = "desktop" if content.html else "text"
    return _page(
        "letter",
        {
            "row": _row(content.stored_message),
            "headers": content.headers,
            "text": content.text,
            "has_html": bool(content.html),
            "view": view,
            "frame": FRAME.removeprefix("sandbox "),
        },
    )


async def html(request: Request) -> Response:
    """Return a message's HTML with a policy that runs no script and loads nothing from elsewhere. Links open
    a new tab.
    """
    content = await _content(request)
    if not content.html:
        raise NotFoundError("This message has no HTML.")
    body = HEAD.sub(r'\g<0><base target="_blank">', content.html, count=1)
    return HTMLResponse(
        body,
        headers={
            "content-security-policy": MESSAGE_POLICY,
            **FRAMED,
            "referrer-policy": "no-referrer",
            "cache-control": "no-store",
        },
    )


async def text(request: Request) -> Response:
    """Return a message's plain text."""
    content = await _content(request)
    return PlainTextResponse(content.text, headers={"cache-control": "no-store"})


async def source(request: Request) -> Response:
    """Return a message's bytes, to be read and not to be run."""
    content = await _content(request)
    return Response(
        content.source, media_type="text/plain; charset=utf-8", headers={"cache-control": "no-store"}
    )


async def style_sheet(request: Request) -> Response:
    """Return the style sheet: that of the public pages, and what only the mailbox needs."""
    del request
    folder = templates_folder() / "web"
    css = "".join(
        (folder / name).read_text(encoding="utf-8") for name in ("style.css", "mailbox/mailbox.css")
    )
    return Response(css, media_type="text/css")


async def missing(request: Request, error: Exception) -> Response:
    """Say that there is no such message or page."""
    del request
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _page("missing", {}, status=status)


async def _messages(request: Request) -> list[StoredMessage]:
    return await asyncio.to_thread(maildir.stored_messages, request.app.state.folder)


async def _content(request: Request) -> StoredContent:
    return await asyncio.to_thread(
        maildir.stored_message, request.app.state.folder, request.path_params["key"]
    )


def _page(name: str, view: dict[str, Any], *, status: int = 200) -> HTMLResponse:
    made = environment().get_template(f"mailbox/{name}.html").render(view)
    headers = {"content-security-policy": OF_PAGES, "cache-control": "no-store"}
    return HTMLResponse(made, status_code=status, headers=headers)


def _row(one: StoredMessage) -> dict[str, str]:
    # This machine's own zone: who reads the mailbox sits before it.
    at = one.at.astimezone()
    return {
        "url": _address(one),
        "subject": one.subject,
        "sender": one.sender,
        "recipient": one.recipient,
        "date": long_date(at.date(), "ar", "default", "arab"),
        "clock": _clock(at),
        "zone": _zone(at),
        "stamp": at.isoformat(timespec="seconds"),
        "size": _number(max(1, round(one.size / 1024))),
    }


def _address(one: StoredMessage) -> str:
    return f"/letter/{quote(one.key)}"


def _zone(at: datetime) -> str:
    """The zone that a time is told in, as UTC+03:00."""
    return f"UTC{at:%z}"[:6] + ":" + f"{at:%z}"[3:5] if at.utcoffset() else "UTC"


def _clock(at: datetime) -> str:
    return numeral(f"{at:%H:%M}", "arab")


def _number(value: int) -> str:
    return numeral(value, "arab")
