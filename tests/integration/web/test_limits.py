"""Connections that say nothing, and a database that is locked: the pages go on, or say soon that they cannot."""

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from digest.clock import FixedClock
from digest.entrypoints import http_limits, listening
from digest.entrypoints.web.app import build
from digest.services.app import App
from digest.storage.database.engine import Database
from tests.builders import NOW, a_list
from tests.fakes_delivery import an_app

SILENT = 300


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    database = Database(f"sqlite:///{tmp_path}/x.db", busy_seconds=30, connect_seconds=3)
    await database.upgrade()
    async with database.begin() as session:
        session.add(a_list())
    yield an_app(database, None, FixedClock(NOW))
    await database.close()


@pytest.fixture
async def port(app: App) -> AsyncIterator[int]:
    sock = listening.bound("127.0.0.1", 0)
    async with listening.answering(build(app), sock):
        yield sock.getsockname()[1]


async def asks(port: int, head: str, body: str = "") -> int:
    """Send a request and return the answer's status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{head} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{body}".encode())
    if not body:
        writer.write(b"\r\n")
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def silent_ones(port: int, count: int, said: bytes = b"") -> list[socket.socket]:
    made = []
    for _ in range(count):
        one = socket.socket()
        one.setblocking(False)
        await asyncio.get_running_loop().sock_connect(one, ("127.0.0.1", port))
        if said:
            one.send(said)
        made.append(one)
    await asyncio.sleep(0.2)
    return made


def still_open(sockets: list[socket.socket]) -> int:
    count = 0
    for one in sockets:
        try:
            while one.recv(65536):
                pass
        except BlockingIOError:
            count += 1
        except OSError:
            pass
    return count


@pytest.mark.red("idle-connections")
async def test_silent_connections_take_no_more_than_their_share_and_pages_are_answered_meanwhile(
    port: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http_limits, "MOST", 40)
    silent = await silent_ones(port, SILENT)
    try:
        assert still_open(silent) <= 40
        assert await asks(port, "GET /l/daily") == 200
    finally:
        for one in silent:
            one.close()


SLOW_BODY = b"POST /l/daily/subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 6000\r\n\r\ne"


@pytest.mark.red("idle-connections")
@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHo", SLOW_BODY], ids=["nothing", "half", "body"])
async def test_a_connection_that_does_not_say_what_it_wants_is_ended(
    port: int, monkeypatch: pytest.MonkeyPatch, said: bytes
):
    monkeypatch.setattr(http_limits, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(http_limits, "REQUEST_SECONDS", 0.5)
    silent = await silent_ones(port, 5, said)
    assert still_open(silent) == 5
    for _ in range(100):
        if not still_open(silent):
            break
        await asyncio.sleep(0.1)
    assert still_open(silent) == 0
    for one in silent:
        one.close()


@pytest.mark.red("pool-timeout")
async def test_a_locked_file_is_read_at_once_and_a_sign_up_is_told_so_in_seconds(
    app: App, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listening, "PAGE_SECONDS", 1.0)
    form = "email=amal%40mujaz.example"
    body = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}"
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        reads = await asyncio.gather(*(asks(port, "GET /l/daily") for _ in range(40)))
        assert set(reads) == {200}
        assert time.monotonic() - begun < 10
        begun = time.monotonic()
        posts = await asyncio.gather(*(asks(port, "POST /l/daily/subscribe", body) for _ in range(10)))
        assert set(posts) == {503}
        assert time.monotonic() - begun < 15
        with suppress(sqlite3.Error):
            other.execute("ROLLBACK")
    assert await asks(port, "POST /l/daily/subscribe", body) == 200


async def test_ready_says_no_while_the_database_is_away_and_health_stays_what_it_was(
    app: App, port: int, monkeypatch: pytest.MonkeyPatch
):
    assert (await asks(port, "GET /ready"), await asks(port, "GET /healthz")) == (200, 200)
    away = Database("postgresql://x@127.0.0.1:1/x", connect_seconds=2)
    monkeypatch.setattr(app.database, "require_current", away.require_current)
    assert await asks(port, "GET /ready") == 503
    await away.close()
