"""A program's server that listens, and a clock that is moved."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from digest.clock import FixedClock


class Listener:
    """A server of somebody else's: keeps what it was posted, and answers as the test says."""

    def __init__(self) -> None:
        self.host = ""
        self.heard: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[Any] = []
        """Statuses, or JSON with a status; when they are used up, the last again, or 200."""

    async def hear(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append((request.path, headers, body))
        said = (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]) if self.answers else 200
        if callable(said):
            said = said(request, body)
        if isinstance(said, tuple):
            return web.json_response(said[1], status=said[0])
        return web.Response(status=said, headers={"location": "http://127.0.0.1:9/"} if said == 302 else {})


class Passing(FixedClock):
    """A clock that stands until it is moved."""

    def passes(self, **by: float) -> None:
        self.forward(timedelta(**by))
