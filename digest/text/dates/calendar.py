"""Dates, spans and times as a newspaper prints them: Gregorian by country, Hijri (Umm al-Qura), solar."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

from hijridate import Gregorian

from digest.text.numbers.numerals import fitting, numeral

WORDS_A_MINUTE = {"en": 238}
"""Silent reading of English is 238 words a minute (Brysbaert 2019, doi 10.1016/j.jml.2019.104047); other
languages go by how many words they need to say the same.
"""
WORDS_A_MINUTE_ELSEWHERE = 180
"""Arabic needs fewer, longer words: about three quarters of the number."""


def long_date(day: date, language: str, months: str, digits: str) -> str:
    """Return a date with its weekday: «الخميس ١٧ مايو ٢٠١٨».

    `months` is default, levant (أيار), maghreb (ماي, جوان) or morocco (يوليوز); a set that the language has
    not is its default. A language without a catalogue speaks English.
    """
    names = names_of(language)
    own = names["months"].get(months, names["months"]["default"])
    pattern = names["date"].replace("{weekday}", names["weekdays"][day.weekday()])
    return _written((day.year, day.month, day.day), pattern, own, fitting(language, digits))


def hijri_date(day: date, offset: int, digits: str, language: str = "ar") -> str:
    """Return the Hijri date by the Umm al-Qura calendar: «٢ رمضان ١٤٣٩ هـ».

    `offset` (−2 … +2 days) follows the sighting of the moon in a country. Empty outside the tables (1343–1500
    AH) and in languages whose readers do not count by it.
    """
    names = names_of(language)
    if not names["hijri"]:
        return ""
    parts = _hijri_parts(day, offset)
    return _written(parts, names["hijri_date"], names["hijri"], fitting(language, digits)) if parts else ""


def _hijri_parts(day: date, offset: int) -> tuple[int, int, int] | None:
    try:
        moved = day + timedelta(days=offset)
        year, month, of_month = Gregorian(moved.year, moved.month, moved.day).to_hijri().datetuple()
    except (OverflowError, ValueError):
        return None
    return year, month, of_month


def solar_date(day: date, digits: str) -> str:
    """Return the date by the solar Hijri calendar of Iran: «پنجشنبه ۲۷ اردیبهشت ۱۳۹۷».

    By the 33-year cycle of leap years, which agrees with the official calendar for 1900–2100.
    """
    names = names_of("fa")
    pattern = names["date"].replace("{weekday}", names["weekdays"][day.weekday()])
    return _written(_solar(day), pattern, names["solar"], fitting("fa", digits))


def _solar(day: date) -> tuple[int, int, int]:
    # Days since 1 Farvardin 979 (21 March 1600); 12,053 days are 33 years, of which the 1st, 5th, … 29th and
    # 33rd leap.
    days = day.toordinal() - date(1600, 3, 20).toordinal()
    cycles, days = divmod(days, 12_053)
    fours, days = divmod(days, 1_461)
    year = 979 + 33 * cycles + 4 * fours
    if days >= 366:
        more, days = divmod(days - 1, 365)
        year += more
    if days < 186:
        return year, days // 31 + 1, days % 31 + 1
    return year, (days - 186) // 30 + 7, (days - 186) % 30 + 1


def weekday(day: int, language: str) -> str:
    """Return the name of a day of the week; Monday is 0."""
    return str(names_of(language)["weekdays"][day])


def clock(local: datetime, language: str, digits: str) -> str:
    """Return the time of day as the language says it: «٤:٢٥ م», «16:25», «4:25 pm». `local` is in the
    reader's zone.
    """
    names = names_of(language)
    halves = names.get("halves")
    hour = (local.hour % 12 or 12) if halves else local.hour
    shown = numeral(
        f"{hour}:{local.minute:02}" if halves else f"{hour:02}:{local.minute:02}", fitting(language, digits)
    )
    return f"{shown}\u00a0{halves[local.hour >= 12]}" if halves else shown


def moment(local: datetime, day: date, language: str, months: str, digits: str) -> str:
    """Return when it was, as it is read on any later day too: «٤:٢٥ م», «أمس ٤:٢٥ م», «الاثنين», «٣ مايو», «٣
    مايو ٢٠١٧».

    `local` is in the zone of the edition, whose date is `day`. A weekday is one of the six days before; of
    what is older, or said to come later, the date is told.
    """
    names = names_of(language)
    before = (day - local.date()).days
    if before == 0:
        return clock(local, language, digits)
    if before == 1:
        return f"{names['yesterday']} {clock(local, language, digits)}"
    if 1 < before < len(names["weekdays"]):
        return str(names["weekdays"][local.weekday()])
    parts = _parts(local.date(), language)
    own = _months(language, months)
    pattern = names["day_month"] if local.year == day.year else names["day_month_year"]
    return _written(parts, pattern, own, fitting(language, digits))


def span(first: date, last: date, language: str, months: str, digits: str) -> str:
    """Return two dates as one span that names a month and a year once: «من ١٤ إلى ٢٠ مايو ٢٠١٨»."""
    return _span(_parts(first, language), _parts(last, language), language, _months(language, months), digits)


def hijri_span(first: date, last: date, offset: int, digits: str, language: str = "ar") -> str:
    """Return two dates as one span by the Umm al-Qura calendar: «٢٨ شعبان – ٥ رمضان ١٤٣٩ هـ». Empty where
    `hijri_date` is.
    """
    began, ended = _hijri_parts(first, offset), _hijri_parts(last, offset)
    names = names_of(language)
    if not names["hijri"] or began is None or ended is None:
        return ""
    whole, system = names["hijri_date"], fitting(language, digits)
    short = {2: "{day}", 1: "{day} {month}", 0: whole}[_shared(began, ended)]
    return (
        f"{_written(began, short, names['hijri'], system)} – {_written(ended, whole, names['hijri'], system)}"
    )


def day_and_month(day: date, language: str, months: str, digits: str) -> str:
    """Return a date without its year: «٣ مايو»; in Persian by the solar calendar."""
    parts, own = _parts(day, language), _months(language, months)
    return _written(parts, names_of(language)["day_month"], own, fitting(language, digits))


def reading_minutes(words: int, language: str) -> int:
    """Return how many minutes the words take to read, rounded up; 0 for nothing."""
    return math.ceil(max(0, words) / WORDS_A_MINUTE.get(language, WORDS_A_MINUTE_ELSEWHERE))


def month_sets(language: str) -> Mapping[str, Sequence[str]]:
    """Return the sets of month names that a language has, from January on."""
    sets: Mapping[str, Sequence[str]] = names_of(language)["months"]
    return sets


def _span(
    first: tuple[int, int, int], last: tuple[int, int, int], language: str, months: Sequence[str], digits: str
) -> str:
    names, system = names_of(language), fitting(language, digits)
    whole = names["day_month_year"]
    short = {2: "{day}", 1: names["day_month"], 0: whole}[_shared(first, last)]
    return str(names["span"]).format(
        first=_written(first, short, months, system), last=_written(last, whole, months, system)
    )


def _shared(first: tuple[int, int, int], last: tuple[int, int, int]) -> int:
    """How much two dates have in common: 2 for year and month, 1 for the year, 0 for nothing."""
    return 2 if first[:2] == last[:2] else int(first[0] == last[0])


def _parts(day: date, language: str) -> tuple[int, int, int]:
    return _solar(day) if language == "fa" else (day.year, day.month, day.day)


def _months(language: str, months: str) -> Sequence[str]:
    names = names_of(language)
    own: Sequence[str] = (
        names["solar"] if language == "fa" else names["months"].get(months, names["months"]["default"])
    )
    return own


def _written(parts: tuple[int, int, int], pattern: str, months: Sequence[str], digits: str) -> str:
    year, month, day = parts
    return pattern.format(day=numeral(day, digits), month=months[month - 1], year=numeral(year, digits))


def names_of(language: str) -> Mapping[str, Any]:
    """Return a language's names and patterns of dates, by name; one without a catalogue speaks English."""
    catalogue = _catalogue()
    return catalogue.get(language, catalogue["en"])


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(
        resources.files("digest.text.dates").joinpath("calendar.toml").read_text(encoding="utf-8")
    )
