"""A site that means harm: it drips, never ends, explodes, lies about what it sends, or leads inside."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache

from aiohttp import web

from tests.integration.collect.site import Handler, Site
from tests.unit.collect.hostile_feeds import deflated, zipped
from tests.unit.collect.odd_feeds import rss

SECONDS = 2
"""What the tests allow a visit altogether."""
BOMB = 200
"""Megabytes in a bomb of a few hundred kilobytes."""


async def endless(request: web.Request) -> web.StreamResponse:
    """Items without an end, in chunks."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    with suppress(ConnectionError):
        while True:
            await answer.write(b"<item>" * 20_000)
    return answer


async def drips(request: web.Request) -> web.StreamResponse:
    """A byte now and then, which no limit for a single read ever notices."""
    answer = web.StreamResponse()
    await answer.prepare(request)
    with suppress(ConnectionError):
        for _ in range(SECONDS * 20):
            await answer.write(b"x")
            await asyncio.sleep(0.1)
    return answer


def packed(encoding: str, body: Callable[[], bytes]) -> Handler:
    """A body that is said to be packed so, made when it is first asked for."""
    made = cache(body)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=made(), headers={"Content-Encoding": encoding})

    return answer


HANDLERS: dict[str, Handler] = {
    "endless chunks": endless,
    "a byte now and then (slow loris)": drips,
    "gzip bomb": packed("gzip", lambda: zipped(BOMB)),
    "deflate bomb": packed("deflate", lambda: deflated(BOMB)),
    "gzip that is none": packed("gzip", lambda: rss().encode()),
    "br that is none": packed("br", lambda: rss().encode()),
    "zstd that is none": packed("zstd", lambda: rss().encode()),
}
"""What a server does that speaks HTTP."""

RAW: dict[str, bytes | None] = {
    "no answer at all": None,
    "hangs up": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a header line of a megabyte": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "headers without an end": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000,
    "fewer bytes than it promised": b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n<rss>",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n<rss></rss>",
    "a length below nothing": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n<rss>",
    "a chunk's length that is none": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n<rss>\r\n",
    "a chunk of 16 exabytes": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n<rss>",
}
"""What a server writes that does not; None: nothing."""

LEADS: dict[str, str] = {
    "leads to itself": "/leads/0",
    "leads inside": "http://169.254.169.254/latest/meta-data/",
    "leads to a file": "file:///etc/passwd",
    "leads to a mail server": "http://marfa.example:25/",
    "leads nowhere": "http://[::1",
}
"""Where a server sends its visitors on to."""

Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def writes(words: bytes | None) -> Served:
    """A server that reads a request's first bytes, writes this and hangs up; with None it waits."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.CancelledError):
            await reader.read(1000)
            if words is None:
                await asyncio.sleep(SECONDS * 2)
            writer.write(words or b"")
            await writer.drain()
        writer.close()

    return served


def published(site: Site) -> dict[str, str]:
    """Let a site do everything that is done in HTTP; returns the addresses by what is done."""
    found = {name: site.does(f"/does/{n}", handler) for n, (name, handler) in enumerate(HANDLERS.items())}
    for n, (name, where) in enumerate(LEADS.items()):
        found[name] = site.publishes(f"/leads/{n}", "", 302, Location=where)
    found["more than 5 MiB"] = site.publishes("/large", b"<rss>" + b"x" * 6_000_000)
    found["a picture that is called a feed"] = site.publishes(
        "/picture", b"\xff\xd8\xff\xe0" + bytes(2000), 200, Content_Type="application/rss+xml"
    )
    return found
