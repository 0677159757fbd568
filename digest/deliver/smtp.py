"""Mail over SMTP by aiosmtplib: several connections, bytes only, one outcome a message."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import structlog
from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from digest.deliver import policy
from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.errors import DeliveryError, PermanentDeliveryError, TemporaryDeliveryError
from digest.settings import MailSettings

log = structlog.get_logger()

UNSAFE = ("\r", "\n", "\x00", "<", ">", " ")
"""What may stand in no address of an envelope: it would end the command and begin another."""


class SmtpMailer:
    """Sends through one server with up to `connections` connections, each used for message after message."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def check(self) -> str:
        """Connect, greet, log in and quit; return the server's greeting.

        Raises:
            DeliveryError: what failed, in one sentence that says what to do.
        """
        client = await self._connected()
        code, reply = await client.noop()
        await _quit(client)
        return f"{code} {reply}"

    async def send(self, jobs: AsyncIterator[Job], settle: Callable[[Job, Outcome], None]) -> None:
        """Send jobs as they come. See `Mailer.send`."""
        first = await self._connected()
        pulled = _Shared(jobs)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._work(first, pulled, settle))
            for _ in range(self._settings.connections - 1):
                group.create_task(self._work(None, pulled, settle))

    async def _work(
        self, client: SMTP | None, jobs: "_Shared", settle: Callable[[Job, Outcome], None]
    ) -> None:
        try:
            while (job := await jobs.next()) is not None:
                try:
                    if client is None or not client.is_connected:
                        client = await self._connected()
                    outcome = await _sent(client, job)
                except DeliveryError as error:
                    outcome = Outcome(Kind.TEMPORARY, error.code, str(error))
                if outcome.kind is Kind.RATE and client is not None:
                    client.close()
                settle(job, outcome)
        finally:
            if client is not None:
                await _quit(client)

    async def _connected(self) -> SMTP:
        chosen = self._settings
        client = SMTP(
            hostname=chosen.host,
            port=chosen.port,
            timeout=chosen.timeout_seconds,
            use_tls=chosen.tls == "implicit",
            start_tls={"starttls": True, "opportunistic": None}.get(chosen.tls, False),
            username=chosen.username,
            password=chosen.password.get_secret_value() if chosen.password else None,
        )
        where = f"{chosen.host}:{chosen.port}"
        try:
            await client.connect()
        except SMTPAuthenticationError as error:
            raise PermanentDeliveryError(
                f"{where} refused the login: {error.code} {error.message}.",
                code=error.code,
                reply=error.message,
                remedy="Correct mail.username and mail.password.",
            ) from error
        except SMTPResponseException as error:
            raise TemporaryDeliveryError(
                f"{where} refused the connection: {error.code} {error.message}.",
                code=error.code,
                reply=error.message,
                remedy="Try again later, or correct the mail settings.",
            ) from error
        except (SMTPException, OSError) as error:
            raise TemporaryDeliveryError(
                f"{where} cannot be reached: {error}.",
                remedy="Check mail.host, mail.port and mail.tls; what was to be sent waits.",
            ) from error
        return client


class _Shared:
    """Jobs that several connections pull from, one at a time."""

    def __init__(self, jobs: AsyncIterator[Job]) -> None:
        self._jobs = jobs
        self._turn = asyncio.Lock()

    async def next(self) -> Job | None:
        """Return the next job, or None when there is none any more."""
        async with self._turn:
            return await anext(self._jobs, None)


async def _sent(client: SMTP, job: Job) -> Outcome:
    for address in (job.sender, job.recipient):
        if any(mark in address for mark in UNSAFE) or not address:
            return Outcome(Kind.UNSAFE, None, "the address holds a character that no envelope may hold")
    if not job.recipient.isascii() and not client.supports_extension("smtputf8"):
        return Outcome(Kind.UTF8, None, "the server does not take addresses outside ASCII")
    options = [] if job.recipient.isascii() and job.sender.isascii() else ["SMTPUTF8"]
    try:
        _, reply = await client.sendmail(job.sender, [job.recipient], job.build(), mail_options=options)
    except SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        return _judged(refused.code, refused.message, "rcpt")
    except SMTPSenderRefused as error:
        return _judged(error.code, error.message, "mail")
    except SMTPResponseException as error:
        return _judged(error.code, error.message, "body")
    except (SMTPServerDisconnected, SMTPException, OSError) as error:
        with suppress(SMTPException, OSError):
            client.close()
        return Outcome(Kind.LOST, None, f"the connection was lost: {error}"[:300])
    return Outcome(Kind.ACCEPTED, 250, reply)


def _judged(code: int, reply: str, stage: str) -> Outcome:
    return Outcome(policy.judge(code, reply, stage=stage), code, reply)


async def _quit(client: SMTP) -> None:
    with suppress(SMTPException, OSError):
        await client.quit()
    client.close()
