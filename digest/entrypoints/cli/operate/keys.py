"""`digest keys`: the secret keys that seal what is mailed."""

import asyncio
from dataclasses import asdict
from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer

from digest.clock import SystemClock
from digest.entrypoints.cli.screen import (
    JsonOption,
    as_row,
    read_file,
    say,
    say_json,
    settings,
    stamp,
    table,
    with_app,
    write_down,
)
from digest.errors import InputError
from digest.keys import Purpose, fingerprint
from digest.services import keys
from digest.storage.database.engine import Database

app = typer.Typer(
    help="Keys that seal links, return paths and more: which there are, and new ones.", no_args_is_help=True
)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show which keys there are and what they still open; never the keys themselves."""
    found = with_app(keys.kept)
    if as_json:
        say_json([as_row(**asdict(one)) for one in found])
        return
    table(
        ("purpose", "key", "from", "made (UTC)", "state"),
        [(one.purpose, one.fingerprint, one.origin, stamp(one.created_at), one.state) for one in found],
        empty="There are no keys yet.",
    )


@app.command()
def rotate(
    purpose: Annotated[Purpose, typer.Argument(help="What the new key is for.")],
    leaked: Annotated[
        bool,
        typer.Option(
            "--leaked", help="The old keys are known to others: nothing that they sealed opens any more."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Make a new key. What the old one sealed goes on opening, for `keys.overlap_days` and to leave for
    ever.
    """
    if leaked and not yes:
        typer.confirm(
            f"Nothing that was mailed with the old keys of {purpose.value} opens any more. Go on?", abort=True
        )
    used_from = with_app(lambda app: keys.rotate(app, purpose, leaked=leaked))
    say(f"There is a new key for {purpose.value}; it is used from {stamp(used_from.astimezone(UTC))} (UTC).")


@app.command()
def remember(
    file: Annotated[Path, typer.Argument(help="File that holds the former web.secret, or - for stdin.")],
) -> None:
    """Take a former web.secret that this database never saw, so that what it sealed opens and whom it hashed
    is known.
    """
    value = read_file(file).strip()
    if not value:
        raise InputError(f"{file} is empty.", remedy="It has to hold the former web.secret.")
    chosen = settings().settings.database

    async def go() -> None:
        database = Database(chosen.url, busy_seconds=chosen.busy_seconds)
        try:
            if database.embedded:
                await database.upgrade()
            await keys.remember(database, value, SystemClock().now())
        finally:
            await database.close()

    asyncio.run(go())
    write_down()
    say(f"The key {fingerprint(value)} is remembered.")
