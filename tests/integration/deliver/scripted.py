"""An SMTP server for tests that keeps to the protocol until it is told to break it at one step."""

import asyncio
import ssl
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

EXTENSIONS = ("PIPELINING", "CHUNKING", "8BITMIME", "SIZE 10000000", "SMTPUTF8", "ENHANCEDSTATUSCODES")
VICTIM = "victim"
TEXTS = {
    "421": b"421 4.3.2 Closing\r\n",
    "4xx": b"451 4.3.0 Not now\r\n",
    "5xx": b"554 5.5.0 Never\r\n",
    "garbage": b"\x00\xff what is this\r\n",
    "half": b"25",
}


@dataclass
class Received:
    """One message that the server took."""

    sender: str
    recipient: str
    content: bytes


@dataclass
class ScriptedServer:
    """Listens on 127.0.0.1. At `step` it does `fault`: to transactions of the victim, or to every connection.

    Steps of a connection: banner, EHLO, STARTTLS, AUTH, QUIT; of a message: MAIL, RCPT, DATA, body, dot.
    """

    step: str = ""
    fault: str = ""
    extensions: tuple[str, ...] = EXTENSIONS
    tls: ssl.SSLContext | None = None
    implicit: ssl.SSLContext | None = None
    only_first: int = 1_000_000
    received: list[Received] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    over: bool = False

    async def __aenter__(self) -> Self:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(
            self._accepted, "127.0.0.1", 0, ssl=self.implicit, limit=2**24
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        self.over = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # both ends of each connection hear that it is closed

    def hang_up(self) -> None:
        """Close every connection, as a server does that is restarted."""
        for task in self._tasks:
            task.cancel()

    @property
    def recipients(self) -> Counter[str]:
        return Counter(one.recipient for one in self.received)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        faulty = self.connections <= self.only_first
        task = asyncio.create_task(_Conversation(self, reader, writer, faulty=faulty).run())
        self._tasks.add(task)


class _OverError(Exception):
    pass


class _Conversation:
    def __init__(
        self,
        server: ScriptedServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        faulty: bool,
    ) -> None:
        self.server, self.reader, self.writer, self.faulty = server, reader, writer, faulty
        self.sender = self.recipient = ""
        self.open = False

    async def run(self) -> None:
        try:
            with suppress(_OverError, ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                if not await self.fails("banner"):
                    self.say(b"220 scripted.mujaz.example ESMTP\r\n")
                while line := await self.reader.readline():
                    self.server.commands.append(line)
                    await self.answer(line)
            self.writer.close()
        finally:
            if not self.writer.is_closing() or self.server.over:
                self.writer.transport.abort()

    def say(self, reply: bytes) -> None:
        self.writer.write(reply)

    async def fails(self, step: str, *, victim: bool = True) -> bool:
        """Do the fault when this is its step. True: the command has been answered by it."""
        if not (self.faulty and victim and step == self.server.step):
            return False
        fault = self.server.fault
        if fault == "drop":
            await self.writer.drain()
            self.writer.transport.abort()
            raise _OverError
        if fault in TEXTS:
            self.say(TEXTS[fault])
        if fault == "421" or (step == "banner" and fault in {"4xx", "5xx"}):
            await self.writer.drain()
            with suppress(OSError, NotImplementedError):
                # What the client has written ahead is read, or closing would reset the connection and lose the reply.
                self.writer.write_eof()
                while await self.reader.read(65_536):
                    pass
            raise _OverError
        while fault in {"hang", "half", "slow"}:
            await asyncio.sleep(0.05)
            if fault == "slow":
                self.say(b"2")
                await self.writer.drain()
        return True

    async def answer(self, line: bytes) -> None:
        verb = line[:4].upper().strip()
        if verb in {b"EHLO", b"HELO"}:
            if not await self.fails("EHLO"):
                self.greet()
        elif verb == b"STAR":
            if not await self.fails("STARTTLS"):
                self.say(b"220 2.0.0 Go ahead\r\n")
                await self.writer.start_tls(self.server.tls)  # type: ignore[arg-type]
        elif verb == b"AUTH":
            if not await self.fails("AUTH"):
                self.say(b"235 2.7.0 Welcome\r\n")
        elif verb == b"QUIT":
            if not await self.fails("QUIT"):
                self.say(b"221 2.0.0 Bye\r\n")
                await self.writer.drain()
                raise _OverError
        else:
            await self.message(verb, line)

    def greet(self) -> None:
        secured = self.writer.get_extra_info("sslcontext") is not None
        lines = [*self.server.extensions]
        if self.server.tls and not secured:
            lines.append("STARTTLS")
        names = ["scripted.mujaz.example", *lines]
        for name in names[:-1]:
            self.say(f"250-{name}\r\n".encode())
        self.say(f"250 {names[-1]}\r\n".encode())

    async def message(self, verb: bytes, line: bytes) -> None:
        victim = VICTIM in f"{line.decode()}{self.sender}{self.recipient}"
        if verb == b"RSET":
            self.open, self.sender, self.recipient = False, "", ""
            self.say(b"250 2.0.0 Forgotten\r\n")
        elif verb in {b"MAIL", b"RCPT"}:
            if not await self.fails(verb.decode(), victim=VICTIM.encode() in line):
                self.envelope(verb, line)
        elif verb == b"DATA" and not self.recipient:
            self.say(b"554 5.5.1 No valid recipients\r\n")
        elif verb == b"DATA":
            if not await self.fails("DATA", victim=victim):
                self.say(b"354 Go on\r\n")
                await self.data(victim=victim)
        elif verb == b"BDAT":
            await self.chunk(int(line.split()[1]), victim=victim)
        else:
            self.say(b"250 2.0.0 Here\r\n" if verb == b"NOOP" else b"500 5.5.2 What?\r\n")

    def envelope(self, verb: bytes, line: bytes) -> None:
        if self.open is (verb == b"MAIL"):
            self.say(b"503 5.5.1 Out of order\r\n")
        elif verb == b"MAIL":
            self.open, self.recipient, self.sender = True, "", _address(line)
            self.say(b"250 2.1.0 Ok\r\n")
        else:
            self.recipient = _address(line)
            self.say(b"250 2.1.5 Ok\r\n")

    async def data(self, *, victim: bool) -> None:
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line:
                raise _OverError
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 1:
                await self.fails("body", victim=victim)
        await self.done(b"".join(lines), victim=victim)

    async def chunk(self, size: int, *, victim: bool) -> None:
        head = await self.reader.readexactly(min(size, 10))
        if not self.recipient:
            await self.reader.readexactly(size - len(head))
            self.say(b"503 5.5.1 No valid recipients\r\n")
            return
        await self.fails("body", victim=victim)
        await self.done(head + await self.reader.readexactly(size - len(head)), victim=victim)

    async def done(self, content: bytes, *, victim: bool) -> None:
        sender, recipient = self.sender, self.recipient
        self.open, self.sender, self.recipient = False, "", ""
        answered = self.server.step == "body" and self.server.fault in {"4xx", "5xx", "garbage"}
        if victim and self.faulty and answered:
            return
        if not await self.fails("dot", victim=victim):
            self.server.received.append(Received(sender, recipient, content))
            self.say(b"250 2.0.0 Queued\r\n")


def _address(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()
