"""`digest suppress`: who must never be mailed, and why."""

from pathlib import Path
from typing import Annotated

import typer

from digest.entrypoints.cli.audience.files import opened
from digest.entrypoints.cli.screen import JsonOption, as_row, foreign, say, say_json, stamp, table, with_app
from digest.errors import InputError
from digest.model import Suppression, SuppressionReason
from digest.model.people.suppression import MEANINGS
from digest.services.audience.admin import suppressing
from digest.services.audience.admin.suppressing import ListKind, SuppressionHistory

app = typer.Typer(help="Suppressions: addresses that must never be mailed, and why.", no_args_is_help=True)

NOTE = "In your words, without an address: it outlives the person's erasure."


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="The address that must never be mailed.")],
    reason: Annotated[str, typer.Option("--reason", help=f"Why. {NOTE}")] = "",
    as_json: JsonOption = False,
) -> None:
    """Never mail an address again, in no list and by no import. What waits for it is skipped."""
    new = with_app(lambda app: suppressing.block(app, address, reason), creates=True)
    if as_json:
        say_json({"address": address, "added": new})
        return
    say(f"{address} is never mailed." if new else f"{address} was suppressed already.")


@app.command("list")
def list_(
    reason: Annotated[
        SuppressionReason | None, typer.Option("--reason", help="Only those suppressed for this.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many are shown, the newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Show how many addresses are suppressed for what, and the newest. As JSON: one line each, all of
    them.
    """
    wanted = reason.value if reason else None
    if as_json:
        for one in with_app(lambda app: suppressing.listed(app, wanted)):
            say_json(_row(one), indent=None)
        return
    counts = with_app(suppressing.counted)
    table(
        ("reason", "addresses", "what it means"),
        [
            (why, count, MEANINGS.get(SuppressionReason(why), "") if why in _KNOWN else "")
            for why, count in counts.items()
        ],
        empty="No address is suppressed.",
    )
    if not counts:
        return
    found = with_app(lambda app: suppressing.listed(app, wanted, most))
    say("")
    table(
        ("since (UTC)", "reason", "note"),
        [(stamp(one.created_at), one.reason, one.note) for one in found],
        empty="None for that reason.",
    )


_KNOWN = frozenset(one.value for one in SuppressionReason)


@app.command()
def show(
    address: Annotated[str, typer.Argument(help="An address, or a hash that `list` shows.")],
    as_json: JsonOption = False,
) -> None:
    """Say whether an address is suppressed, why, and what was taken off before."""
    found = with_app(lambda app: suppressing.history_of(app, address))
    if as_json:
        say_json(_history(found))
        return
    if found.now is None:
        say(f"{address} is not suppressed.")
    else:
        note = f" ({foreign(found.now.note)})" if found.now.note else ""
        say(
            f"{address} is suppressed since {stamp(found.now.created_at)}: {foreign(found.now.reason)}{note}."
        )
    for one in found.removed:
        say(f"Taken off on {stamp(one.removed_at)}: it was {foreign(one.was)}; {foreign(one.why)}.")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="Addresses, one a line or a table with a column of them; - for stdin.")
    ],
    hashes: Annotated[
        ListKind,
        typer.Option(
            "--hashes",
            help="What stands in it: addresses; sha256 of small-lettered addresses; or own, the hashes of `suppress list` of a database with the same key.",
        ),
    ] = ListKind.ADDRESSES,
    reason: Annotated[str, typer.Option("--reason", help=f"Where the list came from. {NOTE}")] = "",
    as_json: JsonOption = False,
) -> None:
    """Suppress all addresses of a list. Exit code 2 when a line was refused."""
    with opened(file) as source:
        done = with_app(lambda app: suppressing.take_list(app, source, hashes, note=reason), creates=True)
    if as_json:
        say_json(
            {
                "added": done.added,
                "known": done.known,
                "refused": done.refused,
                "errors": [{"line": line, "reason": why} for line, why in done.errors],
            }
        )
    else:
        say(f"{done.added} suppressed, {done.known} were already, {done.refused} lines refused.")
        for line, why in done.errors:
            say(f"  line {line}: {foreign(why)}")
    if done.refused:
        raise typer.Exit(InputError.exit_code)


@app.command()
def remove(
    address: Annotated[str, typer.Argument(help="An address, or a hash that `list` shows.")],
    reason: Annotated[str, typer.Option("--reason", help=f"Why it may be mailed again; recorded. {NOTE}")],
    as_json: JsonOption = False,
) -> None:
    """Let an address be mailed again. Lists that its owner left stay left."""
    stopped = with_app(lambda app: suppressing.unblock(app, address, reason))
    if as_json:
        say_json({"address": address, "removed": True, "stopped": stopped})
        return
    say(f"{address} is not suppressed any more.")
    if stopped:
        say(f"Mail to it stays stopped: {foreign(stopped)} (`digest subscribers enable {address}`).")


def _row(one: Suppression) -> dict[str, object]:
    return as_row(hash=one.address_hash, reason=one.reason, note=one.note, since=one.created_at)


def _history(found: SuppressionHistory) -> dict[str, object]:
    return {
        "suppressed": found.now and _row(found.now),
        "removed": [
            as_row(was=one.was, since=one.suppressed_at, removed_at=one.removed_at, why=one.why)
            for one in found.removed
        ],
    }
