"""`digest webhooks`: where events are posted to, what was posted, and sending it again."""

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
from digest.model import Webhook, WebhookEvent
from digest.services.programs import webhooks

app = typer.Typer(
    help="Events for programs, posted and signed (docs/howto/webhooks.md).", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="Name of the webhook.")]


@app.command()
def add(
    name: Name,
    url: Annotated[str, typer.Argument(help="Where to post: an https address of the open Internet.")],
    events: Annotated[
        list[WebhookEvent] | None, typer.Option("--event", help="Once for each; left out: all of them.")
    ] = None,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set up a webhook, and print the secret that signs what is posted: it is not shown again."""
    wanted = [one.value for one in events or ()]
    made: Webhook = with_app(lambda app: webhooks.add(app, name, url, wanted, list_slug=list_slug or ""))
    if as_json:
        say_json({"name": made.name, "url": made.url, "secret": made.secret})
        return
    say(made.secret)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """Show the webhooks that there are, and how much waits for each."""
    found = with_app(webhooks.every)
    rows = [
        as_row(
            name=one.webhook.name,
            url=one.webhook.url,
            events=one.webhook.events,
            list=one.slug or None,
            waiting=one.waiting,
            stopped=one.webhook.stopped,
        )
        for one in found
    ]
    if as_json:
        say_json(rows)
        return
    table(
        ("name", "address", "events", "list", "waiting", ""),
        [
            (row["name"], row["url"], ", ".join(row["events"]) or "all", row["list"] or "all", row["waiting"], row["stopped"])
            for row in rows
        ],
        empty="There are no webhooks: `digest webhooks add NAME URL` sets one up.",
    )  # fmt: skip


@app.command()
def remove(name: Name) -> None:
    """Remove a webhook, with the messages that wait for it."""
    with_app(lambda app: webhooks.remove(app, name))
    say(f"Nothing is posted to {name} any more.")


@app.command()
def test(name: Name) -> None:
    """Post a message that only says that it is a test; the scheduler sends it within a tick."""
    message = with_app(lambda app: webhooks.try_out(app, name))
    say(f"{message.message_id} is on its way; `digest webhooks log {name}` shows what becomes of it.")


@app.command()
def log(
    name: Name,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show what was posted to a webhook, newest first, and what it answered."""
    found = with_app(lambda app: webhooks.log_of(app, name, limit))
    if as_json:
        say_json([one.model_dump(mode="json") for one in found])
        return
    table(
        ("number", "event", "at (UTC)", "tries", "delivered", "next try", "answer"),
        [
            (
                one.id,
                one.event,
                stamp(one.at),
                one.attempts,
                stamp(one.delivered_at),
                stamp(one.next_try_at),
                one.error or one.status,
            )
            for one in found
        ],
        empty="Nothing was posted to it yet.",
    )


@app.command()
def replay(
    name: Name,
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Numbers of the log; left out: all that were not delivered.")
    ] = None,
) -> None:
    """Post messages again, under their own names, so that who had them can tell."""
    count = with_app(lambda app: webhooks.replay(app, name, numbers or None))
    say(f"{count} messages are posted again.")
