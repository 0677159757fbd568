"""What every answer carries, who is refused, and whom a request comes from."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from ipaddress import ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.errors import ConfigError
from digest.text.addresses.network import Network, ip_of, is_in

MAX_BODY = 65_536
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CLIENT = "client_address"
"""Where a request's scope keeps the address that it comes from."""

# A referrer only within the site: with none at all, browsers would send our own forms with "Origin: null".
HEADERS: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


FRAMED: Mapping[str, str] = {"x-frame-options": "SAMEORIGIN"}
"""What a page that a page of ours frames carries beside a policy with `FRAMED_BY`; all others carry neither.
"""
FRAMED_BY = "frame-ancestors 'self'"

Refusal = Callable[[str, int], Awaitable[ASGIApp]]


async def _plainly(path: str, status: int) -> ASGIApp:
    del path
    why = "This form belongs to another site." if status == 403 else "The request is too large."
    return PlainTextResponse(f"{why}\n", status_code=status)


def _nothing(path: str) -> bool:
    del path
    return False


class Guarded:
    """Refuse POSTs that another site's page made a browser send and large bodies; add the security headers to
    all answers.

    The test is Sec-Fetch-Site, else Origin against Host; a POST with neither comes from no browser (the mail
    provider's one-click POST of RFC 8058 is such) and passes: what it may do, its signed link decides.
    `trusted` are addresses or networks of proxies whose X-Forwarded-For is believed. `long_bodies` are the
    beginnings of paths whose handlers measure bodies by themselves.

    `checks_itself` says of a path that its handler looks itself which sites' forms it takes.

    `refusal` makes the page that says so to a reader, of the request's path and the status, 403 or 413.
    `headers` are what all answers carry.

    Raises:
        ConfigError: one of `trusted` is neither.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted: Iterable[str],
        own: str,
        long_bodies: tuple[str, ...] = (),
        checks_itself: Callable[[str], bool] = _nothing,
        refusal: "Refusal | None" = None,
        headers: Mapping[str, str] = HEADERS,
    ) -> None:
        self._app = app
        self._headers = headers
        self._refusal = refusal or _plainly
        self._long_bodies = long_bodies
        self._checks_itself = checks_itself
        self._trusted = tuple(_network(one) for one in trusted)
        self._own = urlsplit(own).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope[CLIENT] = self._client(scope, headers)
        answer: ASGIApp = self._app
        watched = scope["method"] in UNSAFE and not self._checks_itself(scope["path"])
        if watched and self._is_foreign(headers):
            answer = await self._refusal(scope["path"], 403)
        elif _is_large(headers) and not scope["path"].startswith(self._long_bodies):
            answer = await self._refusal(scope["path"], 413)
        await answer(scope, receive, with_headers(send, self._headers))

    def _is_foreign(self, headers: Headers) -> bool:
        site = headers.get("sec-fetch-site")
        if site:
            return site not in {"same-origin", "none"}
        origin = headers.get("origin")
        return bool(origin) and urlsplit(origin or "").netloc not in {headers.get("host", ""), self._own}

    def _client(self, scope: Scope, headers: Headers) -> str:
        """The last address on the way here that is no proxy of ours."""
        address = str(scope["client"][0]) if scope.get("client") else ""
        way = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
        while way and is_in(address, self._trusted) and ip_of(way[-1]) is not None:
            address = way.pop()
        return address


class LoopbackOnly:
    """Answer only requests that name this machine, so that no site can point its own name at 127.0.0.1 and
    read mail.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if not names_loopback(headers.get("host", "")):
                refusal = PlainTextResponse(
                    "The mailbox answers to localhost and 127.0.0.1 alone.\n", status_code=421
                )
                await refusal(scope, receive, with_headers(send, HEADERS))
                return
            send = with_headers(send, HEADERS)
        await self._app(scope, receive, send)


def with_headers(send: Send, headers: Mapping[str, str]) -> Send:
    """Return a `send` that adds headers to an answer, unless the answer brings its own."""

    async def secured(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer = MutableHeaders(scope=message)
            # Browsers that know both obey the policy; others would keep a page out of every frame.
            framed = "frame-ancestors 'none'" not in answer.get(
                "content-security-policy", "frame-ancestors 'none'"
            )
            for name, value in headers.items():
                if not (framed and name == "x-frame-options"):
                    answer.setdefault(name, value)
        await send(message)

    return secured


def names_loopback(host: str) -> bool:
    """Say whether a Host header names this machine: localhost, 127.0.0.0/8 or [::1], with any port."""
    try:
        name = "" if set(host) & set("@/?#\\") else urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    found = ip_of(name)
    return name == "localhost" or (found is not None and found.is_loopback)


def _is_large(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return True
    return not length.isdecimal() or int(length) > MAX_BODY


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise ConfigError(
            f"web.trusted_proxies: {text!r} is no address and no network.",
            remedy="Write addresses or networks, for example 10.0.0.5 or 10.0.0.0/8.",
        ) from error
