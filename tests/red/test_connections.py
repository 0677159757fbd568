"""Connections that only cost: bodies that nobody may send, and silence, in numbers; mail goes out meanwhile."""

import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.red.place import Place, Receiver, a_feed, memory, status, wait_until

pytestmark = pytest.mark.timeout(400)
BODY = 4_000_000
"""Bytes of a body that is begun."""


@contextmanager
def many_descriptors() -> Iterator[None]:
    """Let the tests open more connections than a process usually may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 8_192 if hard == resource.RLIM_INFINITY else min(8_192, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def dialled(place: Place, said: bytes = b"") -> socket.socket:
    """A connection to the pages on which something was said."""
    made = socket.create_connection(("127.0.0.1", place.port), timeout=30)
    with suppress(OSError):
        if said:
            made.sendall(said)
    return made


@pytest.mark.red("websub-bodies")
@pytest.mark.parametrize(
    "path", ["/websub/1/not-the-token", "/hooks/mailgun", "/ingest", "/l/daily/subscribe"]
)
def test_bodies_of_strangers_are_not_kept(place: Place, path: str):
    more = {"BOUNCES__MAILGUN_KEY": "a key of mailgun", "COLLECT__INGEST_KEY": "a key of the desk"}
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY + 1}\r\n\r\n".encode()
    with place.serving(**more) as process:
        # A hub hears 202 whether it is believed or not, as WebSub asks.
        assert status(f"{place.web}{path}", b"x") in {401, 403, 404, 422, 400, 303, 200, 202, 410}
        before = memory(process.pid)
        made = [dialled(place, head + b"x" * BODY) for _ in range(80)]
        try:
            assert status(f"{place.web}/healthz") == 200
            assert memory(process.pid, "VmHWM") - before < 100
        finally:
            for one in made:
                one.close()


@pytest.mark.red("idle-connections")
@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", marks=pytest.mark.long),
        b"POST /l/daily/subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\ne",
    ],
    ids=["silence", "the beginning of a body"],
)
def test_mail_goes_out_while_a_thousand_connections_say_nothing(
    place: Place, receiver: Receiver, said: bytes
):
    readers = place.readers(200)
    place.settings |= {"RUN__LEASE_SECONDS": "5", "MAIL__GATE": "8"}
    receiver.most = 1
    begun = place.starts("run", "--source", place.file("feed.xml", a_feed()))
    wait_until(lambda: receiver.letters, 120)
    begun.kill()  # what it held is due again when its lease is over
    begun.wait()
    receiver.most = None
    with many_descriptors(), place.serving(limit="-n 1024") as process:
        made = [dialled(place, said) for _ in range(1_100)]
        try:
            wait_until(lambda: len(receiver.counts()) == len(readers), 200)
            assert status(f"{place.web}/healthz", seconds=20) == 200
            assert process.poll() is None
        finally:
            for one in made:
                one.close()
    assert set(receiver.counts()) == set(readers)
    assert len(receiver.letters) <= len(readers) + 8
