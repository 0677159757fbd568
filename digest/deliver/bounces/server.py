"""The bounce server: takes in returned mail by LMTP or SMTP."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from digest.deliver.bounces.report import UnreadableMailError
from digest.errors import ConfigError
from digest.text.direction.safe_message import LARGEST

log = structlog.get_logger()

Take = Callable[[bytes, tuple[str, ...]], Awaitable[None]]
"""Takes a mail and the recipients of its envelope; returns when it is kept. What it raises makes the sender
try again.
"""


class BounceServer:
    """Listens while it is open. A mail is accepted when `take` has returned, never before.

    `ours` says whether a recipient is an address of ours; mail for others is refused, so that the server is
    no relay and no inbox for spam. `name` is how it calls itself in its greeting; None: this machine's name.

    Raises:
        ConfigError: the port is taken, or may not be used.
    """

    def __init__(
        self,
        take: Take,
        ours: Callable[[str], bool],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        lmtp: bool = True,
        name: str | None = None,
    ) -> None:
        self.port = port
        # Not aiosmtpd's own default: it would ask the DNS, and wait.
        self._name = name or socket.gethostname()
        self._host = host
        self._handler = _Taking(take, ours)
        self._kind: type[SMTP] = LMTP if lmtp else SMTP
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            return self._kind(
                self._handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, hostname=self._name, loop=loop
            )

        try:
            self._server = await loop.create_server(protocol, self._host, self.port)
        except OSError as error:
            raise ConfigError(
                f"The bounce server cannot listen on {self._host}:{self.port}: {error.strerror}.",
                remedy="Correct bounces.listen_host and bounces.listen_port.",
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


class _Taking:
    """aiosmtpd's handler."""

    def __init__(self, take: Take, ours: Callable[[str], bool]) -> None:
        self._take = take
        self._ours = ours

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if not self._ours(address):
            return "550 5.1.1 No address of ours"
        if envelope.rcpt_tos:
            # LMTP owes one answer a recipient at the end, and a report is about one anyway.
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content: Any = envelope.content
        try:
            await self._take(bytes(content), tuple(envelope.rcpt_tos))
        except UnreadableMailError as error:
            # For good: tried again it would be the same, and stand in the sender's queue for days.
            log.warning("bounce.unreadable", sent_to=envelope.rcpt_tos, reason=error.message)
            return "554 5.6.0 It cannot be read"
        except Exception:
            # Whatever it was: the mail is not kept, and its sender shall keep it.
            log.exception("bounce.not_kept")
            return "451 4.3.0 It could not be kept; try again later"
        return "250 2.0.0 Kept"
