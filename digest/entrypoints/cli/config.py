"""`digest config`: every setting, its value and where it came from."""

import json
from dataclasses import asdict

from digest.entrypoints.cli.screen import JsonOption, say, settings, table


def config(as_json: JsonOption = False) -> None:
    """Show every setting with its value and its origin; secrets are hidden."""
    rows = list(settings().rows())
    if as_json:
        say(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    table(
        ("setting", "value", "from"),
        [(row.name, row.value, row.origin) for row in rows],
        empty="There are no settings.",
    )
