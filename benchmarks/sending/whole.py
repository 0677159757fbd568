"""The whole job in one process: claim, build, send, record, for an edition of about 60 kB.

    python benchmarks/sending/whole.py URL PORT RECIPIENTS FORM CONNECTIONS GATE [MESSAGES_A_CONNECTION]

FORM is base64, 8bit or bdat, and may end with +uvloop, +webhook (one is told of all events) or +clicks (the
list's links are counted). Prints JSON: seconds from the first claim to the last record, CPU seconds,
messages, bytes of one message, and the most memory the process had. The audience is made and frozen by
another process before the clock runs.
"""

import asyncio
import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import scene
from transport import Clock

from digest.bootstrap import configure_logging, opened
from digest.deliver.mailer import Job, Mailer
from digest.deliver.outcome import Outcome
from digest.model import Edition, MailingList
from digest.render.message.mime import Recipient
from digest.services.app import App
from digest.services.sending.batches import deliver_edition
from digest.settings import Settings


class OneForm:
    """A mailer that is not told of the eight-bit form."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def send(
        self, jobs: AsyncIterator[Job], settle: Callable[[Job, Outcome], None], most: object = None
    ) -> None:
        made: dict[int, Job] = {}

        async def ascii_only() -> AsyncIterator[Job]:
            async for job in jobs:
                made[job.subscriber_id] = job
                yield job._replace(build_eight_bit=None)

        await self._mailer.send(
            ascii_only(), lambda job, outcome: settle(made.pop(job.subscriber_id), outcome)
        )

    async def check(self) -> str:
        return await self._mailer.check()


def size(app: App, mailing_list: MailingList, edition: Edition, *, eight_bit: bool) -> int:
    """Bytes of one message."""
    link = "https://mujaz.example/" + "x" * 60
    person = Recipient(
        email="reader1@mujaz.example",
        name="قارئ",
        message_id="<0123456789abcdef0123456789abcdef@mujaz.example>",
        unsubscribe_url=link,
        unsubscribe_mailto="digest@mujaz.example",
        preferences_url=link,
    )
    return len(app.renderer.prepared(mailing_list, edition).build(person, eight_bit=eight_bit))


async def measured(chosen: Settings, form: str, readers: int, number: int) -> dict[str, Any]:
    """Measure one send of an edition."""
    configure_logging(chosen.run)
    async with opened(chosen) as app:
        async with app.database.begin() as session:
            edition = await session.get(Edition, number)
            mailing_list = await session.get(MailingList, edition.list_id if edition else 0)
        assert edition is not None
        assert mailing_list is not None
        octets = size(app, mailing_list, edition, eight_bit=form != "base64")
        sender = replace(app, mailer=OneForm(app.mailer)) if form == "base64" else app
        gc.collect()  # what making ready left behind is not the send's
        clock = Clock()
        books = await deliver_edition(sender, number, lambda _: None)
        found = clock.read(readers)
        assert books.sent == readers, books.line()
        assert books.holds
    most_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**found, "bytes": octets, "memory": most_memory}


def main() -> None:
    url, port, readers, form, connections, gate, *more = sys.argv[1:]
    most = int(more[0]) if more else 1_000_000
    run: Callable[..., Any] = asyncio.run
    if form.endswith("+uvloop"):
        import uvloop

        run, form = uvloop.run, form.removesuffix("+uvloop")
    form, _, extra = form.partition("+")
    os.environ[scene.EXTRA] = extra
    made = [sys.executable, str(Path(__file__).with_name("scene.py")), url, port, readers, connections, gate]
    number = int(subprocess.run(made, check=True, stdout=subprocess.PIPE, text=True).stdout)
    chosen = scene.settings(url, int(port), int(connections), int(gate), chunking=form == "bdat", most=most)
    found = run(measured(chosen, form, int(readers), number))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
