"""An SMTP server on loopback that keeps messages in a Maildir."""

import asyncio
import mailbox
from collections.abc import AsyncIterator, Callable, Mapping
from email.utils import formatdate
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from digest.deliver.mailer import ANY_NUMBER, Job
from digest.deliver.outcome import Outcome
from digest.deliver.smtp.pool import SmtpMailer
from digest.errors import StoreError
from digest.settings import MailSettings

LARGEST = 10_000_000
HOST = "127.0.0.1"


class DevMailServer:
    """Listens on a free port of 127.0.0.1 while it is open. Every message is kept with the trace lines of RFC
    5321 §4.4.

    Raises:
        StoreError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.port = 0
        self._folder = folder
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            box = mailbox.Maildir(self._folder, create=True)
        except OSError as error:
            raise StoreError(
                f"{self._folder} cannot be written: {error.strerror}.",
                remedy="Set mailbox.folder to a folder that can.",
            ) from error
        handler = _Keeping(box)
        loop = asyncio.get_running_loop()

        def protocol() -> SMTP:
            return SMTP(
                handler,
                enable_SMTPUTF8=True,
                data_size_limit=LARGEST,
                hostname="mailbox.mujaz.example",
                loop=loop,
            )

        self._server = await loop.create_server(protocol, HOST, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()


class _Keeping:
    """aiosmtpd's handler: one file a message."""

    def __init__(self, box: mailbox.Maildir) -> None:
        self._box = box

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        del server
        content: Any = envelope.content
        trace = (
            f"Return-Path: <{envelope.mail_from}>\r\n"
            f"Delivered-To: {', '.join(envelope.rcpt_tos)}\r\n"
            f"Received: from {session.host_name or 'localhost'} by mailbox.mujaz.example; {formatdate()}\r\n"
        )
        try:
            await asyncio.to_thread(self._box.add, trace.encode() + content)
        except OSError as error:
            return f"452 4.3.1 The mailbox cannot be written: {error.strerror}"
        return "250 2.0.0 Kept"


class EmbeddedMailer:
    """A mailer without a server of its own: it starts a `DevMailServer` with the first message and sends to
    that.

    To be used as a context manager, which stops the server.
    """

    def __init__(self, settings: MailSettings, folder: Path) -> None:
        self._settings = settings
        self._receiver = DevMailServer(folder)
        self._mailer: SmtpMailer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mailer is not None:
            await self._mailer.__aexit__(kind, error, trace)
            await self._receiver.__aexit__(kind, error, trace)

    async def send(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        most: Mapping[str, int] = ANY_NUMBER,
    ) -> None:
        """Send jobs to the embedded mailbox. See `Mailer.send`."""
        await (await self._started()).send(jobs, settle, most)

    async def check(self) -> str:
        """Say that the embedded mailbox takes mail."""
        return await (await self._started()).check()

    async def _started(self) -> SmtpMailer:
        if self._mailer is None:
            await self._receiver.__aenter__()
            self._mailer = SmtpMailer(
                self._settings.model_copy(
                    update={
                        "host": HOST,
                        "servers": (),
                        "port": self._receiver.port,
                        "tls": "none",
                        "username": None,
                        "password": None,
                    }
                )
            )
        return self._mailer
