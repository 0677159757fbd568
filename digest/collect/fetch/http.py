"""Visiting addresses: politely, within limits, and only public ones."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from digest.collect.fetch.responses import host_of, late, max_age, refusal, refused, scheme_of
from digest.collect.fetch.robots import RobotsTexts
from digest.collect.fetch.ssrf import allowed_for, check_url
from digest.collect.sandbox.pool import SandboxPool
from digest.errors import BlockedAddressError, SourceError, SourceReason, TemporarySourceError
from digest.settings import CollectSettings

if TYPE_CHECKING:
    import aiohttp
    from aiohttp.abc import AbstractResolver

MOST_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 65_536
LONGEST_ROBOTS = 512_000
"""Bytes of a robots.txt that are read; what stands behind them is not looked at (RFC 9309 §2.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What an address answered. `moved_to` is where an unbroken chain of 301 and 308 led, None without
    one.
    """

    url: str
    status: int
    body: bytes = b""
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False
    moved_to: str | None = None
    max_age: float | None = None
    date: str | None = None


class Http:
    """One aiohttp session with our manners; to be used as a context manager. The session opens with the first
    visit.

    At most `collect.per_host` visits at once go to one host; a host that answers 429 or 503 is left alone as
    long as it asks, at least a minute and at most a day. Proxy variables are not looked at. `sandbox` reads
    what was fetched; it closes with the session. Hosts that `collect.allow_hosts` names are visited at
    addresses that their owner wrote down, and at those that such a host names; a stranger's link or redirect
    does not lead there.
    """

    def __init__(
        self, settings: CollectSettings, version: str, *, resolver: "AbstractResolver | None" = None
    ) -> None:
        self.sandbox = SandboxPool(settings)
        self._settings = settings
        self._resolver = resolver
        self._agent = f"Mujaz/{version} (+{settings.contact})"
        self._open = False
        # One for addresses that may lead to allowed hosts, one for all others: connections are not shared.
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._hosts: dict[str, tuple[asyncio.Semaphore, list[str]]] = {}
        self._held: dict[str, float] = {}
        self._robots = RobotsTexts()

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        await self.sandbox.close()
        for session in self._sessions.values():
            await session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = False,
        most: int | None = None,
        named_by: str | None = None,
    ) -> Response:
        """Read an address: at most `most`, else `collect.max_bytes`, decoded bytes, within
        `collect.total_seconds` altogether.

        The validators are sent exactly as they came (RFC 9110 §13). `robots`: ask the host's robots.txt
        first. `named_by` is the address of the source that names this one, None when our own settings or
        editors do.

        Raises:
            BlockedAddressError: the address, or one it redirects to, is not public.
            TemporarySourceError: unreachable, too slow, 429 or 5xx; `retry_after` when the host said how
                long.
            SourceError: any other refusal, or too large.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        allowed = allowed_for(named_by, self._settings.allow_hosts)
        try:
            async with asyncio.timeout(self._settings.total_seconds):
                if robots and not await self._may_visit(url, allowed):
                    raise SourceError(
                        f"{host_of(url)} asks robots not to visit this page.",
                        location=url,
                        reason=SourceReason.ROBOTS,
                    )
                return await self._follow(url, headers, most or self._settings.max_bytes, allowed)
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
            async with (
                asyncio.timeout(timeout),
                self._asked("POST", url, headers, self._settings.allow_hosts, json=payload) as answer,
            ):
                return answer.status, await self._read(answer, url, self._settings.max_bytes)
        except TimeoutError as error:
            raise late(url, timeout) from error

    async def post_form(self, url: str, fields: Mapping[str, str], *, named_by: str | None = None) -> int:
        """Post a form and return the status. The same guard and the same limits hold; `named_by` as in `get`.

        Raises:
            SourceError: as `get`.
        """
        allowed = allowed_for(named_by, self._settings.allow_hosts)
        return await self._posted(url, {}, self._settings.total_seconds, allowed, dict(fields))

    async def post_bytes(self, url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> int:
        """Post a body as it is and return the status, unread; guarded and refused as `get` is."""
        return await self._posted(url, headers, seconds, self._settings.allow_hosts, body)

    async def _posted(
        self, url: str, headers: Mapping[str, str], seconds: float, allowed: Collection[str], data: Any
    ) -> int:
        check_url(url, allowed)
        try:
            async with (
                asyncio.timeout(seconds),
                self._asked("POST", url, headers, allowed, data=data) as answer,
            ):
                return answer.status
        except TimeoutError as error:
            raise late(url, seconds) from error

    async def _follow(
        self, url: str, headers: Mapping[str, str], most: int, allowed: Collection[str], *, cut: bool = False
    ) -> Response:
        seen = url
        moved = True
        for hop in range(MOST_REDIRECTS + 1):
            check_url(seen, allowed)
            self._refuse_held(seen)
            async with self._host_slot(seen), self._asked("GET", seen, headers, allowed) as answer:
                if answer.status in REDIRECTS and answer.headers.get("Location"):
                    target = _joined(seen, answer.headers["Location"])
                    if scheme_of(seen) == "https" != scheme_of(target):
                        raise refused(f"{host_of(seen)} redirects from https to {scheme_of(target)}.", url)
                    allowed = allowed and allowed_for(seen, allowed)
                    moved = moved and answer.status in PERMANENT
                    seen = target
                    continue
                self._raise_for(answer, seen)
                # Servers that say so give validators that never change.
                stale = answer.headers.get("Expires", "").strip() == "0"
                body = b"" if answer.status == 304 else await self._read(answer, seen, most, cut=cut)
                return Response(
                    url=seen,
                    status=answer.status,
                    body=body,
                    charset=answer.charset,
                    etag=None if stale else answer.headers.get("ETag"),
                    last_modified=None if stale else answer.headers.get("Last-Modified"),
                    not_modified=answer.status == 304,
                    moved_to=seen if hop and moved else None,
                    max_age=max_age(answer.headers.get("Cache-Control", "")),
                    date=answer.headers.get("Date"),
                )
        raise refused(f"{host_of(url)} redirects more than {MOST_REDIRECTS} times.", url)

    def _asked(
        self, method: str, url: str, headers: Mapping[str, str], allowed: Collection[str], **more: Any
    ) -> "AbstractAsyncContextManager[aiohttp.ClientResponse]":
        assert self._open
        # Large, and nothing for a process that only sends mail: it visits nobody.
        from digest.collect.fetch.session import open_session, request

        kind = bool(allowed)
        if kind not in self._sessions:
            self._sessions[kind] = open_session(self._settings, self._agent, self._resolver, allowed)
        return request(self._sessions[kind], method, url, headers, allowed, **more)

    async def _read(
        self, answer: "aiohttp.ClientResponse", url: str, most: int, *, cut: bool = False
    ) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > most:
                if cut:
                    return bytes(body[:most])
                raise SourceError(
                    f"{host_of(url)} sends more than {most} bytes.",
                    location=url,
                    reason=SourceReason.TOO_LARGE,
                )
        return bytes(body)

    def _raise_for(self, answer: "aiohttp.ClientResponse", url: str) -> None:
        error = refusal(answer.status, answer.headers, host_of(url), url)
        if isinstance(error, TemporarySourceError) and error.retry_after:
            now = time.monotonic()
            self._held = {host: until for host, until in self._held.items() if until > now}
            self._held[host_of(url)] = now + error.retry_after
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
    async def _host_slot(self, url: str) -> AsyncIterator[None]:
        host = host_of(url)
        gate, waiting = self._hosts.setdefault(host, (asyncio.Semaphore(self._settings.per_host), []))
        waiting.append(url)
        try:
            async with gate:
                yield
        finally:
            waiting.pop()
            if not waiting:
                # Strangers' links name any number of hosts.
                self._hosts.pop(host, None)

    async def _may_visit(self, url: str, allowed: Collection[str]) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        known, text = self._robots.known(origin)
        if not known:
            text = await self._robots_of(origin, allowed)
            self._robots.keep(origin, text)
        return not text or await self.sandbox.may_visit(text, url)

    async def _robots_of(self, origin: str, allowed: Collection[str]) -> bytes:
        """The host's robots.txt; empty, nothing forbidden, when there is none. A host in trouble forbids (RFC
        9309 §2.3.1).
        """
        try:
            answer = await self._follow(f"{origin}/robots.txt", {}, LONGEST_ROBOTS, allowed, cut=True)
        except (BlockedAddressError, TemporarySourceError):
            raise
        except SourceError:
            return b""
        return answer.body


def _joined(base: str, location: str) -> str:
    try:
        return urljoin(base, location)
    except ValueError as error:
        raise refused(f"{host_of(base)} redirects to what is no address.", base) from error
