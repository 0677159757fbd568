"""Editions as the desk shows them: their list, their stories, how a send goes, and a preview."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from digest.errors import RefusedError
from digest.model import DeliveryStatus, Edition, EditionContent, EditionState, MailingList
from digest.model.editions.edition_moves import Move, state_after
from digest.model.rows import row_id
from digest.render.message.mime import prepare
from digest.services.app import App
from digest.services.editions import publish
from digest.services.mail_jobs import nobody
from digest.services.sending import deliveries
from digest.services.sending.progress import Progress, progress
from digest.storage import home as stored
from digest.storage.home import EditionHead
from digest.storage.ledger.deliveries import Failure

A_PAGE = 30
MOST_NAMED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionAtDesk:
    """One edition with its stories, how its send goes, and which moves are open to it.

    `failed` and `doubtful` name a hundred people at most.
    """

    edition: Edition
    content: EditionContent
    progress: Progress
    moves: frozenset[Move]
    failed: tuple[Failure, ...]
    doubtful: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionProof:
    """An edition's mail as a reader who does not exist would get it."""

    subject: str
    html: str
    text: str


async def page_of(app: App, mailing_list: MailingList, below: int | None = None) -> list[EditionHead]:
    """Return a list's editions, newest first, a page and one more."""
    async with app.database.read() as session:
        return await stored.of_list(session, row_id(mailing_list), A_PAGE + 1, below)


async def at_desk(app: App, mailing_list: MailingList, number: int) -> EditionAtDesk:
    """Return one edition.

    Raises:
        NotFoundError: the list has none of that number.
    """
    edition = await publish.by_number(app, mailing_list, number)
    failed, doubtful = (
        (await deliveries.failures(app, edition), await deliveries.in_doubt(app, edition))
        if edition.started_at
        else ([], [])
    )
    began = edition.started_at is not None
    return EditionAtDesk(
        edition=edition,
        content=EditionContent.model_validate(edition.content),
        progress=await progress(app, edition),
        moves=frozenset(one for one in Move if state_after(edition.state, one, started=began)),
        failed=tuple(failed[:MOST_NAMED]),
        doubtful=tuple(doubtful[:MOST_NAMED]),
    )


async def proof(app: App, mailing_list: MailingList, number: int) -> EditionProof:
    """Return an edition's mail for a reader who does not exist.

    Raises:
        NotFoundError: the list has none of that number.
        ConfigError, EditionHeldError: it cannot be rendered.
    """
    edition = await publish.by_number(app, mailing_list, number)
    content = EditionContent.model_validate(edition.content)
    if not content.stories:
        raise RefusedError("no_story", "The edition has no story.")
    return await asyncio.to_thread(_proof, app, mailing_list, content)


def _proof(app: App, mailing_list: MailingList, content: EditionContent) -> EditionProof:
    rendered = app.renderer.render(mailing_list, content)
    prepared = prepare(rendered, app.renderer.head(mailing_list, content.number, content.window_end))
    recipient = nobody(app, mailing_list, "reader@mujaz.example", "preview", "preview")
    return EditionProof(rendered.subject, prepared.html(recipient), prepared.text(recipient))


async def pause(app: App, edition: Edition) -> Edition:
    """Stop sending for now.

    Raises:
        InputError: it cannot be paused from where it is.
    """
    return await deliveries.change_state(app, edition, EditionState.PAUSED)


async def cancel(app: App, edition: Edition) -> Edition:
    """End an edition; what waits is never sent.

    Raises:
        InputError: it went out already, or was cancelled.
    """
    return await deliveries.change_state(app, edition, EditionState.CANCELLED)


async def retry(app: App, edition: Edition, statuses: Sequence[DeliveryStatus]) -> int:
    """Try again to reach those for whom it did not work out; returns how many.

    Raises:
        RefusedError: nobody was named.
        InputError: the edition was never sent, or was cancelled.
    """
    if not statuses:
        raise RefusedError("nobody", "Say whom to try again.")
    return await deliveries.retry(app, edition, statuses)
