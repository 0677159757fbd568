"""When the next edition reaches who confirmed just now, or chose so."""

from datetime import date, datetime

from digest.model import Frequency, MailingList
from digest.services.audience.choices.rules import Preferences, has_weekly
from digest.services.schedule import reader_times
from digest.services.schedule.slots import weekly_day

CHOSE_NOTHING = Preferences()


def first_delivery(
    mailing_list: MailingList, now: datetime, chosen: Preferences = CHOSE_NOTHING
) -> datetime | None:
    """Return when the first edition that is made after now reaches a reader.

    None when none does: of a list that is switched off, or that goes out on no day of theirs.
    """
    if not mailing_list.enabled:
        return None
    weekly = chosen.frequency is Frequency.WEEKLY

    def wanted(day: date, weekday: int) -> bool:
        if weekly:
            own = chosen.weekly_day
            return day.weekday() == weekly_day(mailing_list) if own is None else weekday == own
        return day.weekday() in mailing_list.weekdays and (
            weekday in chosen.days or not has_weekly(mailing_list)
        )

    return reader_times.first_delivery(mailing_list, (chosen.timezone, chosen.hour), now, wanted=wanted)
