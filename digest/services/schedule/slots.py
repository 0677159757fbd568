"""What a list makes by itself, and what of it is due: its regular editions, and a weekly one for weekly readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Edition, EditionKind, EditionState, MailingList
from digest.services.schedule.due import due_day
from digest.services.schedule.kinds import regular_kind
from digest.storage import articles, audience, editions

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
class Turn:
    """What a list's schedule makes: a kind of edition, on which days of the week, and whether only for weekly readers."""

    kind: EditionKind
    weekdays: tuple[int, ...]
    for_weekly_readers: bool = False


def turns(mailing: MailingList) -> tuple[Turn, ...]:
    """Return what a list makes by itself: its regular editions and, when these are daily, a weekly one for who asked for it."""
    kind = regular_kind(mailing)
    regular = Turn(kind=kind, weekdays=tuple(mailing.weekdays))
    if kind is EditionKind.WEEKLY or not mailing.weekdays:
        return (regular,)
    weekly = Turn(kind=EditionKind.WEEKLY, weekdays=(weekly_day(mailing),), for_weekly_readers=True)
    return regular, weekly


def due_turns(mailing: MailingList, now: datetime) -> Iterator[tuple[Turn, date, datetime]]:
    """Yield each turn whose day has come, with that local date and its instant; nothing for a list that is switched off."""
    for turn in turns(mailing) if mailing.enabled else ():
        due = due_day(mailing, now, turn.weekdays)
        if due:
            yield turn, *due


def weekly_day(mailing: MailingList) -> int:
    """Return the day of the week (Monday is 0) on which a daily list writes to its weekly readers: by default a day of rest."""
    if mailing.weekly_day is not None:
        return mailing.weekly_day
    return FRIDAY if mailing.timezone in REST_ON_FRIDAY else SUNDAY


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTurn:
    """A turn whose time has come. `before` is the edition that was held for too little to say, and is to be made anew."""

    turn: Turn
    day: date
    moment: datetime
    before: Edition | None = None


async def next_turn(session: AsyncSession, mailing: MailingList, now: datetime) -> DueTurn | None:
    """Return the first of a list's turns that is due and not made, or None when there is none.

    A weekly edition for weekly readers is not due while nobody asked for it; nor is one that was missed before the first.
    One that is held for too little to say is due again while it may go out and articles have come in since.
    """
    list_id = mailing.id or 0
    for turn, day, moment in due_turns(mailing, now):
        made = await editions.by_day(session, list_id, turn.kind, day)
        if made is not None:
            if await _has_more_to_say(session, made, now):
                return DueTurn(turn=turn, day=day, moment=moment, before=made)
            continue
        if turn.for_weekly_readers:
            late = now > moment + timedelta(hours=mailing.misfire_hours)
            if late and not await editions.has_any(session, list_id, turn.kind):
                continue
            if not await audience.count(session, list_id, turn.kind, for_weekly_readers=True):
                continue
        return DueTurn(turn=turn, day=day, moment=moment)
    return None


async def _has_more_to_say(session: AsyncSession, made: Edition, now: datetime) -> bool:
    if made.state is not EditionState.HELD or made.held_code != editions.TOO_FEW or made.composed_at is None:
        return False
    return now <= made.send_deadline and await articles.came_since(session, made.composed_at)
