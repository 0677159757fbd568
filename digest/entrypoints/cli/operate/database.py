"""`digest db`: the schema, and copies."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from digest.clock import SystemClock
from digest.entrypoints.cli.screen import say, settings, with_app, write_down
from digest.errors import InputError
from digest.runtime.distributed import apply_schema
from digest.storage.database.backup import back_up
from digest.storage.database.backup import restore as put_back
from digest.storage.database.engine import Database

app = typer.Typer(help="The database: its schema, and copies of it.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Bring the database to this version's schema, and on PostgreSQL make the tables of the job queue."""
    chosen = settings().settings.database

    async def go() -> str:
        database = Database(chosen.url, busy_seconds=chosen.busy_seconds)
        try:
            await database.upgrade()
            if not database.embedded:
                await asyncio.to_thread(apply_schema, chosen.url)
            return f"The schema is at revision {await database.revision()}."
        finally:
            await database.close()

    say(asyncio.run(go()))


@app.command()
def status() -> None:
    """Show the schema's revision."""
    chosen = settings().settings.database

    async def go() -> str:
        database = Database(chosen.url, busy_seconds=chosen.busy_seconds)
        try:
            return f"{database.dialect}: revision {await database.revision() or 'none'}"
        finally:
            await database.close()

    say(asyncio.run(go()))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="New file for the copy.")],
) -> None:
    """Copy the embedded database to a new file, also while `digest serve` works with it."""
    size = back_up(settings().settings.database.url, file)
    say(f"{file} is a copy of this moment ({size:,} bytes).")


@app.command()
def restore(
    file: Annotated[
        Path | None, typer.Argument(help="A copy that `digest db backup` made; left out with --verify.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Show what says that the database was taken back or copied.")
    ] = False,
    went_out: Annotated[
        bool,
        typer.Option(
            "--went-out", help="With --verify: all that is held went out; count it so, and mail nobody."
        ),
    ] = False,
    go_on: Annotated[
        bool,
        typer.Option("--go-on", help="With --verify: nothing went out since the copy; what is held goes on."),
    ] = False,
) -> None:
    """Put a copy back, or say how to go on after one was put back. What may have gone out since is held until
    then.
    """
    if (went_out and go_on) or ((went_out or go_on) and not verify) or (file is not None and verify):
        raise InputError(
            "FILE, --verify, --verify --went-out and --verify --go-on exclude each other.",
            remedy="Restore first, then verify.",
        )
    if file is not None:
        _put_back(file)
    elif not verify:
        raise InputError("Say which copy to restore.", remedy="Name a FILE, or use --verify.")
    if went_out:
        _count_as_sent()
    elif go_on:
        _go_on()
    else:
        _show()


def _put_back(file: Path) -> None:
    chosen = settings().settings.database
    kept = put_back(chosen.url, file, SystemClock().now())
    write_down()
    say(f"{file} is the database now." + (f" The one before is kept as {kept}." if kept else ""))


def _show() -> None:
    from digest.services.editions.lifecycle.restored import verify

    evidence = with_app(verify, reads=True)
    if not evidence.noticed:
        say("Nothing says that mail went out that the database does not know: nothing is held for it.")
        return
    say(evidence.noticed)
    for one in evidence.held:
        say(f"held      {one.line()}")
    say("They went out?             digest db restore --verify --went-out   (nobody is mailed)")
    say("Nothing went out since?    digest db restore --verify --go-on      (what is held goes out)")
    say(
        "Compare with a reader's mailbox, your mail server's log, or the embedded mailbox (`digest mailbox`)."
    )


def _count_as_sent() -> None:
    from digest.services.editions.lifecycle.restored import count_as_sent

    evidence = with_app(count_as_sent)
    for one in evidence.held:
        say(f"counted as sent  {one.line()}")
    say("Nobody is mailed these; the next edition goes out as usual.")


def _go_on() -> None:
    from digest.services.editions.lifecycle.restored import go_on

    evidence, refused = with_app(go_on)
    for one in evidence.held:
        say(f"goes on   {one.line()}")
    for line in refused:
        say(f"not       {line}")
    say("`digest serve` or `digest run` sends what waits.")
