"""Editions as the desk shows them: their list, their stories, and how a send goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from digest.errors import RefusedError
from digest.model import (
    DeliveryStatus,
    Edition,
    EditionContent,
    EditionEdit,
    Erratum,
    MailingList,
    SectionSpec,
    Story,
)
from digest.model.editions.edition_moves import Move, state_after
from digest.model.rows import row_id
from digest.render.presenters.plan import lead_of
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.editions import corrections
from digest.services.editions.editing import editing
from digest.services.editions.editing.doubts import doubts_of
from digest.services.editions.lifecycle import awaiting
from digest.services.schedule.approving import goes_unapproved
from digest.services.sending import deliveries
from digest.services.sending.progress import Progress, progress
from digest.storage import home as stored
from digest.storage.home import EditionHead
from digest.storage.ledger import progress as ledger
from digest.storage.ledger.deliveries import Failure
from digest.storage.ledger.progress import DomainBooks

A_PAGE = 30
MOST_NAMED = 100
MOST_DOMAINS = 12


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
    may_be_approved: bool = False
    goes_anyway: bool = False
    """Whether it goes out at its time though nobody approved it."""
    edits: tuple[EditionEdit, ...] = ()
    dropped: tuple[Story, ...] = ()
    doubts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the guard finds in edited words, by story."""
    may_be_edited: bool = False
    sections: tuple[SectionSpec, ...] = ()
    """Those that a story may be moved to, in the list's order."""
    lead: str = ""
    """Key of the story that leads the mail."""
    headlines: Mapping[str, str] = field(default_factory=dict)
    """Of the stories that were edited, by their keys; as they were composed where they are gone."""
    corrections: tuple[Erratum, ...] = ()
    """What was corrected of it, oldest first."""


async def page_of(
    app: App, mailing_list: MailingList, below: int | None = None, limit: int = A_PAGE + 1
) -> list[EditionHead]:
    """Return a list's editions, newest first, a page and one more."""
    async with app.database.read() as session:
        return await stored.of_list(session, row_id(mailing_list), limit, below)


async def at_desk(app: App, mailing_list: MailingList, number: int) -> EditionAtDesk:
    """Return one edition.

    Raises:
        NotFoundError: the list has none of that number.
    """
    desk = await editing.edited(app, mailing_list, number)
    edition, content = desk.edition, EditionContent.model_validate(desk.edition.content)
    failed, doubtful = (
        (await deliveries.failures(app, edition), await deliveries.in_doubt(app, edition))
        if edition.started_at
        else ([], [])
    )
    began = edition.started_at is not None
    return EditionAtDesk(
        edition=edition,
        content=content,
        progress=await progress(app, edition),
        moves=frozenset(one for one in Move if state_after(edition.state, one, started=began)),
        failed=tuple(failed[:MOST_NAMED]),
        doubtful=tuple(doubtful[:MOST_NAMED]),
        may_be_approved=awaiting.may_be_approved(edition),
        edits=desk.edits,
        dropped=desk.now.dropped,
        doubts=await doubts_of(app, content),
        may_be_edited=editing.may_be_edited(edition),
        sections=_sections(mailing_list, content),
        lead=lead_of(content),
        goes_anyway=goes_unapproved(mailing_list, edition.stopped_by),
        headlines=_headlines(edition, content, desk) if desk.edits else {},
        corrections=tuple(await corrections.of_edition(app, edition)) if began else (),
    )


def _headlines(edition: Edition, content: EditionContent, desk: editing.EditedEdition) -> dict[str, str]:
    composed = EditionContent.model_validate(edition.composed).stories if edition.composed else ()
    every = (*composed, *desk.now.dropped, *content.stories)
    return {one.key: one.headline for one in every}


def _sections(mailing_list: MailingList, content: EditionContent) -> tuple[SectionSpec, ...]:
    known = {one.key: one for one in specs(mailing_list)}
    for one in content.sections:
        known.setdefault(one.key, SectionSpec(key=one.key, title=one.title, colour=one.colour))
    return tuple(known.values())


async def by_domain(app: App, edition: Edition) -> list[DomainBooks]:
    """Return how the send of an edition stands at the domains of most of its recipients."""
    async with app.database.read() as session:
        return await ledger.by_domain(session, row_id(edition), MOST_DOMAINS)


async def pause(app: App, edition: Edition) -> Edition:
    """Stop sending for now.

    Raises:
        InputError: it cannot be paused from where it is.
    """
    return await deliveries.move_by_hand(app, edition, Move.PAUSE)


async def cancel(app: App, edition: Edition) -> Edition:
    """End an edition; what waits is never sent.

    Raises:
        InputError: it went out already, or was cancelled.
    """
    return await deliveries.move_by_hand(app, edition, Move.CANCEL)


async def retry(app: App, edition: Edition, statuses: Sequence[DeliveryStatus]) -> int:
    """Try again to reach those for whom it did not work out; returns how many.

    Raises:
        RefusedError: nobody was named.
        InputError: the edition was never sent, or was cancelled.
    """
    if not statuses:
        raise RefusedError("nobody", "Say whom to try again.")
    return await deliveries.retry(app, edition, statuses)
