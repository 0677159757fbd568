"""Visiting addresses: politely, within limits, and only public ones."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from digest.collect.fetch.responses import host_of, late, max_age, refusal, turned_away
from digest.collect.fetch.ssrf import check_url
from digest.collect.sandbox.pool import Cage
from digest.errors import BlockedAddressError, SourceError, SourceReason, TemporarySourceError
from digest.settings import CollectSettings

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver
    from protego import Protego

MOST_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 65_536
LONGEST_ROBOTS = 512_000
ROBOTS_LIVE = 86_400.0
"""Seconds for which a host's robots.txt is believed (RFC 9309 §2.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an address answered. `moved_to` is where an unbroken chain of 301 and 308 led, None without one."""

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False
    moved_to: str | None = None
    max_age: float | None = None
    date: str | None = None


class Http:
    """One aiohttp session with our manners; to be used as a context manager. The session opens with the first visit.

    At most `collect.per_host` visits at once go to one host; a host that answers 429 or 503 is left alone as long
    as it asks, at least a minute and at most a day. Proxy variables are not looked at. `cage` reads what was fetched; it closes
    with the session.
    """

    def __init__(
        self, settings: CollectSettings, version: str, *, resolver: "AbstractResolver | None" = None
    ) -> None:
        self.cage = Cage(settings)
        self._settings = settings
        self._resolver = resolver
        self._agent = f"Mujaz/{version} (+{settings.contact})"
        self._open = False
        self._session: aiohttp.ClientSession | None = None
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._held: dict[str, float] = {}
        self._robots: dict[str, tuple[float, Protego | None]] = {}

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        await self.cage.close()
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = False,
        most: int | None = None,
    ) -> Response:
        """Read an address: at most `most`, else `collect.max_bytes`, decoded bytes, within `collect.total_seconds` altogether.

        The validators are sent exactly as they came (RFC 9110 §13). `robots`: ask the host's robots.txt first.

        Raises:
            BlockedAddressError: the address, or one it redirects to, is not public.
            TemporarySourceError: unreachable, too slow, 429 or 5xx; `retry_after` when the host said how long.
            SourceError: any other refusal, or too large.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        try:
            async with asyncio.timeout(self._settings.total_seconds):
                if robots and not await self._may_visit(url):
                    raise SourceError(
                        f"{host_of(url)} asks robots not to visit this page.",
                        location=url,
                        reason=SourceReason.ROBOTS,
                    )
                return await self._follow(url, headers, most or self._settings.max_bytes)
        except TimeoutError as error:
            raise late(url, self._settings.total_seconds) from error

    async def post_json(
        self,
        url: str,
        payload: Mapping[str, Any],
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - the caller's budget
    ) -> tuple[int, bytes]:
        """Post JSON and return (status, body). The same guard and the same limits hold.

        Raises:
            SourceError: as `get`.
        """
        check_url(url, self._settings.allow_hosts)
        try:
            async with asyncio.timeout(timeout), self._asked("POST", url, headers, json=payload) as answer:
                return answer.status, await self._read(answer, url, self._settings.max_bytes)
        except TimeoutError as error:
            raise late(url, timeout) from error

    async def post_form(self, url: str, fields: Mapping[str, str]) -> int:
        """Post a form and return the status. The same guard and the same limits hold.

        Raises:
            SourceError: as `get`.
        """
        check_url(url, self._settings.allow_hosts)
        try:
            async with (
                asyncio.timeout(self._settings.total_seconds),
                self._asked("POST", url, {}, data=dict(fields)) as answer,
            ):
                return answer.status
        except TimeoutError as error:
            raise late(url, self._settings.total_seconds) from error

    async def _follow(self, url: str, headers: Mapping[str, str], most: int) -> Response:
        seen = url
        moved = True
        for hop in range(MOST_REDIRECTS + 1):
            check_url(seen, self._settings.allow_hosts)
            self._refuse_held(seen)
            async with self._turn(seen), self._asked("GET", seen, headers) as answer:
                if answer.status in REDIRECTS and answer.headers.get("Location"):
                    target = _joined(seen, answer.headers["Location"])
                    if seen.startswith("https:") and target.startswith("http:"):
                        raise turned_away(f"{host_of(seen)} redirects from https to http.", url)
                    moved = moved and answer.status in PERMANENT
                    seen = target
                    continue
                self._raise_for(answer, seen)
                # Servers that say so give validators that never change.
                stale = answer.headers.get("Expires", "").strip() == "0"
                body = b"" if answer.status == 304 else await self._read(answer, seen, most)
                return Response(
                    url=seen,
                    status=answer.status,
                    body=body,
                    content_type=answer.headers.get("Content-Type", ""),
                    charset=answer.charset,
                    etag=None if stale else answer.headers.get("ETag"),
                    last_modified=None if stale else answer.headers.get("Last-Modified"),
                    not_modified=answer.status == 304,
                    moved_to=seen if hop and moved else None,
                    max_age=max_age(answer.headers.get("Cache-Control", "")),
                    date=answer.headers.get("Date"),
                )
        raise turned_away(f"{host_of(url)} redirects more than {MOST_REDIRECTS} times.", url)

    def _asked(
        self, method: str, url: str, headers: Mapping[str, str], **more: Any
    ) -> "AbstractAsyncContextManager[aiohttp.ClientResponse]":
        assert self._open
        # Large, and nothing for a process that only sends mail: it visits nobody.
        from digest.collect.fetch import session as dialling

        if self._session is None:
            self._session = dialling.session(self._settings, self._agent, self._resolver)
        return dialling.asked(self._session, method, url, headers, **more)

    async def _read(self, answer: "aiohttp.ClientResponse", url: str, most: int) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > most:
                raise SourceError(
                    f"{host_of(url)} sends more than {most} bytes.",
                    location=url,
                    reason=SourceReason.TOO_LARGE,
                )
        return bytes(body)

    def _raise_for(self, answer: "aiohttp.ClientResponse", url: str) -> None:
        error = refusal(answer.status, answer.headers, host_of(url), url)
        if isinstance(error, TemporarySourceError) and error.retry_after:
            self._held[host_of(url)] = time.monotonic() + error.retry_after
        if error is not None:
            raise error

    def _refuse_held(self, url: str) -> None:
        left = self._held.get(host_of(url), 0.0) - time.monotonic()
        if left > 0:
            raise TemporarySourceError(
                f"{host_of(url)} asked us to wait; {left:.0f} seconds are left.",
                location=url,
                status=429,
                retry_after=left,
            )

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        gate = self._hosts.setdefault(host_of(url), asyncio.Semaphore(self._settings.per_host))
        async with gate:
            yield

    async def _may_visit(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(origin)
        if known is None or known[0] < time.monotonic():
            known = time.monotonic() + ROBOTS_LIVE, await self._rules_of(origin)
            self._robots[origin] = known
        return known[1] is None or bool(known[1].can_fetch(url, "Mujaz"))

    async def _rules_of(self, origin: str) -> "Protego | None":
        """The host's robots.txt; None, nothing forbidden, when there is none. A host in trouble forbids (RFC 9309 §2.3.1)."""
        try:
            answer = await self._follow(f"{origin}/robots.txt", {}, LONGEST_ROBOTS)
        except (BlockedAddressError, TemporarySourceError):
            raise
        except SourceError:
            return None
        from protego import Protego

        return Protego.parse(answer.body.decode("utf-8", "replace"))


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise turned_away(f"{host_of(base)} redirects to what is no address.", base) from error
