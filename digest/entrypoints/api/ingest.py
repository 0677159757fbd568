"""What others bring: `POST /ingest` with a key, and the hubs of WebSub."""

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from digest.entrypoints.api.body import Bodies, RefusedBodyError
from digest.entrypoints.security import CLIENT
from digest.errors import InputError
from digest.services import audit
from digest.services.app import App
from digest.services.audit import Actor
from digest.services.sources import websub
from digest.services.sources.ingest import take

LONGEST_BODY = 5_000_000


def routes() -> list[Route]:
    """Return these routes; they need `request.app.state.app`."""
    posted = Posted()
    return [
        Route("/ingest", posted.ingest, methods=["POST"]),
        Route("/websub/{source:int}/{token}", confirm_hub),
        Route("/websub/{source:int}/{token}", posted.hear_hub, methods=["POST"]),
    ]


async def confirm_hub(request: Request) -> Response:
    """Answer a hub's question whether we asked to be told: 200 with its challenge, or 404."""
    app: App = request.app.state.app
    where = request.path_params
    challenge = await websub.confirm(app, where["source"], where["token"], request.query_params)
    return PlainTextResponse(challenge) if challenge else Response(status_code=404)


class Posted:
    """Takes what is posted by those who know a key or a secret address; nobody else's body is read."""

    def __init__(self, bodies: Bodies | None = None) -> None:
        self._bodies = bodies or Bodies()

    async def hear_hub(self, request: Request) -> Response:
        """Hear a hub: 202, whether it is believed or not, as WebSub §7.1 asks; 413 too long, 408 too slow,
        503 too many.
        """
        app: App = request.app.state.app
        source, token = request.path_params["source"], request.path_params["token"]
        signature = request.headers.get("x-hub-signature", "")
        if not websub.may_publish(app, source, token, signature):
            return Response(status_code=202)
        try:
            async with self._bodies.of(request, LONGEST_BODY) as body:
                await websub.hear(app, source, token, signature, body)
        except RefusedBodyError as error:
            return Response(status_code=error.status)
        return Response(status_code=202)

    async def ingest(self, request: Request) -> Response:
        """Take articles: 202 {"seen", "new"}, and "problems" about some; 401 without the key, 413 when too
        long.

        408 when it takes too long, 422 when of the wrong shape, 503 when too much is posted at once.
        """
        app: App = request.app.state.app
        if not _has_key(request, app):
            return JSONResponse(
                {"error": "The key is missing or wrong."}, 401, {"WWW-Authenticate": "Bearer"}
            )
        try:
            async with self._bodies.of(request, LONGEST_BODY) as body:
                taken = await take(app, body)
        except RefusedBodyError as error:
            return JSONResponse({"error": error.words}, error.status)
        except InputError as error:
            return JSONResponse({"error": str(error)}, 422)
        if taken.new:
            actor = Actor("api:/ingest", str(request.scope.get(CLIENT, "")))
            await audit.record(app, actor, "ingest", after={"seen": taken.seen, "new": taken.new})
        answer: dict[str, object] = {"seen": taken.seen, "new": taken.new}
        if taken.problems:
            answer["problems"] = taken.problems
        return JSONResponse(answer, 202)


def _has_key(request: Request, app: App) -> bool:
    """Whether the right key is brought. Keys are ASCII; an empty one, or one of blanks, is no key."""
    secret = app.settings.collect.ingest_key
    wanted = secret.get_secret_value().strip() if secret else ""
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    given = given.strip(" \t")
    if not wanted or kind.lower() != "bearer" or not given or not given.isascii():
        return False
    return hmac.compare_digest(given.encode(), wanted.encode())
