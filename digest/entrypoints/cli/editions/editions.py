"""`digest editions`: books and states of editions, and what can be done."""

from typing import Annotated

import typer

from digest.entrypoints.cli.editions import approving, editing
from digest.entrypoints.cli.editions import correct as editions_correct
from digest.entrypoints.cli.editions.lines import date_of, on_its_way, state_of, status_row
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
from digest.errors import InputError
from digest.model import DeliveryStatus, Edition, EditionState
from digest.model.editions.edition_moves import Move
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience import lists
from digest.services.editions import publish
from digest.services.editions.alerts import explaining
from digest.services.sending import deliveries
from digest.services.sending.progress import Progress, progress
from digest.storage.ledger.deliveries import Balance, Failure, Timeline

app = typer.Typer(help="Editions: their books and their state.", no_args_is_help=True)
app.command("correct")(editions_correct.correct)
app.command("compose")(approving.compose)
app.command("approve")(approving.approve)
app.command("stop")(approving.stop)
app.command("schedule")(approving.schedule)
app.add_typer(editing.app, name="edit")

Number = Annotated[int, typer.Argument(help="Number of the edition.")]


@app.command("list")
def list_(list_slug: ListOption = None) -> None:
    """Show the newest editions of a list with their books."""

    async def work(app: App) -> tuple[list[tuple[Edition, Balance]], list[str]]:
        mailing_list = await chosen_list(app, list_slug)
        found = await publish.latest(app, mailing_list)
        books = [(edition, await deliveries.balance(app, row_id(edition))) for edition in found]
        return books, await explaining.unpublished_alerts(app, mailing_list)

    found, unpublished = with_app(work)
    table(
        ("number", "date", "state", "books", "finished (UTC)"),
        [
            (edition.number, date_of(edition), state_of(edition), books.line(), stamp(edition.finished_at))
            for edition, books in found
        ],
        empty="There are no editions yet: `digest run` makes one.",
    )
    for line in unpublished:
        say(foreign(line))


