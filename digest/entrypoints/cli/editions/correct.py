"""`digest editions correct`: what an edition had wrong."""

from typing import Annotated

import typer

from digest.entrypoints.cli.list_choice import chosen_list
from digest.entrypoints.cli.screen import ListOption, say, with_app
from digest.model import Edition
from digest.services.app import App
from digest.services.editions import publish
from digest.services.editions.alerts import correcting
from digest.storage.ledger.deliveries import Balance


def correct(
    number: Annotated[int, typer.Argument(help="Number of the edition.")],
    text: Annotated[str, typer.Argument(help="What was wrong and what is right, in a sentence or two.")],
    story: Annotated[
        str,
        typer.Option(
            "--story",
            help="Words of the headline of the story that had it wrong: the correction then stands there, too.",
        ),
    ] = "",
    list_slug: ListOption = None,
) -> None:
    """Correct an edition that went out: its page says so at once, and the list's next edition tells its
    readers.

    The correction of an alert goes out at once to those who got the alert.
    """

    async def work(app: App) -> tuple[Edition, Balance | None]:
        mailing_list = await chosen_list(app, list_slug)
        edition = await publish.by_number(app, mailing_list, number)
        return edition, await correcting.correct(app, mailing_list, edition, text, story)

    edition, books = with_app(work)
    what = f"Edition {edition.number} of {edition.local_date.isoformat()} is corrected"
    say(
        f"{what}; the next edition tells it."
        if books is None
        else f"{what}, to those who got the alert: {books.line()}"
    )
