"""What an import costs: a file of people into the database, beside csv + executemany into one bare table, in
one run.

    python benchmarks/imports.py [--rows 100000] [--rounds 3] [--url URL] [--json] python
    benchmarks/imports.py --memory [--url URL]     the most that a process held, for 10,000 and 1,000,000 rows

The bare way reads with `csv`, checks that there is an @, and inserts by `executemany` into a table with a
unique address, in one transaction; it knows no states, no suppressions, no doubles but by the key, and cannot
be undone. Of a hundred rows one has left and two are refused. Rows a second are by the clock, ratios by
processor time, which a busy machine changes less; medians over the rounds, in each of which both ways come
one after the other.
"""

import argparse
import asyncio
import csv
import io
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from digest.bootstrap import opened
from digest.services.audience import lists
from digest.services.audience.imports.run import import_file
from digest.services.audience.imports.writing import ImportOutcome
from digest.settings import Settings

REFUSED = (
    "reader{n}",
    "reader{n}@@domain.example",
    "one{n}@x.example two@x.example",
    "reader {n}@domain",
    "",
)
"""Cells that hold no address, or several."""


def a_file(rows: int) -> bytes:
    """Return a CSV with names in Arabic and a state; of a hundred rows one has left and two cannot be
    read.
    """
    lines = ["email,name,status"]
    for n in range(rows):
        bad = n % 50 == 7
        email = REFUSED[n // 50 % len(REFUSED)].format(n=n) if bad else f"reader{n}@domain{n % 97}.example"
        lines.append(f"{email},قارئ رقم {n},{'unsubscribed' if n % 100 == 0 else 'subscribed'}")
    return "\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a piece of work took: by the clock, and of processor time."""

    clock: float
    processor: float


class Watch:
    """Says how long something has taken since it was made."""

    def __init__(self) -> None:
        self._clock, self._processor = perf_counter(), process_time()

    def took(self) -> Took:
        """Return the seconds."""
        return Took(perf_counter() - self._clock, process_time() - self._processor)


def bare(content: bytes, folder: Path) -> Took:
    """Import the bare way."""
    watch = Watch()
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
    return watch.took()


async def ours(content: bytes, url: str) -> tuple[Took, Took]:
    """Import ours, then the same again."""
    async with opened(
        Settings.model_validate({"database": {"url": url}, "web": {"secret": "s" * 32}})
    ) as app:
        mailing_list = await lists.ensure(app, None)
        took = []
        for wanted in (ImportOutcome.ADDED, ImportOutcome.KNOWN):
            watch = Watch()
            done = await import_file(app, mailing_list, io.BytesIO(content), name="people.csv")
            took.append(watch.took())
            if not done.counts[wanted] or done.counts[ImportOutcome.REJECTED] != done.rows // 50:
                raise SystemExit(f"it became of them: {done.counts}")
        return took[0], took[1]


def held(rows: int, url: str | None) -> int:
    """Import a file in a process of its own; returns the most memory that it held, in MB."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "people.csv"
        file.write_bytes(a_file(rows))
        command = [sys.executable, __file__, "--one", str(file)]
        command += ["--url", url or f"sqlite:///{place}/own.db"]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def held_at_most() -> int:
    """Return the most memory that this process held, in MB. Not by ru_maxrss, which begins with what the
    process held that started this one.
    """
    (most,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(most) // 1000


async def one(file: Path, url: str) -> None:
    """Import a file."""
    async with opened(Settings.model_validate({"database": {"url": url}})) as app:
        mailing_list = await lists.ensure(app, None)
        with file.open("rb") as stream:
            await import_file(app, mailing_list, stream, name=file.name)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--url", help="an empty PostgreSQL database; one round only")
    options.add_argument("--memory", action="store_true")
    options.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    if chosen.one:
        asyncio.run(one(chosen.one, chosen.url))
        print(held_at_most())
    elif chosen.memory:
        few, many = (held(rows, chosen.url) for rows in (10_000, 1_000_000))
        print(f"most memory: {few} MB for 10,000 rows, {many} MB for 1,000,000: {many / few:.2f} times")
    else:
        compare(chosen.rows, chosen.rounds, chosen.url, as_json=chosen.json)


def times(ours: list[Took], plain: list[Took]) -> float:
    """Return how many times the processor time of the bare way ours took: the median over the rounds."""
    return round(median(one.processor / other.processor for one, other in zip(ours, plain, strict=True)), 2)


def compare(rows: int, rounds: int, url: str | None, *, as_json: bool) -> None:
    """Print rows a second of an import, of the same again, and of the bare way, and what they took beside
    it.
    """
    content = a_file(rows)
    first: list[Took] = []
    again: list[Took] = []
    plain: list[Took] = []
    for _ in range(1 if url else rounds):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            took = asyncio.run(ours(content, url or f"sqlite:///{folder}/own.db"))
            first.append(took[0])
            again.append(took[1])
            plain.append(bare(content, folder))
    rates = {
        "rows": rows,
        "import_rows_a_second": round(rows / median(one.clock for one in first)),
        "again_rows_a_second": round(rows / median(one.clock for one in again)),
        "bare_rows_a_second": round(rows / median(one.clock for one in plain)),
        "import_to_bare": times(first, plain),
        "again_to_bare": times(again, plain),
    }
    if as_json:
        sys.stdout.write(json.dumps(rates) + "\n")
    else:
        for name, value in rates.items():
            print(f"{name:24} {value:>12,}")


if __name__ == "__main__":
    main()
