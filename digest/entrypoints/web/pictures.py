"""Small copies of articles' pictures, as the collector keeps them, and logos of lists."""

import asyncio
import re
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digest.services.app import App
from digest.services.desk import list_looks

NAME = re.compile(r"[0-9a-f]{32}\.jpg")
"""The collector names a copy by its content: nothing else leads into the folder, and what a name stands for
never changes.
"""
LOGO = re.compile(r"[0-9a-f]{32}\.png")
KEPT = "public, max-age=31536000, immutable"


async def picture(request: Request) -> Response:
    """Return a copy; 404 when there is none of that name, or none are kept."""
    app: App = request.app.state.app
    folder = app.settings.collect.thumbnails
    name = str(request.path_params["name"])
    if folder is None or not NAME.fullmatch(name):
        raise HTTPException(404)
    headers = {"etag": f'"{name}"', "cache-control": KEPT}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    body = await asyncio.to_thread(_read, folder / name)
    if body is None:
        raise HTTPException(404)
    return Response(body, media_type="image/jpeg", headers=headers)


async def list_logo(request: Request) -> Response:
    """Return a logo that a list's mail shows; 404 when there is none of that name."""
    name = str(request.path_params["name"])
    found = await list_looks.logo(request.app.state.app, name[:-4]) if LOGO.fullmatch(name) else None
    if found is None:
        raise HTTPException(404)
    headers = {"etag": f'"{name}"', "cache-control": KEPT}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found, media_type="image/png", headers=headers)


def _read(file: Path) -> bytes | None:
    try:
        return None if file.is_symlink() else file.read_bytes()
    except OSError:
        return None
