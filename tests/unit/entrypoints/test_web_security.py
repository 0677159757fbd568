"""Whose a request is, and which are refused."""

from collections.abc import Iterable

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from digest.entrypoints.security import CLIENT, MAX_BODY, Guarded, names_loopback
from digest.errors import ConfigError

OWN = "https://news.mujaz.example"


async def _answered(
    headers: dict[str, str], *, method: str = "GET", peer: str = "203.0.113.9", trusted: Iterable[str] = ()
) -> tuple[int, str]:
    """Send one request through the guard; returns the status and the address that it is taken to come from."""

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(Request(scope).scope[CLIENT])(scope, receive, send)

    told: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        told.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": "/", "headers": raw, "client": (peer, 1)}
    await Guarded(inner, trusted=trusted, own=OWN)(scope, receive, send)  # type: ignore[arg-type]
    return int(str(told[0]["status"])), bytes(told[1]["body"]).decode()  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("forwarded", "peer", "trusted", "address"),
    [
        ("198.51.100.7", "203.0.113.9", (), "203.0.113.9"),
        ("198.51.100.7", "10.0.0.5", ("10.0.0.5",), "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", "10.0.0.5", ("10.0.0.0/8",), "198.51.100.7"),
        ("198.51.100.7, 10.0.0.9", "10.0.0.5", ("10.0.0.0/8",), "198.51.100.7"),
        ("6.6.6.6, junk", "10.0.0.5", ("10.0.0.0/8",), "10.0.0.5"),
        ("", "10.0.0.5", ("10.0.0.5",), "10.0.0.5"),
        ("2001:db8::7", "::1", ("::1", "127.0.0.1"), "2001:db8::7"),
    ],
)
async def test_only_proxies_of_ours_are_believed(
    forwarded: str, peer: str, trusted: tuple[str, ...], address: str
):
    told = await _answered({"x-forwarded-for": forwarded}, peer=peer, trusted=trusted)
    assert told == (200, address)


def test_a_proxy_that_is_no_address_is_said_so():
    with pytest.raises(ConfigError, match="my-proxy"):
        Guarded(PlainTextResponse(""), trusted=("my-proxy",), own=OWN)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": OWN}, 403),
        ({"origin": OWN, "host": "inside:8000"}, 200),
        ({"origin": "http://inside:8000", "host": "inside:8000"}, 200),
        ({"origin": "https://news.mujaz.example.evil.example"}, 403),
        ({"origin": "null", "host": "inside:8000"}, 403),
    ],
)
async def test_a_post_passes_unless_another_site_made_a_browser_send_it(headers: dict[str, str], status: int):
    assert (await _answered(headers, method="POST"))[0] == status
    assert (await _answered(headers, method="GET"))[0] == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content-length": str(MAX_BODY)}, 200),
        ({"content-length": str(MAX_BODY + 1)}, 413),
        ({"content-length": "-1"}, 413),
        ({"content-length": "\u00b2"}, 413),
        ({"transfer-encoding": "chunked"}, 413),
    ],
)
async def test_a_body_is_taken_up_to_a_measure(headers: dict[str, str], status: int):
    assert (await _answered(headers, method="POST"))[0] == status


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:8025", "127.9.9.9", "[::1]", "[::1]:80"]
)
def test_names_of_this_machine(host: str):
    assert names_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "localhost.", "0.0.0.0", "[::]", "evil.example", "localhost/../x", "[::1", "1.2.3.4"]
)
def test_other_names(host: str):
    assert not names_loopback(host)
