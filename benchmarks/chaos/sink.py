"""An SMTP server in a process of its own that remembers every message by its Message-ID.

It listens on one port for each slot that a sender may have, so that a repeat can be laid at the door of the kill that
caused it. It announces PIPELINING and 8BITMIME and takes everything.
"""

import asyncio
import multiprocessing
import os
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.sharedctypes import Synchronized
from typing import Any

RETURN_PATH = re.compile(rb"<b\+(\d+)\.(\d+)\.", re.IGNORECASE)
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as it was taken: in which slot, when (`time.monotonic`), for whom."""

    slot: int
    at: float
    edition_id: int
    subscriber_id: int


@dataclass(slots=True)
class Sink:
    """The server as the harness sees it."""

    ports: list[int]
    count: "Synchronized[int]"
    _process: Any
    _pipe: Connection
    taken: dict[bytes, list[Taken]] = field(default_factory=dict)

    def stop(self) -> dict[bytes, list[Taken]]:
        """Stop the server; returns every Message-ID with the messages that bore it, in order."""
        self._pipe.send("stop")
        self.taken = self._pipe.recv()
        self._process.join()
        return self.taken


def started(context: ForkServerContext, slots: int, delay: float = 0.0) -> Sink:
    """Start a sink with that many ports. `delay`: seconds before each reply to a message."""
    ours, theirs = multiprocessing.Pipe()
    count = context.Value("q", 0)
    process = context.Process(target=_run, args=(theirs, slots, count, delay), daemon=True)
    process.start()
    return Sink(ports=ours.recv(), count=count, _process=process, _pipe=ours)


def _run(pipe: Connection, slots: int, count: "Synchronized[int]", delay: float) -> None:
    asyncio.run(_serve(pipe, slots, count, delay))


async def _serve(pipe: Connection, slots: int, count: "Synchronized[int]", delay: float) -> None:
    loop = asyncio.get_running_loop()
    taken: dict[bytes, list[Taken]] = defaultdict(list)
    servers = [
        await loop.create_server(lambda slot=slot: _Conversation(slot, taken, count, delay), "127.0.0.1", 0)  # type: ignore[misc]
        for slot in range(slots)
    ]
    pipe.send([server.sockets[0].getsockname()[1] for server in servers])
    parent = os.getppid()
    while not pipe.poll() and os.getppid() == parent:  # noqa: ASYNC110 - a pipe, not an event
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.1)
    pipe.send(dict(taken))


class _Conversation(asyncio.Protocol):
    def __init__(
        self, slot: int, taken: dict[bytes, list[Taken]], count: "Synchronized[int]", delay: float
    ) -> None:
        self._slot, self._taken, self._count, self._delay = slot, taken, count, delay
        self._buffer = bytearray()
        self._in_data = False
        self._sender = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say(b"220 sink.example")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            mark = b"\r\n.\r\n" if self._in_data else b"\r\n"
            end = self._buffer.find(mark)
            if end < 0:
                return
            line = bytes(self._buffer[:end])
            del self._buffer[: end + len(mark)]
            if self._in_data:
                self._in_data = False
                self._message(line)
            else:
                self._command(line)

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say(
                b"250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000"
            )
        elif verb == b"DATA":
            self._in_data = True
            self._say(b"354 go on")
        elif verb == b"QUIT":
            self._say(b"221 bye")
            if self._transport is not None:
                self._transport.close()
        else:
            if verb == b"MAIL":
                self._sender = line
            self._say(b"250 2.0.0 ok")

    def _message(self, message: bytes) -> None:
        header = message.partition(b"\r\n\r\n")[0]
        found, path = MESSAGE_ID.search(header), RETURN_PATH.search(self._sender)
        assert found is not None
        assert path is not None
        self._taken[found[1]].append(Taken(self._slot, time.monotonic(), int(path[1]), int(path[2])))
        with self._count.get_lock():
            self._count.value += 1
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._say, b"250 2.0.0 taken")
        else:
            self._say(b"250 2.0.0 taken")

    def _say(self, line: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(line + b"\r\n")
