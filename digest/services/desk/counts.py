"""Count the people of the lists beside the pages: no page waits for a million rows."""

from datetime import timedelta

from digest.model import ListCount, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.desk import figures
from digest.storage import home
from digest.storage.accounts import people
from digest.storage.audience import lists

COUNTED_EVERY = timedelta(minutes=10)


async def are_due(app: App) -> bool:
    """Say whether it is time to count again; never where nobody has an account to look at it."""
    async with app.database.read() as session:
        if not await people.any_active(session) or not await lists.all_lists(session):
            return False
        oldest = await home.oldest_count(session)
    return oldest is None or oldest <= app.clock.now() - COUNTED_EVERY


async def count(app: App) -> bool:
    """Count every list anew; False: there is none."""
    async with app.database.read() as session:
        every = await lists.all_lists(session)
        counted = [await home.count(session, row_id(one), app.clock.now()) for one in every]
    await _keep(app, counted)
    for mailing_list, of_list in zip(every, counted, strict=True):
        await figures.count(app, mailing_list, of_list.confirmed, app.clock.now())
    return bool(counted)


async def of_lists(app: App, shown: list[MailingList]) -> dict[int, ListCount]:
    """Return what was counted of lists; one that never was is counted now."""
    async with app.database.read() as session:
        known = await home.counts(session, [row_id(one) for one in shown])
        fresh = [
            await home.count(session, row_id(one), app.clock.now()) for one in shown if one.id not in known
        ]
    if fresh:
        await _keep(app, fresh)
    return known | {one.list_id: one for one in fresh}


async def _keep(app: App, counted: list[ListCount]) -> None:
    if counted:
        async with app.database.begin() as session:
            await home.keep_counts(session, [one.model_copy() for one in counted])
