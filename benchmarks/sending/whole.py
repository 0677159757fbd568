"""The whole job in one process: claim, build, send, record, for an edition of about 60 kB.

    python benchmarks/sending/whole.py URL PORT RECIPIENTS FORM CONNECTIONS GATE [MESSAGES_A_CONNECTION]

FORM is base64, 8bit or bdat, and may end with +uvloop. Prints JSON: seconds from the first claim to the last record, CPU seconds, messages, bytes of
one message, and the most memory the process had. The audience is made and frozen before the clock runs.
"""

import asyncio
import json
import resource
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from transport import Clock

from digest.bootstrap import configure_logging, opened
from digest.deliver.mailer import Job, Mailer
from digest.deliver.outcome import Outcome
from digest.model import (
    ArticleRef,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.render.mime import Recipient
from digest.services import deliveries, editions
from digest.services.app import App
from digest.settings import Settings
from digest.storage.engine import Database

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SENTENCE = "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ألف ومئتي متر، وقالت إن الشاحنات تعبره منذ الفجر من غير رسوم."
SECTIONS = {"economy": "الاقتصاد", "politics": "السياسة", "sport": "الرياضة", "culture": "الثقافة"}


class OneForm:
    """A mailer that is not told of the eight-bit form."""

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def send(self, jobs: AsyncIterator[Job], settle: Callable[[Job, Outcome], None]) -> None:
        made: dict[int, Job] = {}

        async def ascii_only() -> AsyncIterator[Job]:
            async for job in jobs:
                made[job.subscriber_id] = job
                yield replace(job, build_eight_bit=None)

        await self._mailer.send(
            ascii_only(), lambda job, outcome: settle(made.pop(job.subscriber_id), outcome)
        )

    async def check(self) -> str:
        return await self._mailer.check()


def content() -> EditionContent:
    """An edition of as many stories as make a mail of about 60 kB."""
    return EditionContent(
        list_slug="daily",
        list_name="موجز اليوم",
        number=1,
        local_date=date(2026, 1, 5),
        window_start=NOW - timedelta(hours=24),
        window_end=NOW,
        sections=tuple(
            Section(key=key, title=title, stories=tuple(_story(key, number) for number in range(3)))
            for key, title in SECTIONS.items()
        ),
    )


def _story(section: str, number: int) -> Story:
    return Story(
        key=f"{section}{number}",
        headline=f"افتتاح جسر المرفأ الجديد أمام الشاحنات، المرحلة {number}",
        section=section,
        summary=Summary(sentences=tuple(SummarySentence(text=f"{SENTENCE} ({part})") for part in range(2))),
        articles=(
            ArticleRef(
                title="افتتاح جسر المرفأ الجديد",
                source="المرفأ",
                url=f"https://marfa.example/{section}/{number}",
                published_at=NOW - timedelta(hours=3),
            ),
        ),
    )


async def audience(database: Database, readers: int, now: datetime) -> Edition:
    """Keep a list with that many readers, and an approved edition for them."""
    told = content()
    async with database.begin() as session:
        mailing = MailingList(slug="daily", name="موجز اليوم", created_at=NOW)
        session.add(mailing)
        await session.flush()
        numbers = f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {readers})"
        for insert, select in (
            (
                "INSERT INTO subscriber (id, email, name, locale, key, created_at)",
                "SELECT n, 'reader' || n || '@mujaz.example', 'قارئ', 'ar', 'k' || n, '2026-01-01 00:00:00' FROM numbers",
            ),
            (
                "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how,"
                " consent_from, frequency)",
                f"SELECT {mailing.id}, n, 'confirmed', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', '', 'daily'"
                " FROM numbers",
            ),
        ):
            await session.exec(text(f"{insert} {numbers} {select}"))  # type: ignore[call-overload]
        edition = Edition(
            list_id=mailing.id or 0,
            local_date=told.local_date,
            number=1,
            state=EditionState.APPROVED,
            window_start=told.window_start,
            window_end=told.window_end,
            send_deadline=now + timedelta(days=1),
            content=told.model_dump(mode="json"),
            fingerprint=editions.fingerprint(told),
            subject="موجز اليوم",
            created_at=now,
        )
        session.add(edition)
        await session.flush()
    return edition


def size(app: App, mailing: MailingList, edition: Edition, *, eight_bit: bool) -> int:
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
    return len(app.press.prepared(mailing, edition).build(person, eight_bit=eight_bit))


async def measured(url: str, form: str, *numbers: int) -> dict[str, Any]:
    """Measure one send; `numbers` are port, readers, connections, gate, messages a connection."""
    port, readers, connections, gate, most = numbers
    settings = Settings.model_validate(
        {
            "database": {"url": url, "busy_seconds": 60},
            "mail": {
                "host": "127.0.0.1",
                "port": port,
                "tls": "none",
                "connections": connections,
                "messages_per_connection": most,
                "chunking": form == "bdat",
                "gate": gate,
                "local_name": "sender.mujaz.example",
            },
            "web": {"secret": "bench" * 8},
            "run": {"log_level": "error"},
        }
    )
    configure_logging(settings.run)
    database = Database(url, busy_seconds=60)
    await database.upgrade()
    await database.close()
    async with opened(settings) as app:
        edition = await audience(app.database, readers, app.clock.now())
        await editions.start(app, edition)
        async with app.database.begin() as session:
            mailing = await session.get(MailingList, edition.list_id)
            edition = await session.get(Edition, edition.id)  # type: ignore[assignment]
        assert mailing is not None
        octets = size(app, mailing, edition, eight_bit=form != "base64")
        sender = replace(app, mailer=OneForm(app.mailer)) if form == "base64" else app
        clock = Clock()
        books = await deliveries.deliver_edition(sender, edition.id or 0, lambda _: None)
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
    found = run(measured(url, form, int(port), int(readers), int(connections), int(gate), most))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
