"""Finding editions again."""

from datetime import date

from digest.errors import NotFoundError
from digest.model import Edition, EditionKind, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.schedule.kinds import regular_kind
from digest.storage.editions import editions


async def of_day(
    app: App, mailing_list: MailingList, day: date, kind: EditionKind | None = None, topic: str = ""
) -> Edition | None:
    """Return the edition of a date and kind (None: the list's regular one), or None. Alerts are found by
    `alert.like`; with a topic, it is the one for a segment.
    """
    async with app.database.begin() as session:
        return await editions.by_day(
            session, row_id(mailing_list), kind or regular_kind(mailing_list), day, topic
        )


async def latest(app: App, mailing_list: MailingList, limit: int = 30) -> list[Edition]:
    """Return the newest editions of a list, newest first."""
    async with app.database.begin() as session:
        return await editions.latest(session, row_id(mailing_list), limit)


async def by_number(app: App, mailing_list: MailingList, number: int) -> Edition:
    """Return an edition of a list.

    Raises:
        InputError: there is no edition of that number.
    """
    async with app.database.begin() as session:
        edition = await editions.by_number(session, row_id(mailing_list), number)
    if edition is None:
        raise NotFoundError(
            f"The list {mailing_list.slug} has no edition {number}.",
            remedy="`digest editions list` shows which there are.",
        )
    return edition
