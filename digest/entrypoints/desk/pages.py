"""How pages of the desk are made: templates, words, the cookie, errors."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import structlog
from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from digest.entrypoints.desk.visit import FIRST_LANGUAGE, DeskVisit
from digest.entrypoints.desk.words import desk_words
from digest.entrypoints.security import HEADERS
from digest.entrypoints.templating import fill, page_environment
from digest.errors import DigestError, InputError, NotFoundError, RefusedError, StoreError
from digest.model import Right
from digest.services.app import App
from digest.text.direction.bidi import direction

log = structlog.get_logger()

DESK_HEADERS: Mapping[str, str] = {
    **HEADERS,
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}
REFUSALS = 400


@lru_cache(maxsize=1)
def desk_environment() -> Environment:
    """Return the desk's templates; everything is escaped."""
    made = page_environment("desk")
    made.filters["filled"] = fill
    return made


def desk_page(
    visit: DeskVisit,
    name: str,
    view: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> HTMLResponse:
    """Render `templates/desk/pages/NAME.html`. `problem` is a word of the catalogue that says what went
    wrong.
    """
    html = (
        desk_environment()
        .get_template(f"pages/{name}.html")
        .render(
            {
                "visit": visit,
                "may": visit.may,
                "Right": Right,
                "words": visit.words,
                "language": visit.language,
                "direction": direction(visit.language),
                "problem": problem,
                "done": visit.asked("done"),
                **(view or {}),
            }
        )
    )
    return HTMLResponse(html, status_code=status)


def go_to(path: str) -> Response:
    """Lead on after a form was taken: to load the page again sends nothing twice."""
    return RedirectResponse(path, status_code=303)


def cookie_name(app: App) -> str:
    """Return the cookie's name; over https one that only this host can set, for all its paths."""
    return "__Host-desk" if is_secure(app) else "desk"


def is_secure(app: App) -> bool:
    """Say whether the pages are reached over https."""
    return app.settings.web.public_url.startswith("https://")


def with_cookie(app: App, answer: Response, token: str) -> Response:
    """Have the browser keep a session."""
    answer.set_cookie(
        cookie_name(app),
        token,
        max_age=app.settings.desk.session_days * 86_400,
        path="/",
        secure=is_secure(app),
        httponly=True,
        samesite="lax",
    )
    return answer


def without_cookie(app: App, answer: Response) -> Response:
    """Have the browser forget its session."""
    answer.delete_cookie(cookie_name(app), path="/", secure=is_secure(app), httponly=True, samesite="lax")
    return answer


def refused_page(visit: DeskVisit, kind: str, status: int) -> Response:
    """Show a page that says in a sentence why not."""
    return desk_page(visit, "error", {"kind": kind}, status=status)


def problem_of(error: InputError) -> str:
    """Return the word of the catalogue that says what was wrong with a form."""
    return f"refused_{error.reason}" if isinstance(error, RefusedError) else "refused_input"


async def desk_failed(request: Request, error: Exception) -> Response:
    """Answer an error with a page that says what to do, never how the program works."""
    visit: DeskVisit = request.scope.get("desk_visit") or DeskVisit(
        request=request, app=request.app.state.app, token=""
    )
    status, kind = 500, "broken"
    if isinstance(error, NotFoundError):
        status, kind = 404, "missing"
    elif isinstance(error, RefusedError) and problem_of(error) in visit.words:
        return desk_page(visit, "error", {"kind": "wrong"}, status=422, problem=problem_of(error))
    elif isinstance(error, InputError):
        status, kind = 422, "wrong"
    elif isinstance(error, StoreError):
        status, kind = 503, "busy"
    elif isinstance(error, HTTPException):
        status = error.status_code
        kind = {403: "forbidden", 404: "missing", 405: "missing", 413: "large"}.get(status, "wrong")
    if isinstance(error, DigestError) and not isinstance(error, InputError):
        log.error("desk.failed", route=getattr(request.scope.get("route"), "path", ""), reason=str(error))
    return refused_page(visit, kind, status)


async def desk_hung_up(request: Request, error: Exception) -> Response:
    """Note that a browser went away before it had sent its request."""
    del request, error
    return Response(status_code=REFUSALS)


async def desk_crashed(request: Request, error: Exception) -> Response:
    """Answer what nobody foresaw. Starlette calls this outside of all middleware."""
    del error
    visit = DeskVisit(request=request, app=request.app.state.app, token="")
    answer = refused_page(visit, "broken", 500)
    answer.headers.update(DESK_HEADERS)
    return answer


async def refusal_by_size_or_site(path: str, status: int) -> Response:
    """Return the page for a form that is too large, or that another site sends."""
    del path
    words = desk_words(FIRST_LANGUAGE)
    kind = "foreign" if status == 403 else "large"
    html = (
        desk_environment()
        .get_template("plain.html")
        .render(words=words, kind=kind, language=FIRST_LANGUAGE, direction=direction(FIRST_LANGUAGE))
    )
    return HTMLResponse(html, status_code=status)


def new_password(visit: DeskVisit) -> str:
    """Return a password that was typed twice.

    Raises:
        RefusedError: the two differ.
    """
    if visit.field("password") != visit.field("password_again"):
        raise RefusedError("password_differs", "The two passwords differ.")
    return visit.field("password")
