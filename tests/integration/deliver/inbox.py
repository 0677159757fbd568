"""A real SMTP server that keeps what it gets, for tests of mailers."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Inbox:
    """aiosmtpd's handler: refuses by the recipient's local part, keeps the rest."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        local = address.partition("@")[0]
        if local == "later":
            return "451 4.7.1 Greylisted"
        if local == "nobody":
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.kept.append((envelope.rcpt_tos[0], content))
        return "250 2.0.0 Kept"


def _check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"mujaz", b"secret")
    return AuthResult(success=right, handled=right)


@asynccontextmanager
async def real_server(
    inbox: Inbox, *, implicit: ssl.SSLContext | None = None, kind: type[SMTP] = SMTP, **options: Any
) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    open_now: set[SMTP] = set()

    def protocol() -> SMTP:
        made = kind(inbox, enable_SMTPUTF8=True, hostname="mx.mujaz.example", loop=loop, **options)
        open_now.add(made)
        return made

    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for one in open_now:
        if one.transport is not None:
            one.transport.abort()
    await asyncio.sleep(0.01)
