"""`digest db`: the schema, and copies."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import say, settings
from digest.runtime.distributed import apply_schema
from digest.storage.backup import back_up
from digest.storage.engine import Database

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
