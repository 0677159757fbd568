"""Import a file of people into a list, or only say what would come of it; and take an import back.

Nobody is confirmed whom the file, or this database, knows to have left, bounced or been blocked.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from sqlalchemy import Connection

from digest.errors import InputError, NotFoundError
from digest.model import ImportRun, MailingList
from digest.model.rows import row_id
from digest.services.app import App, ProgressReporter, SilentProgress
from digest.services.audience.imports.columns import Columns
from digest.services.audience.imports.person import PersonRow
from digest.services.audience.imports.reading import PeopleFile, people_file, reader_of
from digest.services.audience.imports.staging import Staging
from digest.services.audience.imports.writing import ImportOutcome, write
from digest.storage.audience import own_fields
from digest.storage.audience.imports import extras, undoing

SHOWN = 20
AT_ONCE = 5000
"""Rows after which it is said how far the reading is."""


Refusal = Callable[[int, InputError, list[str]], None]
"""Hears of a row that was refused: its line, why, and its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do. `counts` add up to `rows`; `first_errors` are (line, reason)."""

    columns: Columns
    counts: Mapping[ImportOutcome, int]
    rows: int
    named: int = 0
    first_errors: tuple[tuple[int, str], ...] = ()
    import_id: int | None = None


@dataclass(slots=True)
class _Tally:
    counts: Counter[ImportOutcome] = field(default_factory=Counter)
    errors: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 0
    named: int = 0
    written: int = 0

    @property
    def taken(self) -> int:
        """Rows that hold a person."""
        return self.rows - self.counts[ImportOutcome.REJECTED]


async def import_file(
    app: App,
    mailing_list: MailingList,
    file: BinaryIO,
    *,
    name: str,
    wanted: Mapping[str, str] | None = None,
    dry_run: bool = False,
    known: Callable[[Columns], None] = lambda _columns: None,
    refused: Refusal = lambda _line, _error, _cells: None,
    report: ProgressReporter | None = None,
) -> Imported:
    """Import a file; nothing is written before it was read to its end. `known` hears which column is what,
    `refused` of each row that was not taken, `report` how many octets were read ("read") and how many people
    written ("write").

    Raises:
        InputError: it is no table of people, or cannot be read to its end.
    """
    async with app.database.read() as session:
        own = await own_fields.of_list(session, row_id(mailing_list))
    found = await asyncio.to_thread(people_file, file, wanted, own)
    known(found.columns)
    tally, report = _Tally(), report or SilentProgress()
    more = bool(found.columns.own or found.columns.tags or found.columns.choices)
    with Staging() as staging:
        await asyncio.to_thread(_stage, found, staging, tally, refused, partial(_report_read, file, report))
        run = None
        if not dry_run and tally.taken:
            run = await app.database.write(
                partial(extras.begin, list_id=row_id(mailing_list), file=name, now=app.clock.now())
            )
        chunks = staging.chunks()
        while people := await asyncio.to_thread(next, chunks, None):  # the first one sorts them all
            counts, named = await app.database.write(
                partial(
                    write,
                    app=app,
                    mailing_list=mailing_list,
                    run=run,
                    people=people,
                    own=found.own if more else None,
                )
            )
            tally.counts.update(counts)
            tally.named += named
            tally.written += len(people)
            report.step("write", tally.written, tally.taken)
    tally.counts[ImportOutcome.DOUBLED] = tally.taken - tally.written
    if run is not None:
        await app.database.write(partial(extras.finish, run_id=row_id(run), counts=_plain(tally.counts)))
    return Imported(
        columns=found.columns,
        counts=tally.counts,
        rows=tally.rows,
        named=tally.named,
        first_errors=tuple(tally.errors),
        import_id=run.id if run else None,
    )


def _plain(counts: Mapping[ImportOutcome, int]) -> dict[str, int]:
    return {outcome.value: counts[outcome] for outcome in ImportOutcome if counts.get(outcome)}


def _report_read(file: BinaryIO, report: ProgressReporter) -> None:
    place = file.seek(0, 1)
    size = file.seek(0, 2)
    file.seek(place)
    report.step("read", place, size)


def _stage(
    found: PeopleFile, staging: Staging, tally: _Tally, refused: Refusal, report: Callable[[], None]
) -> None:
    people: list[PersonRow] = []
    read = reader_of(found.columns, found.own)
    for line, cells in found.rows:
        tally.rows += 1
        try:
            people.append(read(cells))
        except InputError as error:
            tally.counts[ImportOutcome.REJECTED] += 1
            if len(tally.errors) < SHOWN:
                tally.errors.append((line, str(error)))
            refused(line, error, cells)
        if len(people) >= AT_ONCE:
            staging.add(people)
            people.clear()
            report()
    staging.add(people)


async def imports_of(app: App, mailing_list: MailingList) -> list[ImportRun]:
    """Return what was imported into a list, the newest first."""
    return await app.database.write(partial(extras.runs, list_id=row_id(mailing_list)))


async def undo(app: App, import_id: int) -> tuple[ImportRun, dict[str, int]]:
    """Take back an import: those it added go, those it ended come back, what it suppressed may be mailed
    again.

    Who has confirmed or left by themselves since then stays so; names that it filled in stay.

    Raises:
        InputError: there is no such import, or it was undone already.
    """

    def work(connection: Connection) -> tuple[ImportRun, dict[str, int]]:
        run = extras.by_id(connection, import_id)
        if run is None:
            raise NotFoundError(f"There is no import {import_id}.")
        if run.undone_at is not None:
            raise InputError(f"Import {import_id} was undone on {run.undone_at:%Y-%m-%d %H:%M} UTC already.")
        return run, undoing.undo(connection, run, app.clock.now())

    return await app.database.write(work)
