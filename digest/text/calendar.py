"""Dates and spans as a newspaper prints them: Gregorian by country, Hijri (Umm al-Qura), solar, relative."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

from hijridate import Gregorian

from digest.text.numerals import fitting, numeral
from digest.text.plurals import counted

WORDS_A_MINUTE = 140
"""Silent reading of Arabic: 138 words a minute (Trauzettel-Klosinski & Dietz 2012, doi 10.1167/iovs.11-8284)."""


def long_date(day: date, language: str, months: str, digits: str) -> str:
    """Return a date with its weekday: «الخميس ١٧ مايو ٢٠١٨».

    `months` is default, levant (أيار), maghreb (ماي, جوان) or morocco (يوليوز); a set that the language has not is its
    default. A language without a catalogue speaks English.
    """
    names = _names(language)
    own = names["months"].get(months, names["months"]["default"])
    pattern = names["date"].replace("{weekday}", names["weekdays"][day.weekday()])
    return _written((day.year, day.month, day.day), pattern, own, fitting(language, digits))


def hijri_date(day: date, offset: int, digits: str, language: str = "ar") -> str:
    """Return the Hijri date by the Umm al-Qura calendar: «٢ رمضان ١٤٣٩ هـ».

    `offset` (−2 … +2 days) follows the sighting of the moon in a country. Empty outside the tables (1343–1500 AH)
    and in languages whose readers do not count by it.
    """
    names = _names(language)
    if not names["hijri"]:
        return ""
    try:
        moved = day + timedelta(days=offset)
        year, month, of_month = Gregorian(moved.year, moved.month, moved.day).to_hijri().datetuple()
    except (OverflowError, ValueError):
        return ""
    return _written((year, month, of_month), names["hijri_date"], names["hijri"], fitting(language, digits))


def solar_date(day: date, digits: str) -> str:
    """Return the date by the solar Hijri calendar of Iran: «پنجشنبه ۲۷ اردیبهشت ۱۳۹۷».

    By the 33-year cycle of leap years, which agrees with the official calendar for 1900–2100.
    """
    names = _names("fa")
    pattern = names["date"].replace("{weekday}", names["weekdays"][day.weekday()])
    return _written(_solar(day), pattern, names["solar"], fitting("fa", digits))


def _solar(day: date) -> tuple[int, int, int]:
    # Days since 1 Farvardin 979 (21 March 1600); 12,053 days are 33 years, of which the 1st, 5th, … 29th and 33rd leap.
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


def relative(when: datetime, now: datetime, language: str, digits: str) -> str:
    """Return how long ago it was, rounded down: «الآن», «قبل ٢٠ دقيقة», «قبل ٣ ساعات», «أمس», «قبل ٥ أيام».

    Both instants are aware. What is said to lie in the future is «الآن»: feeds' clocks run fast.
    """
    minutes = max(0, int((now - when).total_seconds() // 60))
    if minutes < 60:
        return counted(minutes, "minutes_ago", language, digits)
    if minutes < 24 * 60:
        return counted(minutes // 60, "hours_ago", language, digits)
    return counted(minutes // (24 * 60), "days_ago", language, digits)


def reading_minutes(words: int) -> int:
    """Return how many minutes the words take to read, rounded up; 0 for nothing."""
    return math.ceil(max(0, words) / WORDS_A_MINUTE)


def _written(parts: tuple[int, int, int], pattern: str, months: Sequence[str], digits: str) -> str:
    year, month, day = parts
    return pattern.format(day=numeral(day, digits), month=months[month - 1], year=numeral(year, digits))


def _names(language: str) -> Mapping[str, Any]:
    catalogue = _catalogue()
    return catalogue.get(language, catalogue["en"])


@lru_cache(maxsize=1)
def _catalogue() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("digest.text").joinpath("calendar.toml").read_text(encoding="utf-8"))
