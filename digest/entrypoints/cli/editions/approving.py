"""`digest editions compose`, `approve`, `stop` and `schedule`: editions that people let go."""

from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.recording import terminal_actor
from digest.entrypoints.cli.screen import ListOption, say, stamp, with_app
from digest.model import Edition
from digest.services.app import App
from digest.services.editions import publish as editions
from digest.services.schedule.local_time import clock_time, coming, zone

Number = Annotated[int, typer.Argument(help="Number of the edition.")]


def compose(list_slug: ListOption = None) -> None:
    """Compose today's edition now, as a draft that goes out only when somebody approves it."""

    async def work(app: App) -> Edition:
        return await editions.compose_now(app, await chosen_list(app, list_slug), terminal_actor().name)

    edition = with_app(work)
    say(
        f"Edition {edition.number} is composed; `digest editions edit show {edition.number}` shows it, and "
        f"`digest editions approve {edition.number}` lets it go."
    )


def approve(
    number: Number,
    list_slug: ListOption = None,
    now: Annotated[
        bool, typer.Option("--now", help="Begin after the cooling-off, and do not wait for its time.")
    ] = False,
) -> None:
    """Approve a composed edition: it begins at its time, after the list's cooling-off."""

    async def work(app: App) -> Edition:
        edition = await editions.by_number(app, await chosen_list(app, list_slug), number)
        return await editions.approve_draft(app, edition, terminal_actor().name, at_once=now)

    edition = with_app(work)
    say(
        f"Edition {edition.number} is approved; `digest serve` sends it from {stamp(edition.starts_at)} UTC. "
        f"Until then `digest editions stop {edition.number}` takes that back."
    )


def stop(number: Number, list_slug: ListOption = None) -> None:
    """Take an approval back before the edition begins; it waits for another, and does not go out by
    itself.
    """

    async def work(app: App) -> Edition:
        edition = await editions.by_number(app, await chosen_list(app, list_slug), number)
        return await editions.stop(app, edition, terminal_actor().name)

    edition = with_app(work)
    say(f"Edition {edition.number} is stopped; it goes out when somebody approves it again.")


def schedule(
    number: Number,
    at: Annotated[str, typer.Argument(help="Local time of the list at which it goes out, HH:MM.")],
    list_slug: ListOption = None,
) -> None:
    """Set when an edition goes out that has not begun: today at that time, or else tomorrow."""

    async def work(app: App) -> Edition:
        mailing_list = await chosen_list(app, list_slug)
        edition = await editions.by_number(app, mailing_list, number)
        due_at = coming(clock_time(at), zone(mailing_list.timezone), app.clock.now())
        return await editions.put_off(app, edition, due_at)

    edition = with_app(work)
    say(f"Edition {edition.number} goes out at {stamp(edition.due_at)} UTC.")
