"""`digest config`: every setting, its value and where it came from."""

from dataclasses import asdict

from digest.entrypoints.cli.screen import JsonOption, say_json, settings, table


def config(as_json: JsonOption = False) -> None:
    """Show every setting with its value and its origin; secrets are hidden."""
    rows = list(settings().rows())
    if as_json:
        say_json([asdict(row) for row in rows])
        return
    table(
        ("setting", "value", "from"),
        [(row.name, row.value, row.origin) for row in rows],
        empty="There are no settings.",
    )
