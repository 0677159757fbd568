"""Jobs and outcomes for tests of mailers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from typing import Any

from digest.deliver.mailer import Job, Mailer
from digest.deliver.outcome import Kind, Outcome
from digest.settings import MailSettings


def a_message(recipient: str, size: int = 300) -> bytes:
    line = b"0123456789" * 7 + b"\r\n"
    return b"Subject: news\r\nTo: " + recipient.encode() + b"\r\n\r\n" + line * max(1, size // len(line))


def a_job(number: int, recipient: str | None = None, **fields: Any) -> Job:
    to = recipient if recipient is not None else f"reader{number}@mujaz.example"
    return Job(
        **{
            "subscriber_id": number,
            "sender": f"b+{number}.{'victim' if 'victim' in to else 'x'}@bounces.mujaz.example",
            "recipient": to,
            "build": lambda: a_message(to),
            "ready": True,
            **fields,
        }
    )


class Outcomes:
    """Keeps what was settled, and when."""

    def __init__(self) -> None:
        self.all: list[tuple[int, Outcome]] = []
        self.at: dict[int, float] = {}

    def settle(self, job: Job, outcome: Outcome) -> None:
        self.all.append((job.subscriber_id, outcome))
        self.at[job.subscriber_id] = asyncio.get_running_loop().time()

    def of(self, number: int) -> Outcome:
        found = [outcome for one, outcome in self.all if one == number]
        assert len(found) == 1, f"job {number} was settled {len(found)} times"
        return found[0]

    @property
    def kinds(self) -> Counter[Kind]:
        return Counter(outcome.kind for _, outcome in self.all)


async def feed(jobs: Iterable[Job]) -> AsyncIterator[Job]:
    for job in jobs:
        yield job


async def sent(mailer: Mailer, jobs: Iterable[Job]) -> Outcomes:
    outcomes = Outcomes()
    await mailer.send(feed(jobs), outcomes.settle)
    return outcomes


def mail_settings(port: int, **fields: Any) -> MailSettings:
    return MailSettings(
        **{
            "host": "127.0.0.1",
            "port": port,
            "tls": "none",
            "local_name": "sender.mujaz.example",
            "connections": 2,
            "timeout_seconds": 5,
            **fields,
        }
    )
