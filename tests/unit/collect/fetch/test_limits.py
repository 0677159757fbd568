"""What is kept of strangers has limits, and where their addresses may lead."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from digest.collect.fetch.http import Http
from digest.collect.fetch.robots import LIVE, RobotsTexts
from digest.collect.fetch.ssrf import NAMED, allowed_for, guarded_socket, is_named
from digest.errors import BlockedAddressError, SourceError
from digest.settings import CollectSettings

TCP = (socket.AF_INET, socket.SOCK_STREAM, 0, "")


@pytest.mark.red("robots-memory")
def test_robots_texts_are_bounded_by_bytes_hosts_and_a_day():
    now = 0.0
    texts = RobotsTexts(most_bytes=1000, most_hosts=3, clock=lambda: now)
    for at in range(50):
        texts.keep(f"https://{at}.example", b"x" * 400)
        assert texts.held_bytes <= 1000
    assert texts.known("https://49.example") == (True, b"x" * 400)
    assert texts.known("https://1.example") == (False, b"")
    for at in range(50):
        texts.keep(f"https://{at}.example", b"")
    assert sum(texts.known(f"https://{at}.example")[0] for at in range(50)) <= 3
    now = LIVE + 1
    assert texts.known("https://49.example") == (False, b"")
    assert texts.held_bytes == 0


def test_a_host_that_is_allowed_by_its_name_is_dialled_whatever_address_it_means():
    make = guarded_socket(("localhost:8080",))
    with pytest.raises(BlockedAddressError):
        make((*TCP, ("127.0.0.1", 8080)))
    assert is_named("http://localhost:8080/x", ("localhost:8080",))
    token = NAMED.set(True)
    try:
        make((*TCP, ("127.0.0.1", 8080))).close()
    finally:
        NAMED.reset(token)


@pytest.mark.red("ssrf")
@pytest.mark.parametrize(
    ("named_by", "leads"),
    [(None, True), ("http://localhost:8080/feed", True), ("https://marfa.example/feed", False), ("[", False)],
)
def test_only_we_and_allowed_hosts_lead_to_allowed_hosts(named_by: str | None, leads: bool):
    assert bool(allowed_for(named_by, ("localhost:8080",))) is leads


@pytest.mark.red("ssrf")
async def test_a_strangers_link_does_not_lead_to_the_models_host():
    async with Http(CollectSettings(allow_hosts=("localhost:11434",), readers=0), "1.0") as http:
        with pytest.raises(BlockedAddressError):
            await http.get("http://localhost:11434/api/tags", named_by="https://marfa.example/feed")
        with pytest.raises(BlockedAddressError):
            await http.get("http://localhost/api/tags", named_by="https://marfa.example/feed")
        with pytest.raises(BlockedAddressError):
            await http.post_form("http://localhost:11434/", {}, named_by="https://marfa.example/feed")


class Redirecting(Http):
    """An Http whose every address answers with a redirect to one place."""

    def __init__(self, target: str) -> None:
        super().__init__(CollectSettings(readers=0), "1.0")
        self.asked: list[str] = []
        self._target = target

    @asynccontextmanager
    async def _asked(self, method: str, url: str, *rest: Any, **more: Any) -> AsyncIterator[Any]:  # type: ignore[override]
        self.asked.append(url)
        yield SimpleNamespace(status=302, headers={"Location": self._target})


@pytest.mark.red("https-downgrade")
@pytest.mark.parametrize(
    "target", ["http://b.example/", "HTTP://b.example/", "HtTp://b.example/", "ftp://b.example/"]
)
async def test_https_never_leads_to_http(target: str):
    http = Redirecting(target)
    with pytest.raises(SourceError, match="from https to"):
        await http.get("HTTPS://a.example/feed")
    assert http.asked == ["HTTPS://a.example/feed"]
