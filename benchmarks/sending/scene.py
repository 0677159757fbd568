"""An edition of about 60 kB that is to be sent: its settings, its readers, its frozen audience.

    python benchmarks/sending/scene.py URL PORT RECIPIENTS CONNECTIONS GATE [ENGINE]

In a process of its own, so that the sender that is measured holds nothing of what only this needs.
"""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from digest.bootstrap import configure_logging, opened
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
    Webhook,
)
from digest.settings import Settings
from digest.storage.database.engine import Database

EXTRA = "MUJAZ_BENCH_EXTRA"
"""The variable that says what is switched on besides: webhook, clicks, or nothing."""
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
SENTENCE = "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد بطول ألف ومئتي متر، وقالت إن الشاحنات تعبره منذ الفجر من غير رسوم."
SECTIONS = {"economy": "الاقتصاد", "politics": "السياسة", "sport": "الرياضة", "culture": "الثقافة"}


def settings(
    url: str, port: int, connections: int, gate: int, *, chunking: bool = False, most: int = 10**6
) -> Settings:
    """The settings of a sender to a sink on this machine."""
    return Settings.model_validate(
        {
            "database": {"url": url, "busy_seconds": 60},
            "mail": {
                "host": "127.0.0.1",
                "port": port,
                "tls": "none",
                "connections": connections,
                "messages_per_connection": most,
                "chunking": chunking,
                "gate": gate,
                "local_name": "sender.mujaz.example",
            },
            "web": {"secret": "bench" * 8},
            "run": {"log_level": "error"},
        }
    )


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
    from digest.services.editions import publish

    told = content()
    async with database.begin() as session:
        extra = os.environ.get(EXTRA, "")
        mailing_list = MailingList(
            slug="daily", name="موجز اليوم", count_clicks=extra == "clicks", created_at=NOW
        )
        session.add(mailing_list)
        if extra == "webhook":
            session.add(
                Webhook(name="all", url="https://crm.example.org/hook", secret="whsec_none", created_at=NOW)
            )
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
                f"SELECT {mailing_list.id}, n, 'confirmed', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', '', 'daily'"
                " FROM numbers",
            ),
        ):
            await session.exec(text(f"{insert} {numbers} {select}"))  # type: ignore[call-overload]
        edition = Edition(
            list_id=mailing_list.id or 0,
            local_date=told.local_date,
            number=1,
            state=EditionState.APPROVED,
            window_start=told.window_start,
            window_end=told.window_end,
            send_deadline=now + timedelta(days=1),
            content=told.model_dump(mode="json"),
            fingerprint=publish.fingerprint(told),
            subject="موجز اليوم",
            created_at=now,
        )
        session.add(edition)
        await session.flush()
    return edition


async def frozen(chosen: Settings, readers: int, engine: str) -> int:
    """Make the database and everything in it; returns the edition that is to be sent."""
    database = Database(chosen.database.url, busy_seconds=60)
    await database.upgrade()
    await database.close()
    async with AsyncExitStack() as stack:
        queue = None
        if engine == "procrastinate":
            from digest.runtime.distributed import ProcrastinateQueue, apply_schema

            apply_schema(chosen.database.url)
            queue = await stack.enter_async_context(ProcrastinateQueue(chosen.database.url))
        app = await stack.enter_async_context(opened(chosen, queue=queue))
        edition = await audience(app.database, readers, app.clock.now())
        from digest.services.editions import publish

        await publish.start(app, edition)
    return edition.id or 0


def main() -> None:
    url, port, readers, connections, gate, *engine = sys.argv[1:]
    chosen = settings(url, int(port), int(connections), int(gate))
    configure_logging(chosen.run)
    print(asyncio.run(frozen(chosen, int(readers), engine[0] if engine else "inprocess")))


if __name__ == "__main__":
    main()
