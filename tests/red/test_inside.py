"""No spelling of an address inside is dialled: not when it is asked for, not when something is posted, not by a redirect."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from digest.collect.fetch.http import Http
from digest.collect.fetch.ssrf import is_public
from digest.collect.readers import imap_session
from digest.collect.readers.imap_location import mailbox_of
from digest.errors import DigestError, SourceError
from digest.settings import CollectSettings
from tests.integration.collect.fetch.test_ssrf import Rebinding
from tests.integration.collect.site import Site
from tests.red.inside import FORMS, HOSTS

pytestmark = [pytest.mark.red("ssrf"), pytest.mark.timeout(300)]


@pytest.fixture
def reached() -> Iterator[list[int]]:
    """Whoever reaches the web's ports of this machine, where they can be listened on at all."""
    found: list[int] = []
    listening = []
    for host, kind in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
        for port in (80, 443):
            with suppress(OSError):
                one = socket.create_server((host, port), family=kind)
                listening.append(one)
                threading.Thread(target=_listen, args=(one, found), daemon=True).start()
    yield found
    for one in listening:
        one.close()


def _listen(one: socket.socket, found: list[int]) -> None:
    with suppress(OSError):
        while True:
            made, _ = one.accept()
            found.append(one.getsockname()[1])
            made.close()


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address to which a connection is begun."""
    found: list[Any] = []
    loop: Any = asyncio.selector_events.BaseSelectorEventLoop  # type: ignore[attr-defined]
    real = loop.sock_connect

    async def noted(self: Any, sock: socket.socket, address: Any) -> None:
        found.append(address)
        await real(self, sock, address)

    monkeypatch.setattr(loop, "sock_connect", noted)
    return found


def test_there_are_forms_enough():
    assert len(FORMS) >= 260
    assert len(set(FORMS)) == len(FORMS)


async def test_no_form_is_visited_or_posted_to(
    dialled: list[Any], reached: list[int], monkeypatch: pytest.MonkeyPatch
):
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:80")
    async with Http(CollectSettings(total_seconds=5), "1.0", resolver=Rebinding("127.0.0.1")) as http:
        for url in FORMS:
            for ask in (http.get(url), http.post_json(url, {}, {}, 2), http.post_form(url, {})):
                with pytest.raises(DigestError):
                    await ask
    assert (dialled, reached) == ([], [])


async def test_no_form_is_followed(dialled: list[Any], reached: list[int]):
    async with Site() as outside:
        settings = CollectSettings(allow_hosts=(outside.host,), total_seconds=5)
        async with Http(settings, "1.0", resolver=Rebinding("127.0.0.1")) as http:
            for number, target in enumerate(one for one in FORMS if leads_inside(one)):
                url = outside.publishes(
                    f"/{number}", "", (301, 302, 303, 307, 308)[number % 5], Location=target
                )
                with pytest.raises(SourceError):
                    await http.get(url)
        assert number >= 250
    assert {address[1] for address in dialled} == {outside.port}
    assert reached == []


def leads_inside(target: str) -> bool:
    """Whether a form may stand in a Location, and is no path of the site that says it."""
    return (
        not re.search("[\x00-\x1f]", target)
        and re.match("(?i)[a-z-]+:|//", target.strip()) is not None
        and target.count(":") > 0
    )


async def test_no_mailbox_inside_is_dialled(reached: list[int], monkeypatch: pytest.MonkeyPatch):
    begun: list[Any] = []
    # "010.0.0.7" is 8.0.0.7 to whoever looks names up: that is outside, and not dialled here either.
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: begun.append(address))
    for host in HOSTS:
        with pytest.raises(DigestError):
            await asyncio.to_thread(
                imap_session.dial, mailbox_of(f"imap://u@{host}/INBOX"), CollectSettings()
            )
    assert [one for one in begun if not is_public(one[0])] == []
    assert reached == []
