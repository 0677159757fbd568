"""`digest api`: keys by which programs call the JSON interface."""

from typing import Annotated

import typer

from digest.entrypoints.cli.screen import (
    JsonOption,
    ListOption,
    as_row,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.model import ApiKey
from digest.services.programs import keys

app = typer.Typer(help="The JSON interface for programs (docs/howto/api.md).", no_args_is_help=True)
keys_app = typer.Typer(help="Keys by which programs call: made, listed, revoked.", no_args_is_help=True)
app.add_typer(keys_app, name="keys")

Name = Annotated[str, typer.Argument(help="Who calls; the audit log says api:NAME.")]


@keys_app.command()
def add(
    name: Name,
    scopes: Annotated[
        list[str], typer.Option("--scope", help="What it may do, as subscribers:read; once for each.")
    ],
    list_slug: ListOption = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="It ends after so many days.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key, and print it: it cannot be shown again."""
    key = with_app(lambda app: keys.add(app, name, scopes, list_slug=list_slug or "", days=days))
    if as_json:
        say_json({"name": name, "key": key})
        return
    say(key)


@keys_app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show the keys that there are; never the keys themselves."""
    found = with_app(keys.every)
    if as_json:
        say_json(
            [
                as_row(
                    name=key.name,
                    start=key.start,
                    scopes=key.scopes,
                    list=slug or None,
                    created_at=key.created_at,
                    last_used_at=key.last_used_at,
                    expires_at=key.expires_at,
                    revoked_at=key.revoked_at,
                )
                for key, slug in found
            ]
        )
        return
    table(
        ("name", "begins", "scopes", "list", "made (UTC)", "last used", "ends", ""),
        [
            (
                key.name,
                key.start,
                ", ".join(key.scopes),
                slug or "all",
                stamp(key.created_at),
                stamp(key.last_used_at),
                stamp(key.expires_at),
                "revoked" if key.revoked_at else "",
            )
            for key, slug in found
        ],
        empty="There are no keys: `digest api keys add NAME --scope lists:read` makes one.",
    )


@keys_app.command()
def revoke(name: Name) -> None:
    """End a key at once."""
    key: ApiKey = with_app(lambda app: keys.revoke(app, name))
    say(f"The key {key.name} opens nothing any more.")
