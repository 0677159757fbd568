"""Editions for a segment alone: whom they mean, by the definition that was frozen with them."""

from sqlalchemy.sql.elements import ColumnElement

from digest.errors import EditionHeldError, InputError
from digest.model import CheckedSegment, Edition, EditionSegment, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.segments import saved
from digest.storage.audience import lists
from digest.storage.audience.segments import compiled
from digest.storage.editions import editions


async def named(app: App, mailing_list: MailingList, name: str) -> tuple[EditionSegment, CheckedSegment]:
    """Return a list's segment as an edition keeps it, and ready to be asked.

    Raises:
        InputError: there is none of that name, or it asks for what the list does not have.
    """
    async with app.database.read() as session:
        definition = await saved.of_name(session, mailing_list, name)
        segment = await saved.ready(app, session, mailing_list, definition, name=name)
    return EditionSegment(name=name, definition=definition), segment


async def for_segment(app: App, edition: Edition) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of those whom an edition is for, beyond reading the list; nothing when it is for all.

    Raises:
        EditionHeldError: its segment asks for what the list does not have any more; it is held.
    """
    if edition.segment is None:
        return ()
    own = EditionSegment.model_validate(edition.segment)
    async with app.database.begin() as session:
        mailing_list = await lists.by_id(session, edition.list_id)
        if mailing_list is None:
            return ()
        try:
            segment = await saved.ready(app, session, mailing_list, own.definition, name=own.name)
        except InputError as error:
            problem = str(error)
        else:
            return (compiled(segment),)
        await editions.hold(session, row_id(edition), problem, editions.SEGMENT, app.clock.now())
    raise EditionHeldError(problem)
