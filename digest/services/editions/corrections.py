"""Corrections: kept, told in the next edition, shown on the page."""

from digest.errors import InputError
from digest.model import Correction, Edition, EditionKind, Erratum, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.schedule.kinds import WEEK, is_review
from digest.storage.editions import corrections, editions

LONGEST = 600


async def correct(app: App, edition: Edition, text: str) -> None:
    """Keep a correction of an edition that went out; the list's next edition tells it.

    Raises:
        InputError: it did not go out, or the text is empty, too long or kept already.
    """
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise InputError(
            f"A correction has 1 to {LONGEST} characters, this one {len(said)}.",
            remedy="Say what was wrong and what is right, in a sentence or two.",
        )
    if edition.started_at is None:
        raise InputError(
            f"Edition {edition.number} did not go out; there is nothing to correct.",
            remedy="Cancel it, or make it again with `digest run`.",
        )
    list_id, number = edition.list_id, edition.number
    async with app.database.begin() as session:
        if await corrections.known(session, list_id, number, said):
            raise InputError(f"That correction of edition {number} is kept already.")
        await corrections.add(
            session,
            Erratum(list_id=list_id, edition_number=number, text=said, created_at=app.clock.now()),
        )


async def pending(app: App, mailing_list: MailingList, kind: EditionKind) -> tuple[Correction, ...]:
    """Return what the list's next edition has to correct, oldest first, each with the page of the edition
    that it corrects.

    A daily list's weekly edition has what no weekly one has told, though a daily one may have: weekly readers
    got none of these.
    """
    list_id = row_id(mailing_list)
    async with app.database.begin() as session:
        if is_review(mailing_list, kind):
            since = app.clock.now() - 2 * WEEK
            published = await editions.published_corrections(session, list_id, kind, since - WEEK)
            recent = await corrections.since(session, list_id, since)
            unpublished = [one for one in recent if (one.edition_number, one.text) not in published]
        else:
            unpublished = await corrections.unpublished(session, list_id)
    return tuple(
        Correction(
            text=one.text,
            edition_number=one.edition_number,
            url=app.links.edition(mailing_list.slug, one.edition_number),
        )
        for one in unpublished
    )
