"""What an import costs: a file of people into the database, beside csv + executemany into one bare table, in one run.

    python benchmarks/imports.py [--rows 100000] [--rounds 3] [--url URL] [--json]

The bare way reads with `csv`, checks that there is an @, and inserts by `executemany` into a table with a unique address, in
one transaction; it knows no states, no suppressions, no doubles but by the key, and cannot be undone. Medians.
"""

import argparse
import asyncio
import csv
import io
import json
import resource
import sqlite3
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from digest.bootstrap import opened
from digest.services.audience import lists
from digest.services.audience.imports.run import ImportOutcome, import_file
from digest.settings import Settings


def a_file(rows: int) -> bytes:
    """Return a CSV with names in Arabic and a state, every hundredth of whom has left."""
    lines = ["email,name,status"]
    lines += [
        f"reader{n}@domain{n % 97}.example,قارئ رقم {n},{'unsubscribed' if n % 100 == 0 else 'subscribed'}"
        for n in range(rows)
    ]
    return "\n".join(lines).encode()


def bare(content: bytes, folder: Path) -> float:
    """Import the bare way; returns the seconds."""
    started = perf_counter()
    with sqlite3.connect(folder / "bare.db") as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, email TEXT UNIQUE, name TEXT, state TEXT)"
        )
        rows = csv.reader(io.StringIO(content.decode()))
        next(rows)
        store.executemany(
            "INSERT OR IGNORE INTO person (email, name, state) VALUES (?, ?, ?)",
            ((email.strip().lower(), name, state) for email, name, state in rows if "@" in email),
        )
    store.close()
    return perf_counter() - started


async def ours(content: bytes, url: str) -> tuple[float, float]:
    """Import ours, then the same again; returns the seconds of both."""
    async with opened(
        Settings.model_validate({"database": {"url": url}, "web": {"secret": "s" * 32}})
    ) as app:
        mailing_list = await lists.ensure(app, None)
        took = []
        for wanted in (ImportOutcome.ADDED, ImportOutcome.KNOWN):
            started = perf_counter()
            done = await import_file(app, mailing_list, io.BytesIO(content), name="people.csv")
            took.append(perf_counter() - started)
            if not done.counts[wanted]:
                raise SystemExit(f"nobody was {wanted.value}")
        return took[0], took[1]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--url", help="an empty PostgreSQL database; one round only")
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    content = a_file(chosen.rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, again, plain = [], [], []
    for _ in range(1 if chosen.url else chosen.rounds):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            took = asyncio.run(ours(content, chosen.url or f"sqlite:///{folder}/own.db"))
            first.append(took[0])
            again.append(took[1])
            plain.append(bare(content, folder))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
    rates = {
        "rows": chosen.rows,
        "import_rows_a_second": round(chosen.rows / median(first)),
        "again_rows_a_second": round(chosen.rows / median(again)),
        "bare_rows_a_second": round(chosen.rows / median(plain)),
        "grown_mb": round(grown),
    }
    if chosen.json:
        sys.stdout.write(json.dumps(rates) + "\n")
    else:
        for name, value in rates.items():
            print(f"{name:24} {value:>12,}")


if __name__ == "__main__":
    main()
