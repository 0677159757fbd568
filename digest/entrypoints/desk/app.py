"""The newsroom's pages as one application, for paths below /desk."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from digest.entrypoints.desk.access import answering
from digest.entrypoints.desk.pages import (
    DESK_HEADERS,
    desk_crashed,
    desk_failed,
    desk_hung_up,
    refusal_by_size_or_site,
)
from digest.entrypoints.desk.routes import ROUTES
from digest.entrypoints.desk.table import UPLOADS, DeskRoute, checked_table
from digest.entrypoints.security import Guarded
from digest.errors import DigestError
from digest.render.templating.templates import templates_folder
from digest.services.app import App

STYLE = "/desk/style.css"
SCRIPT = "/desk/desk.js"
SHEETS = ("style.css", "people.css")
"""In their order; a room with much of its own keeps it apart."""


def build_desk(app: App, routes: Sequence[DeskRoute] = ROUTES) -> Starlette:
    """Return the desk over an App.

    Raises:
        ConfigError: a route does not say who may call it; the desk does not start then.
    """
    table = checked_table(routes)
    desk = Starlette(
        routes=[
            Route(STYLE, desk_style),
            Route(SCRIPT, desk_script),
            *(Route(one.path, answering(one), methods=one.methods) for one in table),
        ],
        middleware=[
            Middleware(
                Guarded,
                trusted=app.settings.web.trusted_proxies,
                own=app.settings.web.public_url,
                long_bodies=(UPLOADS,),
                refusal=refusal_by_size_or_site,
                headers=DESK_HEADERS,
            )
        ],
        exception_handlers={
            DigestError: desk_failed,
            HTTPException: desk_failed,
            ClientDisconnect: desk_hung_up,
            Exception: desk_crashed,
        },
    )
    desk.router.redirect_slashes = False
    desk.state.app = app
    return desk


def beside(public: ASGIApp, other: ASGIApp, root: str = "/desk") -> ASGIApp:
    """Return both as one: what lies below `root` is the other's, all else the public pages'."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        path = str(scope.get("path", ""))
        is_other = scope["type"] == "http" and (path == root or path.startswith(f"{root}/"))
        await (other if is_other else public)(scope, receive, send)

    return answered


async def desk_style(request: Request) -> Response:
    """Return the desk's style sheet."""
    del request
    folder = templates_folder() / "desk"
    css = "".join((folder / name).read_text(encoding="utf-8") for name in SHEETS)
    return Response(css, media_type="text/css", headers={"cache-control": "public, max-age=3600"})


async def desk_script(request: Request) -> Response:
    """Return the desk's script, which pages do without, too."""
    del request
    text = (templates_folder() / "desk" / "desk.js").read_text(encoding="utf-8")
    return Response(text, media_type="text/javascript", headers={"cache-control": "public, max-age=3600"})
