"""Visiting addresses: politely, within limits, and only public ones."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from protego import Protego

from digest.collect.guard import check_url, guarded_socket
from digest.errors import BlockedAddressError, SourceError, TemporarySourceError
from digest.settings import CollectSettings

MOST_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
LONGEST_HOLD = 86_400
SHORTEST_HOLD = 60
CHUNK = 65_536
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5"


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


class Http:
    """One aiohttp session with our manners; to be used as a context manager.

    At most `collect.per_host` visits at once go to one host; a host that answers 429 or 503 is left alone as long
    as it asks, at least a minute and at most a day. Proxy variables are not looked at.
    """

    def __init__(self, settings: CollectSettings, version: str) -> None:
        self._settings = settings
        self._agent = f"Mujaz/{version} (+{settings.contact})"
        self._session: aiohttp.ClientSession | None = None
        self._hosts: dict[str, asyncio.Semaphore] = {}
        self._held: dict[str, float] = {}
        self._robots: dict[str, Protego | None] = {}

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            socket_factory=guarded_socket(self._settings.allow_hosts), limit=self._settings.at_once
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            trust_env=False,
            headers={"User-Agent": self._agent, "Accept": ACCEPT},
            cookie_jar=aiohttp.DummyCookieJar(),
            max_line_size=16_384,
            max_field_size=16_384,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, robots: bool = False
    ) -> Response:
        """Read an address: at most `collect.max_bytes` decoded bytes, within `collect.total_seconds` altogether.

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
                    raise SourceError(f"{_host(url)} asks robots not to visit this page.", location=url)
                return await self._follow(url, headers)
        except TimeoutError as error:
            raise TemporarySourceError(
                f"{_host(url)} did not answer within {self._settings.total_seconds:g} seconds.", location=url
            ) from error

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
            async with asyncio.timeout(timeout), self._open("POST", url, headers, json=payload) as answer:
                return answer.status, await self._read(answer, url)
        except TimeoutError as error:
            raise TemporarySourceError(
                f"{_host(url)} did not answer within {timeout:g} seconds.", location=url
            ) from error

    async def _follow(self, url: str, headers: Mapping[str, str]) -> Response:
        seen = url
        moved = True
        for hop in range(MOST_REDIRECTS + 1):
            check_url(seen, self._settings.allow_hosts)
            self._refuse_held(seen)
            async with self._turn(seen), self._open("GET", seen, headers) as answer:
                if answer.status in REDIRECTS and answer.headers.get("Location"):
                    target = urljoin(seen, answer.headers["Location"])
                    if seen.startswith("https:") and target.startswith("http:"):
                        raise SourceError(f"{_host(seen)} redirects from https to http.", location=url)
                    moved = moved and answer.status in PERMANENT
                    seen = target
                    continue
                self._raise_for(answer, seen)
                body = b"" if answer.status == 304 else await self._read(answer, seen)
                return Response(
                    url=seen,
                    status=answer.status,
                    body=body,
                    content_type=answer.headers.get("Content-Type", ""),
                    charset=answer.charset,
                    etag=answer.headers.get("ETag"),
                    last_modified=answer.headers.get("Last-Modified"),
                    not_modified=answer.status == 304,
                    moved_to=seen if hop and moved else None,
                    max_age=_max_age(answer.headers.get("Cache-Control", "")),
                )
        raise SourceError(f"{_host(url)} redirects more than {MOST_REDIRECTS} times.", location=url)

    @asynccontextmanager
    async def _open(
        self, method: str, url: str, headers: Mapping[str, str], **more: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        assert self._session is not None
        try:
            async with self._session.request(
                method, url, headers=headers, allow_redirects=False, **more
            ) as answer:
                yield answer
        except BlockedAddressError:
            raise
        except aiohttp.InvalidURL as error:
            raise SourceError(f"{url[:200]} is no address.", location=url) from error
        except (aiohttp.ClientError, OSError) as error:
            blocked = _cause(error, BlockedAddressError)
            if blocked is not None:
                raise blocked from error
            raise TemporarySourceError(
                f"{_host(url)} cannot be reached: {_short(error)}.", location=url
            ) from error

    async def _read(self, answer: aiohttp.ClientResponse, url: str) -> bytes:
        body = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._settings.max_bytes:
                raise SourceError(
                    f"{_host(url)} sends more than {self._settings.max_bytes} bytes.", location=url
                )
        return bytes(body)

    def _raise_for(self, answer: aiohttp.ClientResponse, url: str) -> None:
        status = answer.status
        if status in {429, 503}:
            wait = _retry_after(answer.headers.get("Retry-After"), answer.headers.get("Date"))
            self._held[_host(url)] = time.monotonic() + wait
            raise TemporarySourceError(
                f"{_host(url)} asks us to wait {wait:.0f} seconds ({status}).",
                location=url,
                status=status,
                retry_after=wait,
            )
        if status >= 500:
            raise TemporarySourceError(f"{_host(url)} is in trouble ({status}).", location=url, status=status)
        if status == 410:
            raise SourceError(
                f"{_host(url)} says that this is gone for good (410).",
                location=url,
                status=status,
                remedy="Remove the source.",
            )
        if status == 403 and answer.headers.get("cf-mitigated"):
            raise SourceError(
                f"{_host(url)} lets no programs in (403, a challenge page).", location=url, status=status
            )
        if status >= 400 or (status >= 300 and status != 304):
            raise SourceError(
                f"{_host(url)} refuses this address ({status}).",
                location=url,
                status=status,
                remedy="Check the address.",
            )

    def _refuse_held(self, url: str) -> None:
        left = self._held.get(_host(url), 0.0) - time.monotonic()
        if left > 0:
            raise TemporarySourceError(
                f"{_host(url)} asked us to wait; {left:.0f} seconds are left.",
                location=url,
                status=429,
                retry_after=left,
            )

    @asynccontextmanager
    async def _turn(self, url: str) -> AsyncIterator[None]:
        gate = self._hosts.setdefault(_host(url), asyncio.Semaphore(self._settings.per_host))
        async with gate:
            yield

    async def _may_visit(self, url: str) -> bool:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            try:
                answer = await self._follow(f"{origin}/robots.txt", {})
                self._robots[origin] = Protego.parse(answer.body.decode("utf-8", "replace"))
            except BlockedAddressError:
                raise
            except SourceError:
                # No robots.txt, or none to be had: nothing is forbidden (RFC 9309 §2.3.1.3).
                self._robots[origin] = None
        rules = self._robots[origin]
        return rules is None or bool(rules.can_fetch(url, "Mujaz"))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower() or url[:100]
    except ValueError:
        return url[:100]


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:160].rstrip(".")


def _cause(error: BaseException | None, kind: type[BlockedAddressError]) -> BlockedAddressError | None:
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None


def _retry_after(value: str | None, date: str | None) -> float:
    """Seconds to wait, from either form of Retry-After (RFC 9110 §10.2.3); a date counts from the answer's own Date."""
    seconds = 300.0
    if value and value.strip().isascii() and value.strip().isdigit():
        seconds = float(value)
    elif value:
        try:
            until = parsedate_to_datetime(value)
            sent = parsedate_to_datetime(date) if date else datetime.fromtimestamp(time.time(), UTC)
            seconds = (until - sent).total_seconds()
        except (TypeError, ValueError):
            seconds = 300.0
    return min(max(seconds, SHORTEST_HOLD), LONGEST_HOLD)


def _max_age(value: str) -> float | None:
    for part in value.split(","):
        name, _, number = part.strip().partition("=")
        if name.lower() == "max-age" and number.isascii() and number.isdigit():
            return float(number)
    return None
