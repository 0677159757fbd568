"""What the desk's own work is due: approvals to ask for, links to mail, files to import, people to count."""

from digest.services.accounts import mails
from digest.services.app import App
from digest.services.audience.people import indexing, upload_runs
from digest.services.desk import counts
from digest.services.editions.lifecycle import asking


async def of_the_desk(app: App, most: int) -> list[tuple[str, int]]:
    """Return tasks with their row ids, at most so many of each kind."""
    await asking.plan(app)
    due = [("mail_approver", one) for one in await asking.due(app, most)]
    due += [("mail_account_link", one) for one in await mails.due(app, most)]
    due += [("import_people", one) for one in await upload_runs.due(app, most)]
    due += [("index_people", 0)] if await indexing.is_due(app) else []
    return due + ([("count_lists", 0)] if await counts.are_due(app) else [])
