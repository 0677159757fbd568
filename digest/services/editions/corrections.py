"""Corrections: kept, told in the next edition, shown on the page."""

from digest.errors import InputError, RefusedError
from digest.model import Correction, Edition, EditionContent, EditionKind, Erratum, MailingList, Story
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.schedule.kinds import WEEK, is_review
from digest.storage.editions import corrections, editions
from digest.storage.programs import channels
from digest.text.words.normalise import fold

LONGEST = 600
SHOWN = 30


async def correct(app: App, edition: Edition, text: str, story: str = "") -> None:
    """Keep a correction of an edition that went out; the list's next edition tells it.

    `story` is the key of the story that had it wrong, or words of its headline: the correction then stands
    there, too, on the edition's page. Empty: it is about the whole edition.

    Raises:
        InputError: it did not go out, the text is empty, too long or kept already, or not one story is meant.
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
    key = _meant(EditionContent.model_validate(edition.content), story).key if story.strip() else ""
    list_id, number = edition.list_id, edition.number
    async with app.database.begin() as session:
        if await corrections.known(session, list_id, number, said):
            raise InputError(f"That correction of edition {number} is kept already.")
        await corrections.add(
            session,
            Erratum(list_id=list_id, edition_number=number, text=said, story=key, created_at=app.clock.now()),
        )
        await channels.corrected(session, list_id, number, app.clock.now())


async def of_edition(app: App, edition: Edition) -> list[Erratum]:
    """Return what was corrected of an edition, oldest first."""
    async with app.database.read() as session:
        return await corrections.of_edition(session, edition.list_id, edition.number)


def _meant(content: EditionContent, words: str) -> Story:
    """The one story of an edition that has this key, or these words in its headline."""
    for one in content.stories:
        if one.key == words.strip():
            return one
    sought = fold(words).split()
    found = [one for one in content.stories if all(word in fold(one.headline) for word in sought)]
    if len(found) == 1:
        return found[0]
    listed = found or content.stories
    raise RefusedError(
        "correction_story",
        f"{'No story' if not found else f'{len(found)} stories'} of edition {content.number} "
        f"{'has' if not found else 'have'} «{words.strip()[:80]}» in the headline.",
        remedy="Give more of one headline: " + " · ".join(f"«{one.headline}»" for one in listed[:SHOWN]),
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
            url=page_of(app, mailing_list, one),
        )
        for one in unpublished
    )


def page_of(app: App, mailing_list: MailingList, one: Erratum) -> str:
    """Return where a correction stands: the page of the edition, at the story if it is about one."""
    address = app.links.edition(mailing_list.slug, one.edition_number)
    return f"{address}#s-{one.story}" if one.story else address
