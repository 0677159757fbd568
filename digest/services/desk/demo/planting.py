"""Fill an empty database with the invented newsroom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError
from digest.model import (
    Account,
    Approval,
    EditionContent,
    EditionState,
    MailingList,
    Role,
    Subscriber,
    Subscription,
)
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.audience.lists import specs
from digest.services.audience.people import indexing
from digest.services.desk import counts
from digest.services.desk.demo import beside, mail, newsroom, people
from digest.services.editions.run import run
from digest.services.editions.run.values import RunRequest
from digest.services.schedule.local_time import zone
from digest.storage.accounts import people as accounts
from digest.storage.audience import lists

PEOPLE = 10_000
DAYS = 30
COMPOSED = 3
"""So many days' editions are made of the sample articles; the days before tell the same ones again."""
OF_SECOND_LIST = 0.28
MOST_COUNTS = 40


@dataclass(frozen=True, slots=True)
class Planted:
    """What there is: the account of each role, and how many people."""

    staff: Mapping[Role, Account]
    people: int


async def plant(app: App, *, count: int = PEOPLE, days: int = DAYS) -> Planted:
    """Fill the App's database, which has to be empty: nothing invented is ever put beside what is real.

    Raises:
        InputError: there are accounts or lists in it.
    """
    async with app.database.read() as session:
        if await accounts.any_active(session) or await lists.all_lists(session):
            raise InputError("This database is in use.", remedy="The demo makes one of its own.")
    contents = await _composed(app)
    now = app.clock.now()
    async with app.database.begin() as session:
        daily = await lists.by_slug(session, "daily")
        second = await _second_list(session, daily, now)
        daily.is_default, daily.approval = True, Approval.REQUIRED
        readers = await _people(session, daily, second, count, now)
        await newsroom.sources(session, now)
        staff = await newsroom.staff(session, now)
        session.add_all(newsroom.acts(now))
    await _month(app, daily, contents, readers[row_id(daily)], days)
    async with app.database.begin() as session:
        await beside.plant(session, await lists.by_slug(session, "daily"), now)
        content = mail.of_day(contents[0], 1, _today(daily, now) - timedelta(days=3), second)
        await mail.went_out(session, second, content, now - timedelta(days=3), readers[row_id(second)])
        held = mail.of_day(contents[0], 2, _today(daily, now), second)
        await mail.waits(
            session,
            second,
            held,
            now,
            EditionState.HELD,
            reason="2 stories, at least 3 are asked for.",
            code="few",
            about={"stories": "2", "wanted": "3"},
        )
    while await indexing.index(app):
        pass
    for _ in range(min(MOST_COUNTS, days)):
        await counts.count(app)
    return Planted(staff, count)


def _today(mailing_list: MailingList, now: datetime) -> Any:
    return now.astimezone(zone(mailing_list.timezone)).date()


async def _composed(app: App) -> list[EditionContent]:
    """Editions of the sample articles, today's first; nothing is mailed."""
    now, found = app.clock.now(), []
    for back in reversed(range(COMPOSED)):
        day = (now - timedelta(days=back)).date()
        done = await run.run(app, RunRequest(demo=True, dry_run=True, day=day), SilentProgress())
        found.append(done.content)
    return found[::-1]


async def _second_list(session: AsyncSession, daily: MailingList, now: datetime) -> MailingList:
    return await lists.add(
        session,
        MailingList(
            slug="economy",
            name="موجز الاقتصاد",
            description="ما يهم المال والأعمال، مرة في الأسبوع.",
            layout="weekly",
            weekdays=[6],
            sections=daily.sections,
            created_at=now - timedelta(days=100),
        ),
    )


async def _people(
    session: AsyncSession, daily: MailingList, second: MailingList, count: int, now: datetime
) -> dict[int, list[int]]:
    """Keep the people; returns who reads each list now."""
    known = people.subscribers(count, now)
    await session.exec(insert(Subscriber), params=known)
    readers = {}
    for mailing_list, share in ((daily, 1.0), (second, OF_SECOND_LIST)):
        sections = [one.key for one in specs(mailing_list)]
        rows = people.subscriptions(known, row_id(mailing_list), sections, now, share=share)
        await session.exec(insert(Subscription), params=rows)
        readers[row_id(mailing_list)] = [row["subscriber_id"] for row in rows if row["state"] == "confirmed"]
    return readers


async def _month(
    app: App, daily: MailingList, contents: list[EditionContent], readers: list[int], days: int
) -> None:
    """A daily edition a day until yesterday, to as many as there were then; today's waits for who
    approves.
    """
    now = app.clock.now()
    today = _today(daily, now)
    for back in range(days, 0, -1):
        number = days - back + 1
        content = mail.of_day(
            contents[1 + back % (len(contents) - 1)], number, today - timedelta(days=back), daily
        )
        began = (now - timedelta(days=back)).replace(hour=3, minute=30, second=0, microsecond=0)
        part = readers[: max(1, int(len(readers) * (1 - back / 110)))]
        async with app.database.begin() as session:
            await mail.went_out(session, daily, content, began, part)
    async with app.database.begin() as session:
        draft = mail.of_day(contents[0], days + 1, today, daily)
        waiting = await mail.waits(session, daily, draft, now, EditionState.DRAFT)
        waiting.due_at = now + timedelta(minutes=40)
        session.add(waiting)
