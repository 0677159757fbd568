"""`digest segments`: saved questions about a list's people."""

from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import (
    JsonOption,
    ListOption,
    as_row,
    read_file,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.model import CustomField, MailingList, SavedSegment, SegmentDefinition
from digest.services.app import App
from digest.services.audience.segments import fields, saved, written
from digest.services.audience.segments.saved import SegmentShown

app = typer.Typer(help="Segments: saved questions about a list's people.", no_args_is_help=True)

Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        help="FIELD OPERATOR VALUE,VALUE, as 'section is economy,sport' or 'joined within_days 30'. May be repeated.",
    ),
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", help="Whom it does not mean, written as --include.")
]
AnyOf = Annotated[bool, typer.Option("--any", help="One of the --include is enough; else all must hold.")]
File = Annotated[Path | None, typer.Option("--file", help="The definition as JSON instead; - for stdin.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The segment's name; one of that name is changed.")],
    include: Include = None,
    exclude: Exclude = None,
    any_of: AnyOf = False,
    file: File = None,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save a segment, and show whom it means now."""
    definition = _definition(include, exclude, file, any_of=any_of)

    async def work(app: App) -> SegmentShown:
        return await saved.keep(app, await chosen_list(app, list_slug), name, definition)

    _show(with_app(work), as_json=as_json)


@app.command("try")
def try_(
    include: Include = None,
    exclude: Exclude = None,
    any_of: AnyOf = False,
    file: File = None,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show whom a segment would mean, without saving it."""
    definition = _definition(include, exclude, file, any_of=any_of)

    async def work(app: App) -> SegmentShown:
        return await saved.look(app, await chosen_list(app, list_slug), definition)

    _show(with_app(work), as_json=as_json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="The segment's name.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show whom a saved segment means now: how many, and the first ten."""

    async def work(app: App) -> SegmentShown:
        return await saved.show(app, await chosen_list(app, list_slug), name)

    _show(with_app(work), as_json=as_json)


@app.command("list")
def list_(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show a list's segments."""

    async def work(app: App) -> list[SavedSegment]:
        return list(await saved.every(app, await chosen_list(app, list_slug)))

    found = with_app(work)
    if as_json:
        say_json(
            [as_row(name=one.name, definition=one.definition, changed_at=one.changed_at) for one in found]
        )
        return
    table(
        ("segment", "means", "changed (UTC)"),
        [
            (
                one.name,
                "; ".join(written.lines(SegmentDefinition.model_validate(one.definition))),
                stamp(one.changed_at),
            )
            for one in found
        ],
        empty="No segment is saved: `digest segments add NAME --include 'tag is vip'`.",
    )


@app.command("fields")
def fields_(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show what a segment can be asked by, with the operators of each."""

    async def work(app: App) -> tuple[MailingList, list[CustomField]]:
        mailing_list = await chosen_list(app, list_slug)
        return mailing_list, list(await fields.of_list(app, mailing_list))

    _, own = with_app(work)
    rows = written.askable(own)
    if as_json:
        say_json([{"field": name, "operators": operators.split(", ")} for name, operators in rows])
        return
    table(("field", "operators"), rows, empty="")


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The segment's name.")],
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a segment; editions that went out by it keep what it was."""

    async def work(app: App) -> None:
        await saved.remove(app, await chosen_list(app, list_slug), name)

    with_app(work)
    if as_json:
        say_json({"removed": name})
        return
    say(f"The segment {name} is removed.")


def _definition(
    include: list[str] | None, exclude: list[str] | None, file: Path | None, *, any_of: bool
) -> SegmentDefinition:
    if file is not None:
        return written.from_json(read_file(file).decode("utf-8", "replace"))
    return written.definition(include or (), exclude or (), any_of=any_of)


def _show(found: SegmentShown, *, as_json: bool) -> None:
    if as_json:
        say_json(
            {
                "name": found.name,
                "definition": found.definition.model_dump(mode="json"),
                "count": found.count,
                "readers": found.readers,
                "people": [
                    as_row(email=person.email, name=person.name, state=known.state.value)
                    for person, known in found.people
                ],
            }
        )
        return
    for line in written.lines(found.definition):
        say(line)
    say(f"{found.count:,} people, of whom {found.readers:,} get the list.")
    if not found.people:
        return
    table(
        ("address", "name", "state"),
        [(person.email, person.name, known.state.value) for person, known in found.people],
        empty="",
    )
    if found.count > len(found.people):
        say(f"… and {found.count - len(found.people):,} more.")
