"""What an export costs: memory and rows a second at several sizes, each in a process of its own.

    python benchmarks/exports.py [--rows 10000 100000 1000000]

A list is filled with people of whom every tenth chose something and every hundredth has a tag and a value in
a field of the list's own. Memory is what a process has at most, beside one that exports nobody.
"""

import argparse
import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from digest.bootstrap import opened
from digest.model import FieldKind
from digest.services.audience import lists
from digest.services.audience.admin.exporting import ExportRequest, csv_lines
from digest.services.audience.segments import fields
from digest.settings import Settings

AT = "2026-01-05 04:00:00.000000"
CHOSEN = json.dumps(["economy", "sport"])


def settings(folder: Path) -> Settings:
    """Return the settings of a database in a folder."""
    return Settings.model_validate(
        {"database": {"url": f"sqlite:///{folder}/own.db"}, "web": {"secret": "s" * 32}}
    )


async def fill(folder: Path, rows: int) -> None:
    """Make a list with so many people."""
    async with opened(settings(folder)) as app:
        mailing_list = await lists.ensure(app, None)
        own = await fields.add(app, mailing_list, "city", title="المدينة", kind=FieldKind.TEXT)
    with sqlite3.connect(folder / "own.db") as store:
        people = range(1, rows + 1)
        store.executemany(
            "INSERT INTO subscriber (id, email, name, locale, key, sample, created_at) VALUES (?, ?, ?, 'ar', ?, 0, ?)",
            ((n, f"reader{n}@domain{n % 97}.example", f"قارئ رقم {n}", f"{n:032x}", AT) for n in people),
        )
        store.executemany(
            "INSERT INTO subscription (list_id, subscriber_id, state, requested_at, confirmed_at, consent_how, consent_from, "
            "frequency, alerts, quiet_hours, sections, hour) VALUES (?, ?, 'confirmed', ?, ?, 'form', '', 'daily', 'none', '', ?, ?)",
            (
                (mailing_list.id, n, AT, AT, CHOSEN if n % 10 == 0 else "null", 7 if n % 10 == 0 else None)
                for n in people
            ),
        )
        few = range(100, rows + 1, 100)
        store.executemany(
            "INSERT INTO subscriber_tag (subscriber_id, list_id, tag, given_at) VALUES (?, ?, 'vip', ?)",
            ((n, mailing_list.id, AT) for n in few),
        )
        store.executemany(
            "INSERT INTO field_value (subscriber_id, field_id, value, compared) VALUES (?, ?, '=الرياض', 'الرياض')",
            ((n, own.id) for n in few),
        )


async def export(folder: Path) -> dict[str, float]:
    """Export the list; returns lines, seconds and the most memory."""
    count, started = 0, perf_counter()
    async with opened(settings(folder)) as app:
        async for piece in csv_lines(app, ExportRequest(slug="daily")):
            count += piece.count("\n")
    took = perf_counter() - started
    return {"lines": count, "seconds": took, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.only:
        print(json.dumps(asyncio.run(export(chosen.only))))
        return
    first: dict[str, float] = {}
    for rows in chosen.rows:
        with tempfile.TemporaryDirectory() as place:
            asyncio.run(fill(Path(place), rows))
            made = subprocess.run(
                [sys.executable, __file__, "--only", place], check=True, capture_output=True, text=True
            )
        found = json.loads(made.stdout.splitlines()[-1])
        first = first or found
        if found["lines"] != rows + 1:
            raise SystemExit(f"{found['lines']} lines of {rows} people")
        each = first["seconds"] / first["lines"] / (found["seconds"] / found["lines"])
        print(
            f"{rows:>9,} people: {found['peak'] / first['peak']:.2f} times the memory of the first ({found['peak'] / 1000:.0f} MB), "
            f"{each:.2f} times its rows a second"
        )


if __name__ == "__main__":
    main()
