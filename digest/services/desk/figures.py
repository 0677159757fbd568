"""Count what charts show, beside the pages; and read it for them."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ChoiceCount, DayCount, DomainCount, MailingList
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.lists import specs
from digest.services.schedule.local_time import zone
from digest.storage import figures as stored
from digest.storage import home
from digest.storage.audience import bounces
from digest.storage.figures import EditionFigures

LOOKED_BACK = 90
"""Days that are counted when a list is counted for the first time."""
CHOICES_EVERY = timedelta(hours=6)
EDITIONS_AT_ONCE = 3
EDITIONS_KNOWN = 400
MOST_DOMAINS = 30
DOMAINS_SHOWN = 10
SETTLED_AFTER = timedelta(days=3)
"""Mail comes back and is complained of for so long; then an edition is counted a last time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainFigures:
    """How mail to one domain fared."""

    domain: str
    sent: int
    bounced: int
    complained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFigures:
    """How many read a section of a list, and how many of them named it."""

    title: str
    reading: int
    chosen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFigures:
    """What charts show of some lists together, from the first of `span` to today; days without a count are
    zero, their number of people is that of the day before.
    """

    span: tuple[date, ...]
    confirmed: tuple[int, ...]
    joined: tuple[int, ...]
    gone: tuple[int, ...]
    bounced: tuple[int, ...]
    complained: tuple[int, ...]
    editions: tuple[EditionFigures, ...]
    domains: tuple[DomainFigures, ...]


async def count(app: App, mailing_list: MailingList, confirmed: int, now: datetime) -> None:
    """Count a list's days up to now, its sections, and those editions that ended since."""
    await _count_days(app, mailing_list, confirmed, now)
    await _count_choices(app, mailing_list, now)
    await _count_editions(app, row_id(mailing_list), now)


async def _count_choices(app: App, mailing_list: MailingList, now: datetime) -> None:
    """People choose their sections once in a while, and each of them is looked at."""
    list_id, keys = row_id(mailing_list), [one.key for one in specs(mailing_list)]
    async with app.database.read() as session:
        known = await stored.choices(session, list_id)
        if set(known) == set(keys) and all(now - one.counted_at < CHOICES_EVERY for one in known.values()):
            return
        read = await stored.count_choices(session, list_id, keys)
    async with app.database.begin() as session:
        rows = [
            ChoiceCount(list_id=list_id, section=key, reading=reading, chosen=chosen, counted_at=now)
            for key, (reading, chosen) in read.items()
        ]
        await stored.keep_choices(session, list_id, rows)


