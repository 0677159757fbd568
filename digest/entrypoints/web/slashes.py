"""A slash too many or too few at the end of an address leads to the right one, by a path: the Host header
names no place.
"""

from urllib.parse import quote

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

SAFE = "/:@!$&'()*+,;=-._~"


def lead_by_paths(pages: Starlette) -> None:
    """Have pages answer as they would by themselves, but with a `Location` that is a path."""
    router = pages.router
    router.redirect_slashes = False
    not_found = router.default

    async def slashes(scope: Scope, receive: Receive, send: Send) -> None:
        path = _other(scope) if scope["type"] == "http" else None
        if path is None or not _leads_somewhere(pages, scope, path):
            await not_found(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        location = quote(path, safe=SAFE) + (f"?{query}" if query else "")
        await Response(status_code=307, headers={"location": location})(scope, receive, send)

    router.default = slashes


def _other(scope: Scope) -> str | None:
    """Return the path with the slash at its end, or without; None when it could be read as another host's."""
    path: str = scope["path"]
    if path == "/" or path.startswith("//"):
        return None
    return path.rstrip("/") if path.endswith("/") else f"{path}/"


def _leads_somewhere(pages: Starlette, scope: Scope, path: str) -> bool:
    wanted = {**scope, "path": path}
    return any(route.matches(wanted)[0] is not Match.NONE for route in pages.router.routes)
