"""What others bring: `POST /ingest` with a key, and the hubs of WebSub."""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from digest.entrypoints.api.body import body_of
from digest.errors import InputError
from digest.services.app import App
from digest.services.sources import websub
from digest.services.sources.ingest import take

LONGEST_BODY = 5_000_000


def routes() -> list[Route]:
    """Return the routes of this door; they need `request.app.state.app`."""
    return [
        Route("/ingest", ingest, methods=["POST"]),
        Route("/websub/{source:int}/{token}", confirm_hub),
        Route("/websub/{source:int}/{token}", hear_hub, methods=["POST"]),
    ]


async def confirm_hub(request: Request) -> Response:
    """Answer a hub's question whether we wished to be told: 200 with its challenge, or 404."""
    app: App = request.app.state.app
    where = request.path_params
    challenge = await websub.confirm(app, where["source"], where["token"], request.query_params)
    return PlainTextResponse(challenge) if challenge else Response(status_code=404)


async def hear_hub(request: Request) -> Response:
    """Hear a hub: 202, whether it is believed or not, as WebSub §7.1 asks; 413 when too long."""
    app: App = request.app.state.app
    body = await body_of(request, LONGEST_BODY)
    if body is None:
        return Response(status_code=413)
    where = request.path_params
    await websub.hear(app, where["source"], where["token"], request.headers.get("x-hub-signature", ""), body)
    return Response(status_code=202)


async def ingest(request: Request) -> Response:
    """Take articles: 202 {"seen", "new"}; 401 without the key, 413 when too long, 422 when of the wrong shape."""
    app: App = request.app.state.app
    if not _has_key(request, app):
        return JSONResponse({"error": "The key is missing or wrong."}, 401, {"WWW-Authenticate": "Bearer"})
    body = await body_of(request, LONGEST_BODY)
    if body is None:
        return JSONResponse({"error": f"The body has more than {LONGEST_BODY} bytes."}, 413)
    try:
        taken = await take(app, body)
    except InputError as error:
        return JSONResponse({"error": str(error)}, 422)
    return JSONResponse({"seen": taken.seen, "new": taken.new}, 202)


def _has_key(request: Request, app: App) -> bool:
    wanted = app.settings.collect.ingest_key
    given = request.headers.get("authorization", "")
    if wanted is None or not given.lower().startswith("bearer "):
        return False
    return hmac.compare_digest(given[7:].strip().encode(), wanted.get_secret_value().encode())