async def _count_days(app: App, mailing_list: MailingList, confirmed: int, now: datetime) -> None:
    list_id, where = row_id(mailing_list), zone(mailing_list.timezone)
    local = now.astimezone(where)
    minutes = int((local.utcoffset() or timedelta(0)).total_seconds() // 60)
    async with app.database.read() as session:
        # What was counted last is counted again: its day was not over.
        latest = await stored.latest_day(session, list_id)
        begins = latest or local.date() - timedelta(days=LOOKED_BACK)
        since = datetime.combine(begins, time(), where)
        joined = await stored.joined_by_day(session, list_id, since, minutes)
        gone = await stored.gone_by_day(session, list_id, since, minutes)
        bounced = await stored.returned_by_day(session, list_id, since, minutes, complaints=False)
        complained = await stored.returned_by_day(session, list_id, since, minutes, complaints=True)
    span = days_between(begins, local.date())
    people = back_from(confirmed, span, joined, gone)
    rows = [
        DayCount(
            list_id=list_id,
            day=day,
            confirmed=people[day],
            joined=joined.get(day, 0),
            gone=gone.get(day, 0),
            bounced=bounced.get(day, 0),
            complained=complained.get(day, 0),
        )
        for day in span
    ]
    async with app.database.begin() as session:
        await stored.keep_days(session, rows)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Return the days from the first to the last, both included."""
    return tuple(first + timedelta(days=one) for one in range(max((last - first).days, 0) + 1))


def back_from(
    confirmed: int, span: Sequence[date], joined: Mapping[date, int], gone: Mapping[date, int]
) -> dict[date, int]:
    """Return how many people there were at the end of each day, reckoned back from how many there are now."""
    found, people = {}, confirmed
    for day in reversed(span):
        found[day] = max(people, 0)
        people += gone.get(day, 0) - joined.get(day, 0)
    return found


def is_due(ended: datetime | None, counted: datetime | None, now: datetime) -> bool:
    """Say whether an edition that ended is to be counted: once at once, and once when nothing more comes
    back.
    """
    if ended is None:
        return False
    if counted is None or counted < ended:
        return True
    return counted < ended + SETTLED_AFTER <= now


async def _count_editions(app: App, list_id: int, now: datetime) -> None:
    async with app.database.read() as session:
        known = await stored.finished(session, list_id, EDITIONS_KNOWN)
    due = [edition for edition, ended, counted in known if is_due(ended, counted, now)]
    for edition_id in due[:EDITIONS_AT_ONCE]:
        async with app.database.read() as session:
            rows = await _of_edition(session, edition_id, now)
        async with app.database.begin() as session:
            await stored.keep_domains(session, edition_id, rows)


async def _of_edition(session: AsyncSession, edition_id: int, now: datetime) -> list[DomainCount]:
    books = await home.books(session, edition_id)
    by_domain = await bounces.counts(session, edition_id, None)
    largest = sorted(by_domain, key=lambda name: (-by_domain[name].settled, name))[:MOST_DOMAINS]
    later = sum(one.bounced for one in by_domain.values())
    whole = DomainCount(
        edition_id=edition_id,
        domain=stored.ALL_DOMAINS,
        sent=books["sent"],
        bounced=max(books["bounced"], later),
        failed=books["failed"],
        complained=sum(one.complained for one in by_domain.values()),
        counted_at=now,
    )
    return [
        whole,
        *(
            DomainCount(
                edition_id=edition_id,
                domain=name,
                sent=by_domain[name].settled,
                bounced=by_domain[name].bounced,
                complained=by_domain[name].complained,
                counted_at=now,
            )
            for name in largest
            if name
        ),
    ]


async def of_lists(app: App, lists: Collection[MailingList], days: int) -> ListFigures:
    """Return what was counted of some lists together, over so many days."""
    ids = [row_id(one) for one in lists]
    where = {one.timezone for one in lists}
    today = app.clock.now().astimezone(zone(where.pop() if len(where) == 1 else "UTC")).date()
    span = days_between(today - timedelta(days=days - 1), today)
    async with app.database.read() as session:
        rows = await stored.days(session, ids, span[0])
        editions = await stored.editions(session, ids, span[0])
        domains = await stored.domains(session, ids, span[0], DOMAINS_SHOWN)
    return ListFigures(
        span=span,
        confirmed=_people_by_day(rows, span),
        **{name: _summed(rows, span, name) for name in ("joined", "gone", "bounced", "complained")},
        editions=tuple(editions),
        domains=tuple(
            DomainFigures(domain=name, sent=sent, bounced=bounced, complained=complained)
            for name, sent, bounced, complained in domains
        ),
    )


def _summed(rows: Sequence[DayCount], span: Sequence[date], name: str) -> tuple[int, ...]:
    found: Counter[date] = Counter()
    for row in rows:
        found[row.day] += getattr(row, name)
    return tuple(found[day] for day in span)


def _people_by_day(rows: Sequence[DayCount], span: Sequence[date]) -> tuple[int, ...]:
    """How many people all lists had each day; a day that one was not counted has what it had before."""
    by_day: dict[date, dict[int, int]] = {}
    for row in rows:
        by_day.setdefault(row.day, {})[row.list_id] = row.confirmed
    known: dict[int, int] = {}
    found = []
    for day in span:
        known |= by_day.get(day, {})
        found.append(sum(known.values()))
    return tuple(found)


async def choices_of(app: App, mailing_list: MailingList) -> tuple[ChoiceFigures, ...]:
    """Return how many read each section of a list, in its order."""
    async with app.database.read() as session:
        counted = await stored.choices(session, row_id(mailing_list))
    return tuple(
        ChoiceFigures(title=spec.title, reading=counted[spec.key].reading, chosen=counted[spec.key].chosen)
        for spec in specs(mailing_list)
        if spec.key in counted
    )
