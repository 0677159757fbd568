"""`digest lint`: whether a mail is right in right-to-left clients."""

import json
from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import JsonOption, foreign, read_file, say
from digest.render.checks import Severity, check_mail


def lint(
    files: Annotated[list[Path], typer.Argument(help="Mails (.eml) or HTML files; - for stdin.")],
    as_json: JsonOption = False,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail as well.")] = False,
    baseline: Annotated[
        Path | None,
        typer.Option(
            help="File of caniemail's feature names that are accepted; the shipped one if left out."
        ),
    ] = None,
) -> None:
    """Check mails by the rules of docs/reference/lint.md; exit code 1 when one of them fails."""
    accepted = read_file(baseline).decode("utf-8").split() if baseline else None
    failed = False
    rows = []
    for file in files:
        for found in check_mail(read_file(file), name=str(file), baseline=accepted):
            failed = failed or strict or found.rule.severity is Severity.ERROR
            rows.append((file, found))
    if as_json:
        say(
            json.dumps(
                [
                    {
                        "file": str(file),
                        "rule": found.rule.name,
                        "severity": found.rule.severity.value,
                        "line": found.line,
                        "says": found.rule.says,
                        "detail": found.detail,
                        "remedy": found.rule.remedy,
                    }
                    for file, found in rows
                ],
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for file, found in rows:
            say(foreign(f"{file}: {found}"))
        if not rows:
            say("No finding.")
    if failed:
        raise typer.Exit(1)
