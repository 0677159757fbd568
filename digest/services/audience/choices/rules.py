"""What a subscriber may choose of a list, and how it is checked. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypedDict

from digest.errors import ChoiceError, InputError
from digest.model import AlertChoice, Frequency, MailingList, SectionSpec, Subscription
from digest.model.people.choice import EVERY_DAY, MOST_MUTED, days_of, mask_of
from digest.services.schedule import local_time
from digest.services.schedule.kinds import regular_kind
from digest.services.schedule.quiet import QuietHours
from digest.text.numbers import numerals
from digest.text.words.normalise import clean
from digest.text.words.tokens import stems, words

LONGEST_MUTED = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """All that a subscriber chose of a list; the defaults are what holds for who chose nothing.

    `sections` are keys in the list's order; None: all of them, those too that the list will have. Those in
    `order` come first. `days` are those of daily editions (Monday is 0), `weekly_day` that of the weekly one,
    None for the list's. Mail comes at `hour` in `timezone`: None for the list's time, empty for the list's
    zone. In `quiet_hours` (HH:MM-HH:MM in the list's zone; empty: none) no alert comes.
    """

    sections: tuple[str, ...] | None = None
    order: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    frequency: Frequency = Frequency.DAILY
    days: tuple[int, ...] = days_of(EVERY_DAY)
    weekly_day: int | None = None
    hour: int | None = None
    timezone: str = ""
    headlines_only: bool = False
    muted_words: tuple[str, ...] = ()
    muted_outlets: tuple[str, ...] = ()
    digits: str = ""
    hijri: bool = True
    alerts: AlertChoice = AlertChoice.NONE
    quiet_hours: str = ""

    @classmethod
    def of(cls, known: Subscription) -> Self:
        """Return what a subscription holds."""
        return cls(
            sections=None if known.sections is None else tuple(known.sections),
            order=tuple(known.section_order),
            never=tuple(known.never_sections),
            frequency=known.frequency,
            days=days_of(known.days),
            weekly_day=known.weekly_day,
            hour=known.hour,
            timezone=known.timezone,
            headlines_only=known.headlines_only,
            muted_words=tuple(known.muted_words),
            muted_outlets=tuple(known.muted_outlets),
            digits=known.digits,
            hijri=known.hijri,
            alerts=known.alerts,
            quiet_hours=known.quiet_hours,
        )

    def columns(self) -> dict[str, Any]:
        """Return the columns of a subscription that hold this."""
        held = asdict(self)
        held["section_order"], held["never_sections"] = list(held.pop("order")), list(held.pop("never"))
        held["days"] = mask_of(self.days)
        held["sections"] = None if self.sections is None else list(self.sections)
        held["muted_words"], held["muted_outlets"] = list(self.muted_words), list(self.muted_outlets)
        return held


class Changes(TypedDict, total=False):
    """What is to change of a subscriber's preferences; what is missing stays as it is."""

    sections: Collection[str] | None
    order: Sequence[str]
    never: Collection[str]
    frequency: Frequency
    days: Collection[int]
    weekly_day: int | None
    hour: int | None
    timezone: str
    headlines_only: bool
    muted_words: Sequence[str]
    muted_outlets: Sequence[str]
    digits: str
    hijri: bool
    alerts: AlertChoice
    quiet_hours: str


def tried(before: Preferences, changes: Changes) -> Preferences:
    """Return preferences with changes that may be refused: what a form shows again."""
    return replace(before, **_plain(changes))


def has_weekly(mailing_list: MailingList) -> bool:
    """Say whether readers of a list can have it once a week instead."""
    return regular_kind(mailing_list).value == "daily" and bool(mailing_list.weekdays)


def has_days(mailing_list: MailingList) -> bool:
    """Say whether readers of a list can choose among the days on which it goes out."""
    return has_weekly(mailing_list) and len(set(mailing_list.weekdays)) > 1


def digits_of(language: str) -> tuple[str, ...]:
    """Return the systems of digits that readers of a language can choose between; empty: there is one
    only.
    """
    own = {"ar": "arab", "fa": "arabext", "ur": "arabext"}.get(language)
    return (own, "latn") if own else ()


def has_hijri(language: str) -> bool:
    """Say whether the mail of a language shows the Hijri date."""
    return language != "fa"


def checked(
    mailing_list: MailingList, specs: Sequence[SectionSpec], before: Preferences, changes: Changes
) -> Preferences:
    """Return what holds after a change.

    Raises:
        InputError: no section would be left, the list has no weekly edition beside its own or none on the
            chosen days, there is no such zone, hour or time, or too much is muted.
    """
    after = tried(before, changes)
    keys = [spec.key for spec in specs]
    never = tuple(key for key in keys if key in after.never)
    wanted = keys if after.sections is None else [key for key in keys if key in after.sections]
    if not [key for key in wanted if key not in never]:
        raise ChoiceError(
            "No section of the list is chosen.", about="sections", remedy=f"It has {', '.join(keys)}."
        )
    if after.frequency is Frequency.WEEKLY and not has_weekly(mailing_list):
        raise ChoiceError(
            f"The list {mailing_list.slug} has no weekly edition beside its own.", about="weekly"
        )
    return replace(
        after,
        sections=None if len(wanted) == len(keys) else tuple(wanted),
        order=_ordered(after.order, keys),
        never=never,
        days=_days(mailing_list, after.days),
        weekly_day=_weekly_day(after.weekly_day),
        hour=_hour(after.hour),
        timezone=_zone(mailing_list, after.timezone),
        muted_words=_muted(after.muted_words),
        muted_outlets=_muted(after.muted_outlets),
        digits=_digits(mailing_list, after.digits),
        quiet_hours=_quiet(after.quiet_hours),
    )


def _plain(changes: Changes) -> dict[str, Any]:
    collections = {"sections", "order", "never", "days", "muted_words", "muted_outlets"}
    return {
        name: tuple(value) if name in collections and value is not None else value  # type: ignore[arg-type]
        for name, value in changes.items()
    }


def _ordered(order: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    """The order without what is no section; nothing when it is the list's own."""
    kept = tuple(dict.fromkeys(key for key in order if key in keys))
    return () if kept == tuple(keys[: len(kept)]) else kept


def _days(mailing_list: MailingList, days: Collection[int]) -> tuple[int, ...]:
    chosen = tuple(sorted({day for day in days if 0 <= day <= 6}))
    offered = set(mailing_list.weekdays) or set(range(7))
    if offered <= set(chosen):
        return days_of(EVERY_DAY)
    if not offered & set(chosen):
        raise ChoiceError(
            f"The list {mailing_list.slug} does not go out on these days.",
            about="days",
            remedy=f"Monday is 0; it goes out on {', '.join(str(day) for day in sorted(offered))}.",
        )
    return chosen


def _weekly_day(day: int | None) -> int | None:
    if day is not None and not 0 <= day <= 6:
        raise ChoiceError(f"{day} is no day of the week.", about="days", remedy="Monday is 0, Sunday is 6.")
    return day


def _hour(hour: int | None) -> int | None:
    try:
        return None if hour is None else local_time.hour_of(hour).hour
    except InputError as error:
        raise ChoiceError(error.message, about="hour", remedy=error.remedy) from error


def _zone(mailing_list: MailingList, name: str) -> str:
    name = name.strip()
    if not name or name == mailing_list.timezone:
        return ""
    try:
        return local_time.zone(name[:100]).key
    except InputError as error:
        raise ChoiceError(error.message, about="zone", remedy=error.remedy) from error


def _digits(mailing_list: MailingList, digits: str) -> str:
    if not digits or digits == numerals.fitting(mailing_list.language, mailing_list.digits):
        return ""
    if digits not in digits_of(mailing_list.language):
        raise ChoiceError(
            f"The list {mailing_list.slug} cannot be read in the digits {digits}.",
            about="digits",
            remedy=f"Choose among {', '.join(digits_of(mailing_list.language)) or 'none'}.",
        )
    return digits


def _quiet(hours: str) -> str:
    try:
        QuietHours.read(hours.strip())
    except InputError as error:
        raise ChoiceError(error.message, about="quiet", remedy=error.remedy) from error
    return hours.strip()


def _muted(given: Sequence[str]) -> tuple[str, ...]:
    """What is muted: in one line each, one spelling of each, none that would match everything or nothing."""
    kept: dict[str, str] = {}
    for raw in given:
        text = clean(raw)[:LONGEST_MUTED].strip()
        if text:
            kept.setdefault(" ".join(stems(text) or words(text)) or text, text)
    if len(kept) > MOST_MUTED:
        raise ChoiceError(
            f"No more than {MOST_MUTED} can be muted.",
            about="muted",
            remedy="Leave out those that matter least.",
        )
    if "" in kept or any(not words(text) for text in kept.values()):
        raise ChoiceError("What is muted must have a letter or a digit.", about="muted")
    return tuple(kept.values())
