"""The slots of a list, and which one is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Edition, EditionKind, EditionState, MailingList
from digest.model.editions.lateness import deadline_after, is_late
from digest.model.rows import row_id
from digest.services.schedule.approving import composed_ahead
from digest.services.schedule.due import due_day
from digest.services.schedule.kinds import regular_kind
from digest.services.schedule.reader_times import timetable
from digest.storage.articles import articles
from digest.storage.audience import eligible
from digest.storage.editions import editions

FRIDAY, SUNDAY = 4, 6
REST_ON_FRIDAY = frozenset(
    f"Asia/{city}"
    for city in (
        *("Riyadh", "Kuwait", "Qatar", "Bahrain", "Muscat", "Aden", "Baghdad", "Amman", "Damascus", "Gaza"),
        *("Hebron", "Jerusalem", "Tehran", "Kabul"),
    )
) | frozenset(
    f"Africa/{city}" for city in ("Cairo", "Khartoum", "Tripoli", "Algiers", "Djibouti", "Mogadishu")
)
"""Zones of countries in which Friday is a day of rest; elsewhere Sunday is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleSlot:
    """What a list's schedule makes: a kind of edition, on which days of the week, and whether only for weekly
    readers.

    One that is not `for_any_day` is for those of them alone who chose that day.
    """

    kind: EditionKind
    weekdays: tuple[int, ...]
    for_weekly_readers: bool = False
    for_any_day: bool = True


def slots_of(mailing_list: MailingList) -> tuple[ScheduleSlot, ...]:
    """Return what a list makes by itself: its regular editions and, when these are daily, a weekly one for
    who asked for it.
    """
    kind = regular_kind(mailing_list)
    regular = ScheduleSlot(kind=kind, weekdays=tuple(mailing_list.weekdays))
    if kind is EditionKind.WEEKLY or not mailing_list.weekdays:
        return (regular,)
    day = weekly_day(mailing_list)
    weekly = ScheduleSlot(kind=EditionKind.WEEKLY, weekdays=(day,), for_weekly_readers=True)
    return regular, weekly


def slots_by_choice(mailing_list: MailingList) -> tuple[ScheduleSlot, ...]:
    """Return what a list makes besides when a weekly reader chose a day: a weekly edition on any other day
    than its own, for who chose that day.
    """
    return tuple(
        ScheduleSlot(
            kind=slot.kind,
            weekdays=tuple(day for day in range(7) if day not in slot.weekdays),
            for_weekly_readers=True,
            for_any_day=False,
        )
        for slot in slots_of(mailing_list)
        if slot.for_weekly_readers
    )


def due_slots(
    mailing_list: MailingList, now: datetime, *, by_choice: bool = False
) -> Iterator[tuple[ScheduleSlot, date, datetime]]:
    """Yield each turn whose day has come, with that local date and its instant; nothing for a list that is
    switched off. `by_choice`: those as well that only a reader's choice makes.
    """
    every = (*slots_of(mailing_list), *(slots_by_choice(mailing_list) if by_choice else ()))
    for slot in every if mailing_list.enabled else ():
        due = due_day(mailing_list, now, slot.weekdays)
        if due:
            yield slot, *due


def weekly_day(mailing_list: MailingList) -> int:
    """Return the day of the week (Monday is 0) on which a daily list writes to its weekly readers: by default
    a day of rest.
    """
    if mailing_list.weekly_day is not None:
        return mailing_list.weekly_day
    return FRIDAY if mailing_list.timezone in REST_ON_FRIDAY else SUNDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlot:
    """A turn whose time has come. `before` is the edition that was held for too little to say, and is to be
    made anew.
    """

    slot: ScheduleSlot
    day: date
    moment: datetime
    before: Edition | None = None


async def next_due_slot(session: AsyncSession, mailing_list: MailingList, now: datetime) -> DueSlot | None:
    """Return the first of a list's turns that is due and not made, or None when there is none; where people
    approve its editions, one is due so long before its time as the list says.

    A weekly edition for weekly readers is not due while nobody asked for it on that day; nor is one that was
    missed before the first, or for a day that only some chose. One that is held for too little to say is due
    again while it may go out and articles have come in since.
    """
    list_id = row_id(mailing_list)
    by_choice = await eligible.has_weekly_days(session, list_id)
    composing = now + composed_ahead(mailing_list)
    for slot, day, moment in due_slots(mailing_list, composing, by_choice=by_choice):
        made = await editions.by_day(session, list_id, slot.kind, day)
        if made is not None:
            if await _has_more_to_say(session, made, now):
                return DueSlot(slot=slot, day=day, moment=moment, before=made)
            continue
        if slot.for_weekly_readers:
            late = is_late(deadline_after(moment, mailing_list.misfire_hours), now)
            if late and not (slot.for_any_day and await editions.has_any(session, list_id, slot.kind)):
                continue
            if not await _is_wanted(session, mailing_list, slot, day, now):
                continue
        return DueSlot(slot=slot, day=day, moment=moment)
    return None


async def _is_wanted(
    session: AsyncSession, mailing_list: MailingList, slot: ScheduleSlot, day: date, now: datetime
) -> bool:
    """Say whether anybody would get the edition of that day."""
    list_id = row_id(mailing_list)
    planned = eligible.Planned(
        list_id=list_id,
        kind=slot.kind,
        for_weekly_readers=slot.for_weekly_readers,
        for_any_day=slot.for_any_day,
    )
    owns = await eligible.own_times(session, list_id)
    return await eligible.is_for_somebody(session, planned, timetable(mailing_list, day, now, owns), now)


async def _has_more_to_say(session: AsyncSession, made: Edition, now: datetime) -> bool:
    if made.state is not EditionState.HELD or made.held_code != editions.TOO_FEW or made.composed_at is None:
        return False
    if made.composed is not None:  # what people edited, they make anew themselves
        return False
    return not is_late(made.send_deadline, now) and await articles.came_since(session, made.composed_at)
