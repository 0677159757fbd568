"""`digest doctor`: is this machine fit to send?"""

from dataclasses import asdict
from typing import Annotated

import typer

from digest.entrypoints.cli.screen import JsonOption, foreign, say, say_json, with_app
from digest.services.app import App
from digest.services.dns import DnsNames
from digest.services.doctor.examine import examine
from digest.services.doctor.finding import Finding, FindingState, worst


def doctor(
    as_json: JsonOption = False,
    dns: Annotated[
        str | None, typer.Option("--dns", help="DNS server to ask instead of the system's.")
    ] = None,
    dns_port: Annotated[int, typer.Option("--dns-port", min=1, max=65535, help="Its port.")] = 53,
) -> None:
    """Check names, server, clock, files and disk; exit code 1 when something must be mended before
    sending.
    """

    async def work(app: App) -> list[Finding]:
        return await examine(app, DnsNames(dns, dns_port))

    found = with_app(work)
    if as_json:
        say_json([asdict(one) for one in found])
    else:
        for one in found:
            say(f"{one.state.value:8} {one.check:16} {foreign(one.says)}")
            if one.line:
                say(f"{'':25} {foreign(one.line)}")
        blind = sorted({one.check for one in found if one.state is FindingState.UNKNOWN})
        if blind:
            say(f"\nNot checked, so neither good nor bad: {', '.join(blind)}.")
    if worst(found) is FindingState.BAD:
        raise typer.Exit(1)
