"""The public pages: sign-up, confirm, leave, editions, archive, feed. Routes: docs/reference/routes.md."""

import asyncio
from collections.abc import Sequence
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from digest.entrypoints.security import Guarded
from digest.entrypoints.web import answers, clicks, embedded, joining, leaving, reading
from digest.entrypoints.web.archive import feeds
from digest.entrypoints.web.archive import pages as archive
from digest.entrypoints.web.choices.routes import choice_routes
from digest.entrypoints.web.pages import crashed, failed, hung_up, style_sheet
from digest.entrypoints.web.pictures import list_logo, picture
from digest.entrypoints.web.slashes import lead_by_paths
from digest.errors import DigestError, StoreError
from digest.services.app import App
from digest.services.editions.public import public_lists

READY_SECONDS = 5.0


def build(app: App, more_routes: Sequence[Route] = ()) -> Starlette:
    """Return the public pages over an App. GET and HEAD never change state: mail scanners open every link.
    Where a list counts how often links are opened, a GET of one adds to that number, and to nothing else.

    `more_routes` are answered too, for programs; how long a body they take is their own affair.
    """
    pages = Starlette(
        routes=[
            Route("/", reading.home),
            Route("/healthz", healthy),
            Route("/ready", ready),
            Route("/style.css", style_sheet),
            Route("/pictures/{name}", picture),
            Route("/logos/{name}", list_logo),
            Route("/r/{token}", clicks.click),
            Route("/l/{slug}", archive.archive),
            Route("/l/{slug}/feed.xml", feeds.atom),
            Route("/l/{slug}/feed.json", feeds.json_feed),
            Route("/l/{slug}/sections/{section}/feed.xml", feeds.atom),
            Route("/l/{slug}/sections/{section}/feed.json", feeds.json_feed),
            Route("/l/{slug}/subscribe", joining.subscribe, methods=["GET", "POST"]),
            Route("/l/{slug}/form", embedded.form, methods=["GET", "POST"]),
            Route("/l/{slug}/confirm/{token}", joining.confirm, methods=["GET", "POST"]),
            Route("/l/{slug}/unsubscribe/{token}", leaving.leave, methods=["GET", "POST"]),
            Route("/l/{slug}/undo/{token}", leaving.undo, methods=["GET", "POST"]),
            *choice_routes(),
            Route("/l/{slug}/{number:int}", archive.edition),
            *more_routes,
        ],
        middleware=[
            Middleware(
                Guarded,
                trusted=app.settings.web.trusted_proxies,
                own=app.settings.web.public_url,
                long_bodies=tuple(route.path.partition("{")[0] for route in more_routes),
                checks_itself=embedded.is_form,
                refusal=partial(answers.refused, app),
            )
        ],
        exception_handlers={
            DigestError: failed,
            HTTPException: failed,
            ClientDisconnect: hung_up,
            Exception: crashed,
        },
    )
    lead_by_paths(pages)
    pages.state.app = app
    return pages


async def healthy(request: Request) -> Response:
    """Say that the process answers and its database does."""
    try:
        await public_lists(request.app.state.app)
    except StoreError:
        return PlainTextResponse("the database does not answer\n", status_code=503)
    return PlainTextResponse("ok\n")


async def ready(request: Request) -> Response:
    """Say whether requests may be sent here: the database answers, and has this version's schema."""
    app: App = request.app.state.app
    try:
        async with asyncio.timeout(READY_SECONDS):
            await app.database.require_current()
    except (StoreError, TimeoutError):
        return PlainTextResponse("not ready: the database does not answer\n", status_code=503)
    return PlainTextResponse("ready\n")
