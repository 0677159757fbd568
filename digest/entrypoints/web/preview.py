"""The preview of an edition's mail: it shows itself again whenever a template, a setting or the edition
changes.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.entrypoints.security import FRAMED, FRAMED_BY, LoopbackOnly
from digest.errors import DigestError
from digest.render.message.rendered import RenderedEdition
from digest.text.direction.bidi import direction

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
MAIL_POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; sandbox; {FRAMED_BY}"
OF_MAIL = {**FRAMED, "content-security-policy": MAIL_POLICY, "cache-control": "no-store"}
"""What the framed parts carry: this page alone may frame them."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is previewed. `make` renders it anew; `stamp` changes with whatever it is made from."""

    make: Callable[[], Awaitable[RenderedEdition]]
    stamp: Callable[[], Awaitable[str]]


def preview_app(proof: Proof) -> ASGIApp:
    """Return the preview's pages; they answer to names of this machine only."""
    pages = Starlette(
        routes=[
            Route("/", frame),
            Route("/live.js", script),
            Route("/stamp", stamp),
            Route("/mail.html", mail),
            Route("/text.html", text),
        ]
    )
    pages.state.proof = proof
    return LoopbackOnly(pages)


async def frame(request: Request) -> Response:
    """Show the mail at the widths of a desk and of a phone, and its text part."""
    try:
        subject = (await _proof(request).make()).subject
    except DigestError:
        subject = "…"
    return HTMLResponse(
        PAGE.replace("{subject}", escape(subject)), headers={"content-security-policy": POLICY}
    )


async def script(request: Request) -> Response:
    """Return the few lines that look for a change once a second."""
    del request
    return Response(LIVE, media_type="text/javascript")


async def stamp(request: Request) -> Response:
    """Say what the mail is made from, as a word that changes with it."""
    return Response(json.dumps(await _proof(request).stamp()), media_type="application/json")


async def mail(request: Request) -> Response:
    """Return the HTML part, or the reason why there is none."""
    try:
        rendered = await _proof(request).make()
    except DigestError as error:
        return HTMLResponse(f'<pre dir="ltr">{escape(str(error))}</pre>', headers=OF_MAIL)
    return HTMLResponse(rendered.html, headers=OF_MAIL)


async def text(request: Request) -> Response:
    """Return the text part in the direction of its language, or the reason why there is none."""
    try:
        rendered = await _proof(request).make()
    except DigestError as error:
        return HTMLResponse(f'<pre dir="ltr">{escape(str(error))}</pre>', headers=OF_MAIL)
    page = TEXT.replace("{language}", escape(rendered.language)).replace(
        "{dir}", direction(rendered.language)
    )
    return HTMLResponse(page.replace("{text}", escape(rendered.text)), headers=OF_MAIL)


def _proof(request: Request) -> Proof:
    found: Proof = request.app.state.proof
    return found


LIVE = """\
let known = null;
setInterval(async () => {
  const found = await (await fetch('/stamp')).json();
  if (known !== null && found !== known)
    for (const frame of document.querySelectorAll('iframe')) frame.src = frame.src;
  known = found;
}, 1000);
"""
TEXT = """<!DOCTYPE html>
<html lang="{language}" dir="{dir}"><head><meta charset="utf-8"><title>text/plain</title>
<style>pre { margin: 1rem; font: 16px/1.8 'Noto Naskh Arabic', 'Segoe UI', Tahoma, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }</style></head>
<body><pre>{text}</pre></body></html>
"""
PAGE = """<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{subject}</title>
<style>
body { margin: 0; font: 16px/1.7 'Noto Naskh Arabic', 'Segoe UI', Tahoma, sans-serif; background: #292524; color: #f5f5f4; }
h1 { font-size: 1.1rem; margin: .6rem 1rem; }
main { display: flex; gap: 1rem; padding: 0 1rem 1rem; align-items: flex-start; flex-wrap: wrap; }
figure { margin: 0; } figcaption { padding: .2rem 0; color: #d6d3d1; }
iframe { border: 0; background: #fff; height: calc(100vh - 6rem); }
</style></head>
<body><h1>{subject}</h1><main>
<figure><figcaption>٦٢٠</figcaption><iframe src="/mail.html" width="620" title="على الحاسوب"></iframe></figure>
<figure><figcaption>٣٧٥</figcaption><iframe src="/mail.html" width="375" title="على الهاتف"></iframe></figure>
<figure><figcaption>النص</figcaption><iframe src="/text.html" width="420" title="النص وحده"></iframe></figure>
</main><script src="/live.js"></script></body></html>
"""
