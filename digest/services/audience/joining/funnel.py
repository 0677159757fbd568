"""How many of those who ask for a list finish: counts by list and day, and nobody's name.

A GET changes nothing, so nobody is counted for looking at the page. Who pressed a button on it has opened it;
that is what `opened` counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import MailingList, SignupDay
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists
from digest.storage.audience.joining import signup_days
from digest.storage.audience.joining.signup_days import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelDay:
    """The sign-ups of one day in the list's zone, and what has become of them since."""

    day: date
    asked: int
    opened: int
    confirmed: int
    by_page: int
    by_reply: int
    declined: int


async def count(session: AsyncSession, mailing_list: MailingList, asked_at: datetime, step: Step) -> None:
    """Count that a sign-up went a step further, under the day on which it was asked for."""
    day = asked_at.astimezone(ZoneInfo(mailing_list.timezone)).date()
    await signup_days.count(session, row_id(mailing_list), day, step)


async def funnel(app: App, slug: str, *, days: int) -> list[FunnelDay]:
    """Return a list's last `days` days on which somebody asked, newest first.

    Raises:
        InputError: there is no such list.
    """
    async with app.database.read() as session:
        mailing_list = await lists.by_slug(session, slug)
        today = app.clock.now().astimezone(ZoneInfo(mailing_list.timezone)).date()
        found = await signup_days.of_list(session, row_id(mailing_list), today - timedelta(days=days - 1))
        return [_day(one) for one in found]


def _day(one: SignupDay) -> FunnelDay:
    return FunnelDay(
        day=one.day,
        asked=one.asked,
        opened=one.by_page + one.declined,
        confirmed=one.by_page + one.by_reply,
        by_page=one.by_page,
        by_reply=one.by_reply,
        declined=one.declined,
    )
