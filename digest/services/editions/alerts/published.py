"""What was decided on a list's alerts, with the editions that they went out by."""

from datetime import datetime

from digest.model import Alert, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.editions import alerts as stored
from digest.storage.editions import editions


async def decided(app: App, mailing_list: MailingList, since: datetime) -> list[tuple[Alert, int | None]]:
    """Return what was decided since, newest first, each with the number of its edition (None: of none)."""
    async with app.database.read() as session:
        found = await stored.latest(session, row_id(mailing_list), since)
        numbers: dict[int, int] = {}
        for edition_id in {one.edition_id for one in found if one.edition_id is not None}:
            edition = await editions.by_id(session, edition_id)
            if edition is not None:
                numbers[edition_id] = edition.number
    return [(one, numbers.get(one.edition_id) if one.edition_id else None) for one in found]
