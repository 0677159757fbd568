"""How pages are made: templates, the words of a language, errors."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import structlog
from jinja2 import Environment
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from digest.entrypoints.security import HEADERS
from digest.entrypoints.templating import fill, page_environment
from digest.entrypoints.web.words import words
from digest.errors import DigestError, InputError, NotFoundError, StoreError
from digest.render.templating.templates import templates_folder
from digest.text.direction.bidi import direction

log = structlog.get_logger()

FIRST_LANGUAGE = "ar"
"""Spoken where no list says otherwise."""
PRIVATE: Mapping[str, str] = {"cache-control": "no-store", "x-robots-tag": "noindex, nofollow"}
"""A page whose address holds a token, or that answers one person, is neither kept nor found."""


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the pages' templates; everything is escaped."""
    made = page_environment("web")
    made.filters["fill"] = fill
    return made


def page(
    name: str,
    view: Mapping[str, Any] | None = None,
    *,
    language: str = FIRST_LANGUAGE,
    status: int = 200,
    private: bool = False,
    style: str = "",
    indexed: bool = True,
    framed_by: Sequence[str] = (),
) -> HTMLResponse:
    """Render `templates/web/pages/NAME.html` with a view, in a language. `style` is CSS that only this page
    needs; one that is not `indexed` is for readers, not for search engines; `framed_by` are the sites that
    may show it in a frame.
    """
    html = (
        environment()
        .get_template(f"pages/{name}.html")
        .render(
            {
                "language": language,
                "direction": direction(language),
                "private": private,
                "indexed": indexed,
                "words": words(language),
                "style": Markup(style),  # noqa: S704 our own CSS, from checked colours
                **(view or {}),
            }
        )
    )
    headers = dict(PRIVATE) if private or status >= 400 else {}
    if not indexed and not headers:
        headers["x-robots-tag"] = "noindex"
    if style:
        headers["content-security-policy"] = _allowing(style)
    if framed_by:
        policy = HEADERS["content-security-policy"]
        headers["content-security-policy"] = policy.replace(
            "frame-ancestors 'none'", f"frame-ancestors {' '.join(framed_by)}"
        )
    return HTMLResponse(html, status_code=status, headers=headers)


def _allowing(style: str) -> str:
    """The policy of all pages, with this one style sheet allowed by its hash (CSP 3, section 6.7.3)."""
    seal = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return HEADERS["content-security-policy"].replace("style-src 'self'", f"style-src 'self' 'sha256-{seal}'")


async def style_sheet(request: Request) -> Response:
    """Return the style sheet."""
    del request
    css = (templates_folder() / "web" / "style.css").read_text(encoding="utf-8")
    return Response(css, media_type="text/css", headers={"cache-control": "public, max-age=3600"})


async def failed(request: Request, error: Exception) -> Response:
    """Answer an error with a page that says what to do, never how the program works."""
    status, kind = 500, "broken"
    headers: Mapping[str, str] = {}
    if isinstance(error, NotFoundError):
        status, kind = 404, "missing"
    elif isinstance(error, InputError):
        status, kind = 422, "wrong"
    elif isinstance(error, StoreError):
        status = 503
        headers = {"retry-after": "60"}
    elif isinstance(error, HTTPException):
        status = error.status_code
        kind = "missing" if status in {404, 405} else "broken"
        headers = error.headers or {}
    if isinstance(error, DigestError) and not isinstance(error, InputError):
        log.error("page.failed", route=_route(request), reason=str(error))
    answer = page("error", {"kind": kind}, status=status)
    answer.headers.update(headers)
    return answer


async def hung_up(request: Request, error: Exception) -> Response:
    """Note in a line that a client went away before it had sent its request; nobody hears the answer."""
    del error
    log.info("request.abandoned", route=_route(request))
    return Response(status_code=400)


async def crashed(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw. Starlette calls this outside of all middleware, so it brings the headers
    itself.
    """
    del request, error
    answer = page("error", {"kind": "broken"}, status=500)
    answer.headers.update(HEADERS)
    return answer


def _route(request: Request) -> str:
    """The route without its values: a token is never logged."""
    return getattr(request.scope.get("route"), "path", "")
