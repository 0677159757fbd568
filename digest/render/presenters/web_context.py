"""How a list writes dates, times and numbers on its pages."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from digest.model import MailingList
from digest.render.presenters.typesetting.typography import LONGEST_NAME, Phrase, Typesetter
from digest.text.dates import calendar
from digest.text.dates.coming import city, coming
from digest.text.numbers import numerals, plurals


@dataclass(frozen=True, slots=True)
class WebContext:
    """A list's language, digits, months and zone."""

    mailing_list: MailingList

    @property
    def language(self) -> str:
        """The language's code."""
        return self.mailing_list.language

    @property
    def digits(self) -> str:
        """The digits that the language can use."""
        return numerals.fitting(self.language, self.mailing_list.digits)

    def day(self, day: date) -> str:
        """Write a date by the calendar that the list's readers count by first."""
        if self.language == "fa":
            return calendar.solar_date(day, self.digits)
        return calendar.long_date(day, self.language, self.mailing_list.months, self.digits)

    def dates(self, day: date) -> tuple[str, ...]:
        """Write a date by all calendars that the list's readers count by."""
        if self.language == "fa":
            also = calendar.long_date(day, self.language, self.mailing_list.months, self.digits)
        else:
            also = calendar.hijri_date(day, self.mailing_list.hijri_offset, self.digits, self.language)
        return tuple(filter(None, (self.day(day), also)))

    def local_date(self, when: datetime) -> str:
        """Write the date that an instant has in the list's zone."""
        return self.day(self._local(when).date())

    def moment(self, when: datetime, day: date) -> str:
        """Write an instant as the local time, with its date unless that is `day`."""
        local = self._local(when)
        clock = calendar.clock(local, self.language, self.digits)
        return clock if local.date() == day else f"{self.day(local.date())} {clock}"

    def coming(self, when: datetime, now: datetime) -> str:
        """Write an instant to come: «غدًا ٦:٣٠ صباحًا بتوقيت الرياض»."""
        of = self.mailing_list
        return coming(when, now, of.timezone, language=self.language, months=of.months, digits=self.digits)

    def coming_in(self, when: datetime, now: datetime, zone: str) -> str:
        """Write an instant to come as `coming`, as clocks in a zone show it."""
        of = self.mailing_list
        return coming(when, now, zone, language=self.language, months=of.months, digits=self.digits)

    def city(self, zone: str) -> str:
        """Write a zone by its city: «الرياض»."""
        return city(zone, self.language)

    def clock(self, text: str) -> str:
        """Write a time of day that is kept as HH:MM: «٦:٣٠ ص»."""
        return calendar.clock(datetime.strptime(text, "%H:%M"), self.language, self.digits)  # noqa: DTZ007 - a time alone

    def weekday(self, day: int) -> str:
        """Write a day of the week; Monday is 0."""
        return calendar.weekday(day, self.language)

    def date_in(self, when: datetime, zone: str) -> str:
        """Write the date that an instant has in a zone."""
        return self.day(when.astimezone(ZoneInfo(zone)).date())

    def hour(self, hour: int) -> str:
        """Write a whole hour of the day."""
        return calendar.clock(datetime(2000, 1, 1, hour), self.language, self.digits)  # noqa: DTZ001 - a time alone

    def number(self, value: int | str) -> str:
        """Write a number in the list's digits."""
        return numerals.numeral(value, self.digits)

    def counted(self, value: int, phrase: str) -> str:
        """Write a counted phrase («نشرته ٣ مصادر»)."""
        return plurals.counted(value, phrase, self.language, self.digits)

    def text(self, raw: str | None) -> Phrase:
        """Set foreign text: its numbers in the list's digits, runs of the other direction apart."""
        return Typesetter(self.language, self.digits, self.mailing_list.months).phrase(raw)

    def name(self, raw: str) -> Phrase:
        """Set a name."""
        return Typesetter(self.language, self.digits, self.mailing_list.months).phrase(raw, most=LONGEST_NAME)

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(ZoneInfo(self.mailing_list.timezone))