@app.command()
def status(
    number: Number,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one edition's books, counted row by row, who is in doubt, and while it is sent how fast it
    goes.
    """

    async def work(app: App) -> tuple[Edition, Progress, bool, list[str]]:
        edition = await publish.by_number(app, await chosen_list(app, list_slug), number)
        now = await progress(app, edition)
        agrees = await deliveries.audit(app, row_id(edition))
        return edition, now, agrees, await deliveries.in_doubt(app, edition)

    edition, now, agrees, doubtful = with_app(work)
    if as_json:
        say_json(status_row(edition, now, doubtful, agrees=agrees), indent=None)
        return
    say(f"Edition {edition.number} of {edition.local_date.isoformat()}: {foreign(edition.subject)}")
    say(
        f"state     {edition.state.value}"
        + (f" ({foreign(edition.held_reason)})" if edition.held_reason else "")
    )
    if edition.state is EditionState.PAUSED:
        say(f"resume    `digest editions resume {edition.number}`, once what it names is mended")
    say(f"began     {stamp(edition.started_at)}, finished {stamp(edition.finished_at)} (UTC)")
    for line in on_its_way(edition, now):
        say(line)
    say(f"books     {now.books.line()}")
    say(
        f"checked   {'the books agree with the ledger' if agrees else 'THE BOOKS DO NOT AGREE WITH THE LEDGER'}"
    )
    for address in doubtful:
        say(f"in doubt  {address}")


def _move(number: int, list_slug: str | None, move: Move) -> None:
    async def work(app: App) -> Edition:
        edition = await publish.by_number(app, await chosen_list(app, list_slug), number)
        return await deliveries.move_by_hand(app, edition, move)

    edition = with_app(work)
    say(f"Edition {edition.number} is {edition.state.value}.")


@app.command()
def pause(number: Number, list_slug: ListOption = None) -> None:
    """Stop sending an edition for now. What is on the wire is still recorded."""
    _move(number, list_slug, Move.PAUSE)


@app.command()
def resume(number: Number, list_slug: ListOption = None) -> None:
    """Let a paused or held edition go on, late as it may be."""

    async def work(app: App) -> Edition:
        edition = await publish.by_number(app, await chosen_list(app, list_slug), number)
        return await publish.resume(app, edition)

    edition = with_app(work)
    say(
        f"Edition {edition.number} is {edition.state.value}; `digest run` or `digest serve` sends what waits."
    )


@app.command()
def cancel(number: Number, list_slug: ListOption = None) -> None:
    """End an edition; what waits is never sent."""
    _move(number, list_slug, Move.CANCEL)


@app.command()
def retry(
    number: Number,
    list_slug: ListOption = None,
    failed: Annotated[bool, typer.Option("--failed", help="Those whose mail failed.")] = False,
    bounced: Annotated[bool, typer.Option("--bounced", help="Those whose address was refused.")] = False,
    in_doubt: Annotated[
        bool, typer.Option("--in-doubt", help="Those who may have got it: they may get it twice.")
    ] = False,
) -> None:
    """Try again to reach those for whom it did not work out."""
    chosen = [
        status
        for status, wanted in (
            (DeliveryStatus.FAILED, failed),
            (DeliveryStatus.BOUNCED, bounced),
            (DeliveryStatus.IN_DOUBT, in_doubt),
        )
        if wanted
    ]
    if not chosen:
        raise InputError("Say whom to try again.", remedy="Add --failed, --bounced or --in-doubt.")

    async def work(app: App) -> int:
        edition = await publish.by_number(app, await chosen_list(app, list_slug), number)
        return await deliveries.retry(app, edition, chosen)

    count = with_app(work)
    say(
        f"{count} wait again; `digest run` or `digest serve` sends to them."
        if count
        else "There is nobody to try again."
    )


@app.command()
def who(
    address: Annotated[str, typer.Argument(help="A subscriber's address.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many editions to show.")] = 10,
) -> None:
    """Show what became of one person's mail, try by try, in the servers' own words."""

    async def work(app: App) -> list[tuple[str, Timeline]]:
        slugs = {one.mailing_list.id: one.mailing_list.slug for one in await lists.every(app)}
        found = await deliveries.who(app, address, limit)
        return [(slugs.get(one.edition.list_id, ""), one) for one in found]

    found = with_app(work)
    if not found:
        say("No edition was ever planned for this address.")
    for slug, one in found:
        edition = one.edition
        say(
            f"Edition {edition.number} of {slug}, {edition.local_date.isoformat()} ({edition.state.value}): {foreign(edition.subject)}"
        )
        say(f"  {stamp(edition.started_at)}  planned")
        for each in one.tries:
            said = f"{each.code or ''} {each.words}".strip() or "no reply"
            say(f"  {stamp(each.at)}  tried: {foreign(said)}")
        why = f" ({foreign(one.reason)})" if one.reason else ""
        again = f", next try {stamp(one.next_try_at)}" if one.next_try_at else ""
        say(f"  now: {one.status.value}{why}{again}")


@app.command()
def failed(
    number: Number,
    list_slug: ListOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show who did not get an edition for good, each with the server's own words."""

    async def work(app: App) -> list[Failure]:
        edition = await publish.by_number(app, await chosen_list(app, list_slug), number)
        return await deliveries.failures(app, edition)

    found = with_app(work)
    if as_json:
        rows = [
            as_row(
                address=one.address,
                status=one.status.value,
                reason=one.reason,
                code=one.code,
                reply=one.reply,
                at=one.at,
            )
            for one in found
        ]
        say_json(rows, indent=None)
        return
    for one in found:
        words = f"{one.code or ''} {one.reply}".strip() or one.reason or "no reply"
        say(f"{one.address}  {one.status.value}: {foreign(words)}")
    if not found:
        say(f"Nobody failed in edition {number}.")
