"""No address inside is ever dialled: by name, by number, by redirect, by a name that changes its mind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from digest.collect.fetch.http import Http
from digest.errors import BlockedAddressError, SourceError
from digest.settings import CollectSettings
from tests.integration.collect.site import Site
from tests.unit.collect.attacks import ATTACKS, PRIVATE


class Rebinding(AbstractResolver):
    """A name server whose names mean something public at first and something inside afterwards."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[Any]:
        del family
        address = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": kind,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address to which a connection is begun, by whatever way."""
    found: list[Any] = []
    loop_connect = asyncio.selector_events.BaseSelectorEventLoop.sock_connect  # type: ignore[attr-defined]

    async def noted(self: Any, sock: socket.socket, address: Any) -> None:
        found.append(address)
        await loop_connect(self, sock, address)

    monkeypatch.setattr(asyncio.selector_events.BaseSelectorEventLoop, "sock_connect", noted)  # type: ignore[attr-defined]
    return found


@pytest.fixture
async def guarded() -> AsyncIterator[Http]:
    async with Http(CollectSettings(total_seconds=5), "1.0", resolver=Rebinding("127.0.0.1")) as http:
        yield http


@pytest.mark.red("ssrf")
async def test_no_attack_by_address_makes_a_connection(guarded: Http, dialled: list[Any]):
    assert len(set(ATTACKS)) >= 90
    for url in ATTACKS:
        with pytest.raises(SourceError):
            await guarded.get(url)
    assert dialled == []


async def test_a_name_that_means_something_inside_is_not_dialled(dialled: list[Any]):
    numeric = [
        one
        for one in PRIVATE
        if one and " " not in one and "%" not in one and (":" in one or one.count(".") == 3)
    ]
    for address in numeric:
        async with Http(CollectSettings(total_seconds=5), "1.0", resolver=Rebinding(address)) as http:
            with pytest.raises(BlockedAddressError):
                await http.get("http://marfa.example/feed")
    assert dialled == []


@pytest.mark.red("ssrf")
async def test_redirects_inside_are_not_followed(site: Site, dialled: list[Any]):
    secret = site.publishes("/secret", "secret")
    async with Site() as outside:
        settings = CollectSettings(allow_hosts=(outside.host,), total_seconds=5)
        async with Http(settings, "1.0", resolver=Rebinding("127.0.0.1")) as http:
            targets = [
                secret,
                f"http://localhost:{site.port}/secret",
                "http://marfa.example/",
                "https://169.254.169.254/latest/",
                *ATTACKS,
            ]
            for number, target in enumerate(one for one in targets if "://" in one and "\n" not in one):
                for status in (301, 302, 307):
                    url = outside.publishes(f"/{number}/{status}", "", status, Location=target)
                    with pytest.raises(SourceError):
                        await http.get(url)
    assert site.asked == []
    assert {address[1] for address in dialled} == {outside.port}


@pytest.mark.red("ssrf")
async def test_a_name_that_changes_its_mind_is_not_followed(dialled: list[Any]):
    resolver = Rebinding("203.0.113.7", "127.0.0.1", "10.0.0.1", "::1")
    async with Http(CollectSettings(total_seconds=5), "1.0", resolver=resolver) as http:
        for _ in range(4):
            with pytest.raises(BlockedAddressError):
                await http.get("http://marfa.example/feed")
    assert dialled == []
    assert resolver.asked >= 1


async def test_robots_and_posts_are_guarded_as_well(guarded: Http, dialled: list[Any]):
    with pytest.raises(BlockedAddressError):
        await guarded.get("http://marfa.example/page", robots=True)
    with pytest.raises(BlockedAddressError):
        await guarded.post_json("http://marfa.example/hook", {}, {}, 2)
    assert dialled == []


async def test_a_refusal_says_how_to_allow_the_host(guarded: Http):
    with pytest.raises(BlockedAddressError) as caught:
        await guarded.get("http://127.0.0.1/feed")
    assert "collect.allow_hosts" in str(caught.value)
