"""Send jobs over pooled connections to one or several servers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Self

import structlog
from aiosmtplib import SMTPException

from digest.deliver.mailer import ANY_NUMBER, Job
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.smtp import balancing
from digest.deliver.smtp.connect import connect
from digest.deliver.smtp.conversation import Conversation, End
from digest.deliver.smtp.dispatch import Dispatcher
from digest.deliver.smtp.envelope import announced
from digest.deliver.smtp.idle_connections import IdleConnection, IdleConnections
from digest.deliver.smtp.pipelined import PipelinedSession
from digest.deliver.smtp.sequential import SequentialSession
from digest.deliver.smtp.timeouts import Timeouts
from digest.errors import DeliveryError, DigestError, TemporaryDeliveryError
from digest.settings import MailServer, MailSettings

log = structlog.get_logger()

LONGEST_FAREWELL = 5.0
FRUITLESS = 3
"""Conversations in a row that broke before one message was taken; after them the server counts as down."""


@dataclass(slots=True)
class _Crew:
    """The connections of one server. The last of them never retires: it tries again when the server is up."""

    server: MailServer
    place: int
    alive: int


class SmtpMailer:
    """Sends through the servers of the settings, each connection used for message after message.

    `pause_seconds` is waited before a server that broke a connection is dialled again; it doubles each time.
    Used as a context manager, it keeps its connections for the next `send` until it is left; otherwise each
    `send` says QUIT.
    """

    def __init__(self, settings: MailSettings, *, pause_seconds: float = 1.0) -> None:
        self._servers = settings.all_servers
        self._plain_hosts = settings.plain_hosts
        self._timeouts = Timeouts.within(settings.timeout_seconds, settings.connect_seconds)
        self._pause = pause_seconds
        farewell = min(self._timeouts.command, LONGEST_FAREWELL)
        self._kept = IdleConnections(len(self._servers), farewell)
        self._health = [
            balancing.ServerHealth(weight=one.weight, routes=frozenset(one.lists)) for one in self._servers
        ]

    async def __aenter__(self) -> Self:
        self._kept.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._kept.close()

    async def check(self) -> str:
        """Connect to each server, greet, log in and quit; return their answers, one line a server.

        Raises:
            DeliveryError: what failed, in one sentence that says what to do.
        """
        answers = []
        for server in self._servers:
            client = await connect(server, self._timeouts)
            try:
                code, reply = await client.noop()
            except (SMTPException, OSError) as error:
                client.close()
                raise TemporaryDeliveryError(
                    f"{server.label} does not answer: {error}.", remedy="Try again later."
                ) from error
            await self._kept.quit(IdleConnection(client))
            answers.append(
                f"{code} {reply}" if len(self._servers) == 1 else f"{server.label}: {code} {reply}"
            )
        return "\n".join(answers)

    async def send(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        most: Mapping[str, int] = ANY_NUMBER,
    ) -> None:
        """Send jobs as they come. See `Mailer.send`."""
        first = await self._first_connections()
        rooms = [2 * one.connections for one in self._servers]
        limits = [most.get(one.label) for one in self._servers] if most else ()
        intake = Dispatcher(jobs, settle, self._health, rooms, time.monotonic, most=limits)
        broken: list[Exception] = []
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_fed(intake, broken))
                for place, server in enumerate(self._servers):
                    crew = _Crew(server, place, server.connections)
                    for number in range(server.connections):
                        link = first[place] if number == 0 else None
                        group.create_task(self._work(crew, link, intake))
        finally:
            intake.close()
        if broken:
            raise broken[0]

    async def _first_connections(self) -> list[IdleConnection | None]:
        """Make one connection to each server that is up, or to any when none is.

        Raises:
            TemporaryDeliveryError: not one could be made.
        """
        now = time.monotonic()
        up = [one.up(now) for one in self._health]
        tried = [any_up or not any(up) for any_up in up]
        made = await asyncio.gather(
            *(self._linked(place) for place, wanted in enumerate(tried) if wanted),
            return_exceptions=True,
        )
        results = iter(made)
        first: list[IdleConnection | None] = []
        reasons: list[BaseException] = []
        for place, wanted in enumerate(tried):
            result = next(results) if wanted else None
            first.append(result if isinstance(result, IdleConnection) else None)
            if isinstance(result, IdleConnection):
                self._health[place] = balancing.recovered(self._health[place])
            elif result is not None:
                reasons.append(result)
                self._health[place] = balancing.failed(self._health[place], now)
        for reason in reasons:
            if not isinstance(reason, DigestError):
                raise reason
        if not any(first):
            error = reasons[0]
            code, reply = (error.code, error.reply) if isinstance(error, DeliveryError) else (None, "")
            raise TemporaryDeliveryError(str(error), code=code, reply=reply) from error
        return first

    async def _work(self, crew: _Crew, link: IdleConnection | None, intake: Dispatcher) -> None:
        """Be one connection, made anew as often as there is work for it."""
        line = intake.lines[crew.place]
        fruitless = 0
        try:
            while await line.filled():
                try:
                    link = await self._alive(crew, link, fruitless)
                except DigestError as error:
                    if self._gave_up(crew, intake, str(error)):
                        return
                    continue
                end, accepted = await self._conversed(crew, link, intake)
                if end is End.LIMIT:
                    await self._kept.quit(link)
                if end is not End.DRY:
                    link = None
                fruitless = 0 if end in {End.DRY, End.LIMIT} else 1 if accepted else fruitless + 1
                if fruitless >= FRUITLESS:
                    fruitless = 0
                    if self._gave_up(crew, intake, f"{crew.server.label} breaks every connection."):
                        return
        finally:
            if link is not None:
                await self._kept.put(crew.place, link)

    async def _alive(self, crew: _Crew, link: IdleConnection | None, fruitless: int) -> IdleConnection:
        """Return a connection that is alive: this one, or another after a pause that grows with each
        fruitless one.
        """
        if link is not None and link.client.is_connected:
            return link
        if fruitless:
            await asyncio.sleep(min(self._pause * 2 ** (fruitless - 1), 30))
        return await self._linked(crew.place)

    async def _linked(self, place: int) -> IdleConnection:
        """Return a kept connection, or a new one."""
        return self._kept.take(place) or IdleConnection(await connect(self._servers[place], self._timeouts))

    async def _conversed(self, crew: _Crew, link: IdleConnection, intake: Dispatcher) -> tuple[End, int]:
        server, client = crew.server, link.client
        features = announced(client.esmtp_extensions)
        talk = Conversation(
            features=features,
            timeouts=self._timeouts,
            intake=intake,
            line=intake.lines[crew.place],
            most=server.messages_per_connection - link.carried,
            chunking=server.chunking and features.chunking,
        )
        transport, protocol = client.transport, client.protocol
        if not features.pipelining or self._distrusted(server) or transport is None or protocol is None:
            plain = SequentialSession(talk, client)
            end = await plain.run()
            link.carried += talk.taken
            return end, plain.accepted
        session = PipelinedSession(talk, protocol)
        try:
            session.start(transport)
            end = await asyncio.shield(session.ended)  # a cancelled wait must not cancel the future itself
        except BaseException:
            session.stop()
            raise
        link.carried += talk.taken
        if end in {End.DRY, End.LIMIT}:
            session.give_back()
        else:
            client.close()
            log.warning("connection.broken", server=server.label, end=end.value)
        return end, session.accepted

    def _distrusted(self, server: MailServer) -> bool:
        return not server.pipelining or any(
            fnmatchcase(server.host.lower(), pattern.lower()) for pattern in self._plain_hosts
        )

    def _gave_up(self, crew: _Crew, intake: Dispatcher, why: str) -> bool:
        """Note that a connection could not be made; True when this one is not needed any more."""
        log.warning("server.unreachable", server=crew.server.label, reason=why)
        if crew.alive > 1:
            # Others are alive or still trying; perhaps the server only takes fewer connections than we want.
            crew.alive -= 1
            return True
        self._health[crew.place] = balancing.failed(self._health[crew.place], time.monotonic())
        intake.move(crew.place, Outcome(Kind.UNTRIED, None, why[:300]))
        return False


async def _fed(intake: Dispatcher, broken: list[Exception]) -> None:
    # A feed that breaks must not cut off what is on the wire: it is kept, and raised when all is settled.
    try:
        await intake.feed()
    except Exception as error:  # noqa: BLE001 - raised again by `send`
        broken.append(error)
