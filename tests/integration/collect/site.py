"""A web site on this machine that behaves as it is told, and remembers who asked for what."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from tests.unit.collect.pages import LEAD

DATE = "Mon, 05 Jan 2026 01:00:00 GMT"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def a_feed(*numbers: int, text: str = "", base: str = "https://marfa.example") -> str:
    items = "".join(
        f"<item><title>الخبر رقم {n} من الميناء</title><link>{base}/n/{n}</link><guid>{n}</guid><pubDate>{DATE}</pubDate>"
        f"<description>{text or f'{LEAD} {n}'}</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>المرفأ</title>{items}</channel></rss>"


@dataclass
class Page:
    """What a path answers. With an ETag, who sends it back gets a 304."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    handler: Handler | None = None


class Site:
    """A site at `http://127.0.0.1:PORT`."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: Counter[int] = Counter()
        self.most_at_once = 0
        self.delay = 0.0
        self._at_once = 0
        self._runner: web.ServerRunner | None = None
        self.port = 0

    def publishes(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> str:
        """Answer a path with a body; returns its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, status, named)
        return self.address(path)

    def does(self, path: str, handler: Handler) -> str:
        """Answer a path by a function; returns its address."""
        self.pages[path] = Page(handler=handler)
        return self.address(path)

    def address(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=0.1)
        await self._runner.setup()
        where = web.TCPSite(self._runner, "127.0.0.1", 0)
        await where.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        self.asked.append(request.path_qs)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            return await self._page(request)
        finally:
            self._at_once -= 1

    async def _page(self, request: web.BaseRequest) -> web.StreamResponse:
        page = self.pages.get(request.path, Page(status=404))
        if page.handler is not None:
            return await page.handler(request)  # type: ignore[arg-type]
        etag = page.headers.get("ETag")
        status = 304 if etag and request.headers.get("If-None-Match") == etag else page.status
        self.statuses[status] += 1
        return web.Response(status=status, headers=page.headers, body=b"" if status == 304 else page.body)
