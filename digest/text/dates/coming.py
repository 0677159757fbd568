"""When something that is still to come happens, as a reader is told: «غدًا ٦:٣٠ صباحًا بتوقيت الرياض»."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import get_timezone_location

from digest.text.dates.calendar import clock, day_and_month, names_of
from digest.text.numbers.numerals import fitting, numeral

CITIES: Mapping[tuple[str, str], str] = {("ar", "Asia/Hebron"): "الخليل", ("ur", "Asia/Hebron"): "الخلیل"}
"""Names that newspapers write otherwise than the Unicode CLDR, whose names all other zones get."""


def coming(when: datetime, now: datetime, zone: str, *, language: str, months: str, digits: str) -> str:
    """Return an instant to come in a zone's local time: «اليوم …», «غدًا …», or with the weekday and date.

    `when` and `now` are aware; `zone` is an IANA name. The zone is named by its city: who signs up may live
    elsewhere.
    """
    names, system = names_of(language), fitting(language, digits)
    local, today = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    halves = names.get("halves_long")
    hour = f"{local.hour % 12 or 12}:{local.minute:02}"
    time = f"{numeral(hour, system)} {halves[local.hour >= 12]}" if halves else clock(local, language, digits)
    near = {today: names["today"], today + timedelta(days=1): names["tomorrow"]}
    day = near.get(local.date())
    dated = f"{names['weekdays'][local.weekday()]} {day_and_month(local.date(), language, months, digits)}"
    where = str(names["in_zone"]).format(city=city(zone, language))
    return str(names["at" if day else "at_date"]).format(day=day or dated, time=time, zone=where)


def city(zone: str, language: str) -> str:
    """Return what a zone's city is called in a language (Unicode CLDR); the zone's own name where nobody
    says.
    """
    known = CITIES.get((language, zone))
    try:
        return known or str(get_timezone_location(zone, locale=language, return_city=True))
    except (LookupError, UnknownLocaleError, ValueError):
        return zone
