"""What came back from a list's people: bounces and complaints apart, each with its evidence."""

from collections.abc import Collection
from dataclasses import dataclass

from digest.model import MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience.people import returned as stored
from digest.storage.audience.people.returned import PersonsReturn

A_PAGE = 50
STEPS = ("probe", "disable", "suppress")
"""What a bounce led to, when it led to something."""


@dataclass(frozen=True, slots=True)
class ReturnedPage:
    """What came back, the newest first; `before` goes on where it ends, None: at the end."""

    rows: tuple[PersonsReturn, ...]
    before: int | None


async def page(
    app: App,
    mailing_list: MailingList,
    event: str,
    *,
    before: int | None = None,
    step: str = "",
    seen: Collection[int] | None = None,
) -> ReturnedPage:
    """Return a page of what came back; `event` is bounce or complaint, `step` what it led to.

    `seen`: what belongs to these lists alone.
    """
    async with app.database.read() as session:
        rows = await stored.page(
            session,
            row_id(mailing_list),
            event,
            before,
            A_PAGE + 1,
            step=step if step in STEPS else "",
            seen=seen,
        )
    shown = tuple(rows[:A_PAGE])
    return ReturnedPage(shown, shown[-1].event.id if len(rows) > A_PAGE else None)
