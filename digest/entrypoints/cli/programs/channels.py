"""`digest channels`: where a list's editions and alerts are posted besides mail."""

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
from digest.errors import SourceError
from digest.model import Channel, ChannelKind
from digest.services.channels import setup

app = typer.Typer(
    help="Editions and alerts in Telegram, or posted to a program (docs/howto/channels.md).",
    no_args_is_help=True,
)

Name = Annotated[str, typer.Argument(help="Name of the channel.")]


@app.command()
def add(
    name: Name,
    kind: Annotated[ChannelKind, typer.Argument(help="telegram or webhook.")],
    target: Annotated[str, typer.Argument(help="@NAME or number of the chat; address of the webhook.")],
    list_slug: ListOption = None,
    no_editions: Annotated[bool, typer.Option("--no-editions", help="Only alerts.")] = False,
    no_alerts: Annotated[bool, typer.Option("--no-alerts", help="Only editions.")] = False,
    approvals: Annotated[
        bool, typer.Option("--approvals", help="For editors: told of editions that wait for an approval.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Set up a channel of a list; a webhook's secret is printed, and not shown again."""
    made: Channel = with_app(
        lambda app: setup.add(
            app,
            name,
            kind,
            target,
            list_slug=list_slug,
            editions=not no_editions,
            alerts=not no_alerts,
            approvals=approvals,
        )
    )
    if as_json:
        say_json({"name": made.name, "kind": made.kind.value, "secret": made.secret})
        return
    say(
        made.secret
        or f"{made.name} gets what goes out from now on; `digest channels test {made.name}` tries it."
    )


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show the channels that there are, with what was posted to each."""
    found = with_app(setup.every)
    if as_json:
        say_json(
            [
                as_row(
                    name=one.channel.name,
                    kind=one.channel.kind.value,
                    target=one.channel.target,
                    list=one.slug,
                    editions=one.channel.editions,
                    alerts=one.channel.alerts,
                    approvals=one.channel.approvals,
                    planned=one.planned,
                    sent=one.sent,
                    failed=one.failed,
                    waiting=one.waiting,
                    broken=one.channel.broken,
                    paused_at=one.channel.paused_at,
                )
                for one in found
            ]
        )
        return
    table(
        ("name", "kind", "target", "list", "planned", "= sent", "+ failed", "+ waiting", ""),
        [
            (
                one.channel.name,
                one.channel.kind.value,
                one.channel.target,
                one.slug,
                one.planned,
                one.sent,
                one.failed,
                one.waiting,
                one.channel.broken or ("paused" if one.channel.paused_at else ""),
            )
            for one in found
        ],
        empty="There are no channels: `digest channels add NAME telegram @CHANNEL` sets one up.",
    )


@app.command()
def remove(name: Name) -> None:
    """Remove a channel with its ledger; what was posted stays where it is."""
    with_app(lambda app: setup.remove(app, name))
    say(f"Nothing is posted to {name} any more.")


@app.command()
def pause(name: Name) -> None:
    """Post nothing to a channel; what begins meanwhile is not posted to it, later either."""
    done = with_app(lambda app: setup.pause(app, name, paused=True))
    say(f"Nothing is posted to {name} now." if done else f"{name} was paused already.")


@app.command()
def resume(name: Name) -> None:
    """Post to a channel again, what waited for it first."""
    done = with_app(lambda app: setup.pause(app, name, paused=False))
    say(f"{name} is posted to again." if done else f"{name} was not paused.")


@app.command()
def retry(
    name: Name,
    post: Annotated[
        int | None, typer.Option("--post", min=1, help="That post alone; the log shows numbers.")
    ] = None,
) -> None:
    """Have what failed posted again, and what waits for another try posted now."""
    count = with_app(lambda app: setup.retry(app, name, post))
    say(f"Posted again: {count}.")


@app.command()
def test(name: Name) -> None:
    """Post a line that says that it is a test; a channel that was broken and takes it works again."""
    problem = with_app(lambda app: setup.try_out(app, name))
    if problem:
        raise SourceError(f"{name} does not take it: {problem}")
    say(f"{name} took it.")


@app.command()
def log(
    name: Name,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show what was posted to a channel, newest first."""
    found = with_app(lambda app: setup.log_of(app, name, limit))
    if as_json:
        say_json([one.model_dump(mode="json") | {"edition": number} for one, number in found])
        return
    table(
        ("post", "edition", "state", "messages", "corrected", "posted (UTC)", "next try", "why"),
        [
            (
                one.id,
                number,
                one.state.value,
                len(one.parts),
                one.revision,
                stamp(one.posted_at),
                stamp(one.next_try_at),
                one.error,
            )
            for one, number in found
        ],
        empty="Nothing was posted to it yet.",
    )
