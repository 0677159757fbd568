"""The JSON interface as one application, for paths below /api/v1."""

from collections import defaultdict
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from digest.entrypoints.api.body import Bodies
from digest.entrypoints.api.v1.access import CallMeter, Resource
from digest.entrypoints.api.v1.problems import ProblemError, problem_answer
from digest.entrypoints.api.v1.routes import ROUTES
from digest.entrypoints.api.v1.table import ROOT, ApiRoute, checked_routes
from digest.entrypoints.security import HEADERS, Guarded
from digest.services.app import App

API_HEADERS = {
    **HEADERS,
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "private, no-cache",
    "x-robots-tag": "noindex, nofollow",
}


def build_api(app: App, routes: Sequence[ApiRoute] = ROUTES) -> Starlette:
    """Return the interface over an App.

    Raises:
        ConfigError: a route does not say who may call it; nothing starts then.
    """
    by_path: dict[str, dict[str, ApiRoute]] = defaultdict(dict)
    for one in checked_routes(routes):
        by_path[one.path][one.method] = one
    meter, bodies = CallMeter(app.settings.api.calls_a_minute), Bodies()
    made = Starlette(
        routes=[Route(path, Resource(methods, meter, bodies)) for path, methods in by_path.items()],
        middleware=[
            Middleware(
                Guarded,
                trusted=app.settings.web.trusted_proxies,
                own=app.settings.web.public_url,
                long_bodies=(ROOT,),
                refusal=_refusal,
                headers=API_HEADERS,
            )
        ],
        exception_handlers={HTTPException: _missing, ClientDisconnect: _hung_up},
    )
    made.router.redirect_slashes = False
    made.state.app = app
    made.state.table = tuple(routes)
    return made


async def _refusal(path: str, status: int) -> ASGIApp:
    del path
    return problem_answer(ProblemError(status, "A page of another site made the browser send this."))


async def _missing(request: Request, error: Exception) -> Response:
    del request, error
    return problem_answer(ProblemError(404, f"There is no such address; {ROOT}/openapi.json names them all."))


async def _hung_up(request: Request, error: Exception) -> Response:
    del request, error
    return Response(status_code=400)
