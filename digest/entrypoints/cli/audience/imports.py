"""`digest subscribers import` and `undo-import`."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from digest.entrypoints.cli.audience.files import opened
from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import (
    Bars,
    JsonOption,
    ListOption,
    as_row,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.errors import InputError
from digest.model import ImportRun
from digest.services.app import App
from digest.services.audience.imports import run
from digest.services.audience.imports.addresses import quoted
from digest.services.audience.imports.columns import ROLES, Columns
from digest.services.audience.imports.run import Imported
from digest.services.audience.imports.writing import ImportOutcome


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV and its kin, an Excel workbook (.xlsx) or JSON lines, with a column of addresses (email, البريد); - for stdin."
        ),
    ],
    list_slug: ListOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would come of it; nothing is written.")
    ] = False,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="ROLE=COLUMN, by name or number: which column is email, name (FIRST+LAST), state, tags, choices or a field of the list's own; - for none. May be repeated.",
        ),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", help="Write every refused line with its reason to this file, as CSV."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Subscribe the people of a file who asked for it. Exit code 2 when a line was refused.

    Who left, here or as the file says, is never taken back; who bounced or was blocked is never mailed.
    """
    wanted = _wanted(mapping or ())
    with opened(file) as source, _refusals(errors) as refusals, Bars() as bars:

        async def work(app: App) -> tuple[str, Imported]:
            mailing_list = await chosen_list(app, list_slug, make=True)
            done = await run.import_file(
                app,
                mailing_list,
                source,
                name=file.name,
                wanted=wanted,
                dry_run=dry_run,
                known=refusals.known,
                refused=refusals.refused,
                report=bars,
            )
            return mailing_list.slug, done

        slug, done = with_app(work, creates=True)
    if as_json:
        say_json(_as_json(done, slug, dry_run=dry_run))
    else:
        for line in lines(done, slug, dry_run=dry_run):
            say(line)
    if done.counts[ImportOutcome.REJECTED]:
        if errors is not None and not as_json:
            say(f"All refused lines are in {errors}.")
        raise typer.Exit(InputError.exit_code)


def undo_import(
    import_id: Annotated[int, typer.Argument(help="The import's number, as it was said when it was done.")],
    as_json: JsonOption = False,
) -> None:
    """Take an import back: those it added go, unless they came or left by themselves since."""
    done, counts = with_app(lambda app: run.undo(app, import_id))
    if as_json:
        say_json({"import_id": import_id, "file": done.file, **counts})
        return
    say(
        f"Import {import_id} ({done.file}) is undone: {counts['taken']} subscriptions taken back, "
        f"{counts['reopened']} as they were before, {counts['lifted']} may be mailed again."
    )


def imports(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show what was imported into a list, with the numbers by which it can be undone, newest first."""

    async def work(app: App) -> list[ImportRun]:
        return await run.imports_of(app, await chosen_list(app, list_slug))

    found = with_app(work)
    if as_json:
        say_json(
            [
                as_row(id=one.id, file=one.file, at=one.at, counts=one.counts, undone_at=one.undone_at)
                for one in found
            ]
        )
        return
    table(
        ("import", "at (UTC)", "file", "what became of its rows", "undone (UTC)"),
        [
            (
                one.id,
                stamp(one.at),
                one.file,
                ", ".join(f"{one.counts[name]} {name}" for name in ImportOutcome if name in one.counts),
                stamp(one.undone_at),
            )
            for one in found
        ],
        empty="Nothing was imported into this list.",
    )


def lines(done: Imported, slug: str, *, dry_run: bool) -> Iterator[str]:
    """Say what an import did."""
    counts = done.counts
    yield from done.columns.lines()
    verb = "would be added to" if dry_run else "added to"
    parts = [
        f"{counts[ImportOutcome.ADDED]} {verb} the list {slug}",
        f"{counts[ImportOutcome.KNOWN]} were there already",
    ]
    parts += [f"{counts[ImportOutcome.LEFT]} left", f"{counts[ImportOutcome.SUPPRESSED]} must not be mailed"]
    parts += [
        f"{counts[ImportOutcome.DOUBLED]} doubled in the file",
        f"{counts[ImportOutcome.REJECTED]} refused",
    ]
    if counts[ImportOutcome.UNCONFIRMED]:
        parts.append(f"{counts[ImportOutcome.UNCONFIRMED]} never confirmed and were not taken")
    yield f"{', '.join(parts)}: {done.rows} rows."
    if dry_run:
        yield "Nothing was written: this was --dry-run."
    if done.named:
        yield f"{done.named} names {'would be ' if dry_run else ''}filled in."
    for line, reason in done.first_errors:
        yield f"  line {line}: {reason}"
    more = counts[ImportOutcome.REJECTED] - len(done.first_errors)
    if more > 0:
        yield f"  … and {more} more lines; --errors FILE writes all of them."
    if done.import_id is not None:
        yield f"To take it back: digest subscribers undo-import {done.import_id}"


def _as_json(done: Imported, slug: str, *, dry_run: bool) -> dict[str, object]:
    return {
        "list": slug,
        "dry_run": dry_run,
        "import_id": done.import_id,
        "rows": done.rows,
        "counts": {one.value: done.counts[one] for one in ImportOutcome},
        "names_filled": done.named,
        "columns": done.columns.mapping(),
        "errors": [{"line": line, "reason": reason} for line, reason in done.first_errors],
    }


def _wanted(given: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in given:
        role, sign, column = one.partition("=")
        if not role.strip() or not sign or not column.strip():
            raise InputError(
                f"--map {one!r} is no mapping.",
                remedy=f"Write ROLE=COLUMN; roles are {', '.join(ROLES)} and the list's own fields, and the column is a name, a number, or - for none.",
            )
        found[role.strip()] = column.strip()
    if found.get("email") == "-":
        raise InputError("--map email=- leaves no column of addresses.", remedy="Name the column.")
    return found


class _Refusals:
    """Writes refused rows to a file as the file had them, with line and reason before, so that it can be
    corrected and imported itself. Begins with the mark by which spreadsheets know UTF-8.
    """

    def __init__(self, file: TextIO | None) -> None:
        self._writer: Any = csv.writer(file) if file else None

    def known(self, columns: Columns) -> None:
        """Write the titles."""
        if self._writer:
            self._writer.writerow(
                ["line", "reason", *(columns.title(at) for at in range(len(columns.titles)))]
            )

    def refused(self, line: int, error: InputError, cells: list[str]) -> None:
        """Write a row."""
        if self._writer:
            self._writer.writerow([str(line), quoted(str(error)), *(quoted(cell) for cell in cells)])


@contextmanager
def _refusals(path: Path | None) -> Iterator[_Refusals]:
    """Open the file for refused rows, if one is wanted."""
    if path is None:
        yield _Refusals(None)
        return
    try:
        file = path.open("w", encoding="utf-8-sig", newline="")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.") from error
    with file:
        yield _Refusals(file)
