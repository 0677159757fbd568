"""`digest subscribers export`: people as CSV or JSON, a piece at a time."""

import codecs
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import ListOption, with_app
from digest.errors import InputError
from digest.services.app import App
from digest.services.audience.admin import exporting
from digest.services.audience.admin.exporting import ExportRequest
from digest.text.direction.visible import escaped_json, visible


def export(
    list_slug: ListOption = None,
    segment: Annotated[
        str | None, typer.Option("--segment", help="Only the people in this segment of the list.")
    ] = None,
    machine: Annotated[
        bool,
        typer.Option(
            "--machine",
            help="Cells exactly as they are kept; else those that a spreadsheet would run begin with an apostrophe.",
        ),
    ] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="JSON instead of CSV: an object a line, with the columns as its keys."),
    ] = False,
    to: Annotated[Path | None, typer.Option("--to", help="Write to this file instead of stdout.")] = None,
) -> None:
    """Print the subscribers as CSV in UTF-8, or as JSON: of one list with its own fields and tags, of all
    with the list's name.
    """

    async def work(app: App) -> None:
        slug = list_slug
        if segment is not None and slug is None:
            slug = (await chosen_list(app, None)).slug
        asked = ExportRequest(slug=slug, segment=segment, machine=machine)
        with ExitStack() as stack:
            out = stack.enter_context(to.open("wb")) if to else sys.stdout.buffer
            # On a terminal nothing in a stranger's name may steer it; a file holds what was asked for.
            shown = to is None and not machine
            if to is not None and not machine and not as_json:
                out.write(codecs.BOM_UTF8)  # by which spreadsheets know that it is UTF-8
            pieces, safe = (exporting.json_lines, escaped_json) if as_json else (exporting.csv_lines, visible)
            async for piece in pieces(app, asked):
                out.write((safe(piece) if shown else piece).encode())
            out.flush()

    try:
        with_app(work)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"{to} cannot be written: {error.strerror}.") from error
