"""`digest subscribers`: who gets mail."""

from typing import Annotated

import typer

from digest.entrypoints.cli.audience import choices as subscriber_choices
from digest.entrypoints.cli.audience import exports as subscriber_exports
from digest.entrypoints.cli.audience import imports as subscriber_imports
from digest.entrypoints.cli.audience import shown as subscriber_shown
from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import (
    JsonOption,
    ListOption,
    as_row,
    foreign,
    say,
    say_json,
    stamp,
    table,
    with_app,
)
from digest.model import Subscriber, Subscription
from digest.services.app import App
from digest.services.audience import sample_readers, subscribers
from digest.services.audience.admin import erasing, searching
from digest.services.bounces import scores

app = typer.Typer(help="Subscribers: adding, importing, exporting, forgetting.", no_args_is_help=True)
app.command("import")(subscriber_imports.import_)
app.command("imports")(subscriber_imports.imports)
app.command("undo-import")(subscriber_imports.undo_import)
app.command("show")(subscriber_shown.show)
app.command("export")(subscriber_exports.export)
app.command("set")(subscriber_choices.set_)


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="Address of a person who asked for it.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Subscribe a person who asked for it."""

    async def work(app: App) -> tuple[str, bool]:
        mailing_list = await chosen_list(app, list_slug, make=True)
        return mailing_list.slug, await subscribers.add(app, mailing_list, address, name=name)

    slug, new = with_app(work, creates=True)
    if as_json:
        say_json({"email": address, "list": slug, "added": new})
        return
    say(f"{address} {'now gets' if new else 'gets already'} the list {slug}.")


@app.command("list")
def list_(list_slug: ListOption = None, as_json: JsonOption = False) -> None:
    """Show the subscribers."""
    _answer(with_app(lambda app: subscribers.everyone(app, list_slug)), NOBODY, as_json=as_json)


@app.command()
def search(
    words: Annotated[
        str, typer.Argument(help="A piece of the address or name, a tag, or a value of a field.")
    ],
    list_slug: ListOption = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many are looked for.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Find people, however their names are spelled: hamza, diacritics, ة and ه, digits do not matter."""
    found = with_app(lambda app: searching.search(app, words, list_slug, most))
    _answer(found, f"Nobody is found by {words!r}.", as_json=as_json)


NOBODY = "Nobody subscribes yet: `digest subscribers add ADDRESS`."


def _answer(found: list[tuple[Subscriber, Subscription]], empty: str, *, as_json: bool) -> None:
    if as_json:
        rows = [
            as_row(
                email=person.email,
                name=person.name,
                list_id=subscription.list_id,
                state=subscription.state.value,
                requested_at=subscription.requested_at,
                confirmed_at=subscription.confirmed_at,
                left_at=subscription.left_at,
                consent=subscription.consent_how,
                stopped=person.disabled_reason,
                sample=person.sample,
            )
            for person, subscription in found
        ]
        say_json(rows)
        return
    table(
        ("address", "name", "state", "since (UTC)", "how"),
        [
            (
                person.email,
                person.name,
                subscription.state.value,
                stamp(subscription.confirmed_at),
                subscription.consent_how,
            )
            for person, subscription in found
        ],
        empty=empty,
    )


@app.command()
def enable(
    address: Annotated[str, typer.Argument(help="The person's address.")], as_json: JsonOption = False
) -> None:
    """Mail an address again that bounces had stopped; lists that its owner left stay left."""
    done = with_app(lambda app: scores.enable(app, address))
    if as_json:
        say_json({"email": address, "enabled": done})
        return
    say(f"{address} is mailed again." if done else f"Nothing had stopped mail to {address}.")


@app.command()
def forget(
    address: Annotated[str, typer.Argument(help="The person's address.")], as_json: JsonOption = False
) -> None:
    """Forget a person; only a keyed hash stays, so that no import brings them back."""
    done = with_app(lambda app: erasing.forget(app, address))
    if as_json:
        say_json({"forgotten": True, "messages": done.messages, "later": done.later})
        return
    say(f"{address} is forgotten and will not be imported again; only its owner can come back, by the form.")
    if done.messages:
        say(f"{done.messages} messages to it are removed from the embedded mailbox.")
    if done.later:
        say(f"What was deleted may still stand in the database's file: {foreign(done.later)}")
    say("Backups keep what they hold until they are deleted.")


app.command("remove", hidden=True)(forget)  # what it was called before


@app.command("remove-samples")
def remove_samples(as_json: JsonOption = False) -> None:
    """Remove the demo's sample readers from all lists."""
    count = with_app(sample_readers.remove)
    if as_json:
        say_json({"removed": count})
        return
    say(f"{count} sample readers are removed." if count else "There are no sample readers.")
