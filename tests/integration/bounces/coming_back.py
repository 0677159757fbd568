"""An edition that was sent, and mail that comes back from it."""

from sqlmodel import select

from digest.deliver.return_path import return_path
from digest.model import Edition, Notice
from digest.services.app import App
from digest.services.bounces import reports
from digest.services.editions import publish
from digest.services.sending.batches import deliver_edition
from tests.fakes_delivery import keep_an_edition
from tests.unit.deliver.bounces.returned import returned

AMAL = "reader1@mujaz.example"
HERE = {"readers": 0}
"""Mail is read in this process, which is the same code and starts at once."""
GONE = "5.1.1 There is no such mailbox"


async def sent(app: App, readers: int = 3) -> Edition:
    """Keep an edition that was sent to so many readers."""
    edition = await keep_an_edition(app.database, readers)
    await publish.start(app, edition)
    await deliver_edition(app, edition.id, lambda _: None)
    return edition


def path_of(app: App, edition_id: int, subscriber_id: int = 1) -> str:
    return return_path(edition_id, subscriber_id, app.keys.return_paths.current, "mujaz.example")


async def comes_back(app: App, edition_id: int, words: str = GONE, *, action: str = "failed") -> None:
    to = path_of(app, edition_id)
    await reports.process_mail(
        app, returned("postfix", words.split(maxsplit=1)[0], f"550 {words}", action, to=to), (to,)
    )


async def notices(app: App) -> list[Notice]:
    async with app.database.begin() as session:
        return list((await session.exec(select(Notice))).all())
