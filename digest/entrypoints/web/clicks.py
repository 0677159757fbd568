"""Counted links of editions: on to the outlet. Nothing of who opens one is kept, or written to a log."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from digest.services.editions import clicks


async def click(request: Request) -> Response:
    """Lead to an address that the edition holds, and nowhere else; 404 for what is no link of ours.

    Looking whether the link works (HEAD), and loading it ahead, are no opening.
    """
    ahead = "prefetch" in request.headers.get("sec-purpose", "") + request.headers.get("purpose", "")
    counts = request.method == "GET" and not ahead
    url = await clicks.follow(request.app.state.app, str(request.path_params["token"]), counts=counts)
    if url is None:
        raise HTTPException(404)
    headers = {
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
    }
    return RedirectResponse(url, status_code=302, headers=headers)
