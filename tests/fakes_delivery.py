"""Stand-ins for the sending side: a mail server that does as it is told, a queue that only gathers, an App around them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from digest.clock import Clock, FixedClock
from digest.collect.fetch.http import Http
from digest.deliver import policy
from digest.deliver.mailer import ANY_NUMBER, Job, whole
from digest.deliver.outcome import Kind, Outcome
from digest.errors import TemporaryDeliveryError
from digest.keys import KeyRing
from digest.model import Edition, EditionContent
from digest.render.links import Links
from digest.render.message.rendered import RenderedEdition, Token
from digest.render.renderer import EditionRenderer
from digest.render.templating.style import MailStyle
from digest.runtime.inprocess import InProcessQueue
from digest.services.app import App
from digest.settings import Settings
from digest.storage.database.engine import Database
from digest.summarize.extractive import Extractive
from tests.builders import NOW, a_list, a_subscriber, a_subscription, an_edition


class FakeMailer:
    """A server that takes everything, except what it is told to refuse. `taken` counts the letters of each address."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.limits: list[Mapping[str, int]] = []
        self.message_ids: Counter[bytes] = Counter()
        self.on_the_wire = 0
        self.most_on_the_wire = 0
        self.before_each: Callable[[Job], None] = lambda _: None
        self.after_each: Callable[[Job], None] = lambda _: None
        self._refusals: dict[str, tuple[int, str]] = {}
        self._lost: set[str] = set()
        self._away = False
        self.busy = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    def refuses(self, address: str, code: int, reply: str = "") -> None:
        """Answer RCPT for an address with that code from now on."""
        self._refusals[address] = (code, reply)

    def accepts(self, address: str) -> None:
        """Take an address's mail again."""
        self._refusals.pop(address, None)

    def loses(self, address: str) -> None:
        """Break the connection after the letter to an address, without a reply."""
        self._lost.add(address)

    def is_away(self) -> None:
        """Let nobody connect."""
        self._away = True

    def is_back(self) -> None:
        """Let everybody connect again."""
        self._away = False

    async def send(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        most: Mapping[str, int] = ANY_NUMBER,
    ) -> None:
        """See `Mailer.send`. `limits` keeps what servers may be given, send by send."""
        self.limits.append(most)
        if self._away:
            raise TemporaryDeliveryError("127.0.0.1:25 cannot be reached.")
        async for job in jobs:
            self.before_each(job)
            self.on_the_wire += 1
            self.busy.set()
            self.most_on_the_wire = max(self.most_on_the_wire, self.on_the_wire)
            await self.gate.wait()
            settle(job, self._outcome(job))
            self.on_the_wire -= 1
            self.after_each(job)

    async def check(self) -> str:
        """See `Mailer.check`."""
        return "250 2.0.0 ok"

    def _outcome(self, job: Job) -> Outcome:
        if job.recipient in self._refusals:
            code, reply = self._refusals[job.recipient]
            return Outcome(policy.judge(code, reply, stage="rcpt"), code, reply)
        self.taken[job.recipient] += 1
        header = whole(job.build()).partition(b"\r\n\r\n")[0]
        self.message_ids[header.lower().partition(b"\r\nmessage-id: ")[2].partition(b"\r\n")[0]] += 1
        if job.recipient in self._lost:
            return Outcome(Kind.LOST, None, "the connection was lost")
        return Outcome(Kind.ACCEPTED, 250, "2.0.0 ok")


class HoardingMailer(FakeMailer):
    """A server that answers only when it has as many letters in hand as it can get."""

    async def send(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        most: Mapping[str, int] = ANY_NUMBER,
    ) -> None:
        """Pull jobs until none comes for a moment, then answer all."""
        waiting: list[Job] = []
        pending: asyncio.Task[Job | None] | None = None
        while True:
            pending = pending or asyncio.ensure_future(anext(jobs, None))
            done, _ = await asyncio.wait({pending}, timeout=0.2)
            if done and (job := pending.result()) is not None:
                waiting.append(job)
                pending = None
                self.most_on_the_wire = max(self.most_on_the_wire, len(waiting))
                continue
            for each in waiting:
                settle(each, self._outcome(each))
            waiting = []
            if done:
                return


async def keep_an_edition(
    database: Database,
    addresses: int | Sequence[str],
    *,
    edition: dict[str, Any] | None = None,
    **fields: Any,
) -> Edition:
    """Keep a list with that many confirmed readers, or with those addresses, and an approved edition for them."""
    named = [{}] * addresses if isinstance(addresses, int) else [{"email": one} for one in addresses]
    async with database.begin() as session:
        mailing_list = a_list(**fields)
        session.add(mailing_list)
        people = [a_subscriber(number, **one) for number, one in enumerate(named, 1)]
        session.add_all(people)
        await session.flush()
        session.add_all(a_subscription(mailing_list.id or 0, person.id or 0) for person in people)
        made = an_edition(mailing_list.id or 0, **(edition or {}))
        session.add(made)
        await session.flush()
    return made


def plain(content: EditionContent, mail_style: MailStyle, *, now: datetime) -> RenderedEdition:
    """Render a mail of few words, quickly."""
    del now
    html = f'<html lang="ar" dir="rtl"><body dir="rtl"><p>{mail_style.list_name} {Token.UNSUBSCRIBE}</p></body></html>\n'
    text = f"{mail_style.list_name} {content.number} {Token.UNSUBSCRIBE}\n"
    return RenderedEdition(subject=mail_style.list_name, html=html, text=text)


def an_app(
    database: Database, mailer: Any = None, clock: Clock | None = None, settings: dict[str, Any] | None = None
) -> App:
    """An App on a real database, without network: mail goes to `mailer`."""
    chosen = Settings.model_validate(settings or {})
    keys = KeyRing.of(b"s" * 32)
    links = Links(public_url="https://mujaz.example", keys=keys)
    return App(
        settings=chosen,
        database=database,
        http=Http(chosen.collect, "0"),
        summarizer=Extractive(),
        renderer=EditionRenderer(chosen.mail, links, renderer=plain),
        mailer=mailer or FakeMailer(),
        links=links,
        keys=keys,
        clock=clock or FixedClock(NOW),
        queue=InProcessQueue(),
        random=lambda: 0.5,
    )
