"""`digest subscribers`: who gets mail."""

from pathlib import Path
from typing import Annotated

import typer

from digest.deliver.bounces.score import Score
from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import ListOption, read_file, say, stamp, table, with_app
from digest.model import BounceEvent, Frequency
from digest.services.app import App
from digest.services.audience import lists, subscribers
from digest.services.audience import preferences as wishes
from digest.services.audience.subscribers import Imported
from digest.services.bounces import scores as bounce_score

app = typer.Typer(help="Subscribers: adding, importing, exporting, forgetting.", no_args_is_help=True)


@app.command()
def add(
    address: Annotated[str, typer.Argument(help="Address of a person who asked for it.")],
    name: Annotated[str, typer.Option(help="The person's name.")] = "",
    list_slug: ListOption = None,
) -> None:
    """Subscribe a person who asked for it."""

    async def work(app: App) -> tuple[str, bool]:
        mailing = await chosen_list(app, list_slug, make=True)
        return mailing.slug, await subscribers.add(app, mailing, address, name=name)

    slug, new = with_app(work, creates=True)
    say(f"{address} {'now gets' if new else 'gets already'} the list {slug}.")


@app.command("list")
def list_(list_slug: ListOption = None) -> None:
    """Show the subscribers."""
    found = with_app(lambda app: subscribers.everyone(app, list_slug))
    table(
        ("address", "name", "state", "since (UTC)", "how"),
        [
            (person.email, person.name, wish.state.value, stamp(wish.confirmed_at), wish.consent_how)
            for person, wish in found
        ],
        empty="Nobody subscribes yet: `digest subscribers add ADDRESS`.",
    )


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV with a column of addresses (email, البريد), or - for stdin.")
    ],
    list_slug: ListOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check the file only.")] = False,
) -> None:
    """Subscribe the people in a CSV; those who left are never taken back."""
    content = read_file(file)

    async def work(app: App) -> tuple[str, Imported]:
        mailing = await chosen_list(app, list_slug, make=True)
        return mailing.slug, await subscribers.import_csv(
            app, mailing, content, file=file.name, dry_run=dry_run
        )

    slug, done = with_app(work, creates=True)
    verb = "would be added to" if dry_run else "added to"
    say(
        f"{done.added} {verb} the list {slug}, {done.known} were there already, {done.refused} left or must not be mailed."
    )
    for line, reason in done.rejected[:20]:
        say(f"  line {line}: {reason}")
    if len(done.rejected) > 20:
        say(f"  … and {len(done.rejected) - 20} more lines that hold no address")


@app.command()
def export(list_slug: ListOption = None) -> None:
    """Print the subscribers as CSV."""

    async def work(app: App) -> list[str]:
        return [line async for line in subscribers.export_csv(app, list_slug)]

    say("".join(with_app(work)).rstrip("\n"))


@app.command()
def show(address: Annotated[str, typer.Argument(help="The person's address.")]) -> None:
    """Show how an address stands: its bounces with the receivers' words, and what followed from them."""
    found = with_app(lambda app: bounce_score.evidence(app, address))
    person, score = found.person, found.score
    say(f"{person.email}: {person.disabled_reason or 'is mailed'}")
    if found.suppression:
        say(f"never mailed since {stamp(found.suppression.created_at)} (UTC): {found.suppression.reason}")
    say(f"score {score.points:g} of {found.threshold:g}" + _since(score))
    table(
        ("at (UTC)", "what", "weight", "told by", "words", "led to"),
        [(stamp(one.at), one.event, one.weight, one.read_by, _words(one), one.step) for one in found.events],
        empty="Nothing ever came back.",
    )


def _since(score: Score) -> str:
    last = f", last bounce on {score.last_on.isoformat()}" if score.last_on else ""
    return last + (f", probed on {score.probed_on.isoformat()}" if score.probed_on else "")


def _words(event: BounceEvent) -> str:
    return event.words if event.code in event.words else f"{event.code} {event.words}"


@app.command("set")
def set_(
    address: Annotated[str, typer.Argument(help="The person's address.")],
    sections: Annotated[
        str | None,
        typer.Option(help="Keys of the sections that this person gets, with commas between; all for all."),
    ] = None,
    frequency: Annotated[
        Frequency | None,
        typer.Option(help="daily or weekly; weekly: the daily list's weekly edition instead."),
    ] = None,
    list_slug: ListOption = None,
) -> None:
    """Choose for a person who asked for it: which sections, and how often."""

    async def work(app: App) -> wishes.Wish:
        mailing = await chosen_list(app, list_slug)
        every = [spec.key for spec in lists.specs(mailing)]
        chosen = None if sections is None else every if sections == "all" else _keys(sections)
        return await wishes.set_by_admin(app, mailing, address, sections=chosen, frequency=frequency)

    chosen = with_app(work)
    say(f"{address} gets it {chosen.frequency.value}: {', '.join(chosen.sections or ('all sections',))}.")


def _keys(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


@app.command()
def enable(address: Annotated[str, typer.Argument(help="The person's address.")]) -> None:
    """Mail an address again that bounces had stopped; lists that its owner left stay left."""
    done = with_app(lambda app: bounce_score.enable(app, address))
    say(f"{address} is mailed again." if done else f"Nothing had stopped mail to {address}.")


@app.command()
def remove(address: Annotated[str, typer.Argument(help="The person's address.")]) -> None:
    """Forget a person; only a keyed hash stays, so that no import brings them back."""
    with_app(lambda app: subscribers.remove(app, address))
    say(f"{address} is forgotten and will not be imported again.")
