"""`digest sources`: where news comes from."""

import asyncio
import select
import sys
from pathlib import Path
from typing import Annotated

import typer

from digest.collect.outlets import default_opml
from digest.entrypoints.cli import source_care
from digest.entrypoints.cli.screen import (
    JsonOption,
    as_row,
    foreign,
    read_file,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.errors import InputError
from digest.services.app import App
from digest.services.sources import catalogue, opml_files
from digest.services.sources import health as source_health
from digest.services.sources.catalogue import SourceCheck
from digest.services.sources.opml_files import OpmlFound

PIPE_SECONDS = 0.2
"""How long an answer that is piped in may take."""
app = typer.Typer(
    help="Sources: feeds, pages, folders and mailboxes that news is read from.", no_args_is_help=True
)


@app.command()
def add(
    location: Annotated[
        str,
        typer.Argument(
            help="Address of a site, feed, page or Telegram channel; path of a folder; imaps://USER@HOST/FOLDER; ingest:NAME."
        ),
    ],
    name: Annotated[str, typer.Option(help="Name of the outlet that is credited.")] = "",
    section: Annotated[str | None, typer.Option(help="Section key that all its articles belong to.")] = None,
    standing: Annotated[
        float, typer.Option(help="Weight of the outlet in ranking, 0 to 3.", min=0, max=3)
    ] = 1.0,
    selector: Annotated[
        str | None, typer.Option(help="CSS selector of the links to articles, on a page without a feed.")
    ] = None,
    headline_only: Annotated[
        bool, typer.Option("--headline-only", help="Carry its headlines and links, never its text.")
    ] = False,
    summary_words: Annotated[
        int | None, typer.Option(help="Most words of its text that a summary may take.", min=1)
    ] = None,
    zone: Annotated[str | None, typer.Option(help="IANA zone of its dates that name none.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Visit a site, show what would come, and keep it as a source when you agree."""
    spec = catalogue.SourceSpec(
        location=location,
        name=name,
        section=section,
        standing=standing,
        selector=selector,
        headline_only=headline_only,
        summary_words=summary_words,
        zone=zone,
    )

    async def go(app: App) -> SourceCheck | None:
        checked = await catalogue.preview(app, spec)
        _show(checked)
        for other in checked.others[:5]:
            say(f"  also there: {foreign(other)}")
        if not yes and not await asyncio.to_thread(_agreed):
            return None
        await catalogue.keep(app, checked)
        return checked

    kept = with_app(go, creates=True)
    say(f"Kept: {foreign(kept.source.name or kept.source.location)}" if kept else "Nothing was kept.")


def _agreed() -> bool:
    """Ask. Where nobody is there to answer, what was asked for is done and said, unless a "no" is piped in.

    Raises:
        InputError: standard input is closed, so that nobody could say no.
    """
    unheard = InputError("Nothing was kept: nobody could answer.", remedy="Add --yes to keep it unasked.")
    if sys.stdin is None or sys.stdin.closed:
        raise unheard
    if sys.stdin.isatty():
        return typer.confirm("Keep it as a source?", default=True)
    try:
        ready, _, _ = select.select([sys.stdin], [], [], PIPE_SECONDS)
        answer = sys.stdin.readline().strip().lower() if ready else ""
    except (OSError, ValueError) as error:
        raise unheard from error
    if not answer:
        say("Nobody was there to answer; it is kept as asked for (`digest sources remove` takes it back).")
    return answer not in {"n", "no", "لا"}


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the sources and how they fare."""
    found = with_app(catalogue.every)
    if as_json:
        say_json([as_row(**source.model_dump(mode="json")) for source in found])
        return
    table(
        ("id", "kind", "name", "location", "last read", "state"),
        [
            (
                source.id,
                source.kind.value,
                source.name,
                source.location,
                stamp(source.last_success_at),
                source.last_error
                or ("by hand" if source.by_hand else "ok" if source.last_success_at else "not read yet"),
            )
            for source in found
        ],
        empty="There are no sources. Add one with `digest sources add URL`, or the well-known ones with `digest sources import`.",
    )


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="Id, name or location; all sources if left out.")] = None,
) -> None:
    """Visit sources and show what comes, keeping nothing."""
    results = with_app(lambda app: catalogue.check(app, name))
    for checked in results:
        _show(checked)
    if any(checked.error for checked in results):
        raise typer.Exit(3)


@app.command()
def health() -> None:
    """Say of every source on the schedule how it fares."""
    table(
        ("id", "name", "state", "items a day", "last read", "what is wrong"),
        [
            (
                one.source.id,
                one.source.name or one.source.location,
                one.state,
                "" if one.source.items_a_day is None else f"{one.source.items_a_day:.1f}",
                stamp(one.source.last_success_at),
                ""
                if one.state in {source_health.HealthWord.WELL, source_health.HealthWord.NEW}
                else f"{one.sentence_ar} {one.sentence}",
            )
            for one in with_app(source_health.health)
        ],
        empty="There are no sources on the schedule.",
    )


@app.command()
def history(
    name: Annotated[str, typer.Argument(help="Id, name or location.")],
    limit: Annotated[int, typer.Option(help="Most lines to show.", min=1, max=1000)] = 50,
) -> None:
    """Show what happened to a source, newest first."""
    _, lines = with_app(lambda app: source_health.history(app, name, limit))
    table(
        ("when", "what", "in Arabic", "detail"),
        [(stamp(line.at), line.message, line.message_ar, line.detail) for line in lines],
        empty="Nothing happened to it so far.",
    )


app.command("set")(source_care.set_)
app.command()(source_care.pause)
app.command()(source_care.resume)
app.command()(source_care.clean)
app.command("try")(source_care.try_)


@app.command()
def remove(name: Annotated[str, typer.Argument(help="Id, name or location.")]) -> None:
    """Remove a source and its articles."""
    source = with_app(lambda app: catalogue.remove(app, name))
    say(f"Removed: {foreign(source.name or source.location)}")


@app.command("import")
def import_(
    file: Annotated[
        Path | None, typer.Argument(help="OPML file, or - for stdin; the well-known outlets if left out.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come; keep nothing.")] = False,
) -> None:
    """Keep the feeds of an OPML file."""
    content = default_opml() if file is None else read_file(file)
    work = opml_files.look if dry_run else opml_files.take
    found: OpmlFound = with_app(lambda app: work(app, content), creates=True)
    if dry_run:
        for one in found.new:
            say(f"{foreign(one.title)}  {foreign(one.url)}")
    say(
        f"{len(found.new)} sources {'would be ' if dry_run else ''}added, "
        f"{len(found.known)} were there already."
    )
    for one in found.refused:
        say(f"Refused, no public web address: {foreign(one.url)}")


@app.command()
def export() -> None:
    """Print the sources as OPML."""
    say(with_app(opml_files.export))


def _show(checked: SourceCheck) -> None:
    source = checked.source
    say(f"{foreign(source.name or source.location)} ({source.kind.value})")
    if checked.error:
        say(f"  not read: {foreign(checked.error)}")
    for article in checked.articles[:5]:
        say(f"  {stamp(article.published_at)}  {foreign(article.title)}")
    if len(checked.articles) > 5:
        say(f"  … and {len(checked.articles) - 5} more")
    for problem in checked.problems[:5]:
        say(f"  {foreign(problem)}")
