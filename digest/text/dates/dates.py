"""Dates as feeds and Arabic pages write them. Unknown is None; a wrong date is worse."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from digest.text.dates.months import CITIES, HIJRI, MONTHS, WEEKDAYS, ZONES
from digest.text.words.normalise import ascii_digits, fold

EARLIEST = 1990
LATEST = 2100
LONGEST = 200
MOST_OFFSET = 14 * 60
_NAME = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_HIJRI = "|".join(sorted(map(re.escape, HIJRI), key=len, reverse=True))
_GAP = r"[\s\-/،,.]*"
_LEFT, _RIGHT = r"(?<![\d:])", r"(?![\d:])"
# Double months («نيسان / أبريل», «آب/اغسطس», «شباط (فبراير)») name one month twice.
_TWICE = rf"({_NAME})(?:\s*[/(\-]\s*({_NAME})\s*\)?)?"
_WRITTEN = re.compile(
    rf"{_LEFT}(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(?:من\s+|of\s+)?(?:شهر\s+)?{_TWICE}{_GAP}(?:من\s+)?(?:عام\s+|سنه\s+)?(\d{{4}}){_RIGHT}"
)
_MONTH_FIRST = re.compile(rf"(?<!\w){_TWICE}{_GAP}(\d{{1,2}})(?:st|nd|rd|th)?{_GAP}(\d{{4}}){_RIGHT}")
_YEAR_NAMED = re.compile(rf"{_LEFT}(\d{{4}}){_GAP}{_TWICE}{_GAP}(\d{{1,2}}){_RIGHT}")
_YEAR_FIRST = re.compile(rf"{_LEFT}(\d{{4}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{1,2}})(?!\d)")
_NUMERIC = re.compile(rf"{_LEFT}(\d{{1,2}})\s*([/.-])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}){_RIGHT}")
_HIJRI_DAY = re.compile(rf"{_LEFT}\d{{1,2}}{_GAP}(?:من\s+)?(?:{_HIJRI}){_GAP}(?:1[34]\d\d\s*(?:ه\w*)?)?")
_HIJRI_NUMERIC = re.compile(
    r"(?<!\d)(?:\d{1,2}\s*[/-]\s*\d{1,2}\s*[/-]\s*1[34]\d\d|1[34]\d\d\s*[/-]\s*\d{1,2}\s*[/-]\s*\d{1,2})(?!\d)\s*(?:ه\w*)?"
)
_HALF = r"(?:([ap])\.?m\b\.?|(صباحا|مساء|ظهرا|عصرا|فجرا|ليلا|بعد الظهر|ص|م)(?!\w))"
_CLOCK = re.compile(rf"(?<![\d:])(\d{{1,2}})(?::| ?h ?)(\d{{2}})(?::(\d{{2}})(?:\.\d+)?)?(?!\d)\s*{_HALF}?")
_BARE_HOUR = re.compile(rf"(?<![\d:/.-])(?:الساعه\s*)?(\d{{1,2}})\s*{_HALF}")
_TIMELIKE = re.compile(r"\d\s*[:h]\s*\d")
# As programs set to America's usage print it: no zero before the month, seconds, and the half of the day in
# Latin letters.
_AMERICAN = re.compile(r"(?<![\d/])[1-9]/\d{1,2}/\d{4}\b.{1,4}\d{1,2}:\d{2}:\d{2}\s?[ap]m\b")
_OFFSET = re.compile(r"(?:gmt|utc|\s)\s*([+\-−])\s*(\d{1,2}):?(\d{2})?(?!\d)")
_ZONE_NAME = re.compile(rf"(?<![a-z])({'|'.join(sorted(ZONES, key=len, reverse=True))})(?![a-z])")
_LOCAL = re.compile(
    rf"(?:ب?توقيت|بحسب توقيت)\s+(?:مدينه\s+)?({'|'.join(sorted(map(re.escape, CITIES), key=len, reverse=True))})?"
)
_EPOCH = re.compile(r"^(\d{9,10}|\d{13})(?:\.\d+)?$")
_RFC822 = re.compile(
    r"^(?:[A-Za-z]{3},\s*)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|UTC|Z|([+-])(\d{2})(\d{2}))$"
)
# «20260114T090500Z», «20260114» and «20260114090500»: ISO 8601 without its separators.
_BASIC = re.compile(
    r"^((?:19|20)\d{6})(?:T?(\d{4}(?:\d{2})?)|T(\d{2}))?(?:\.\d{1,9})?(Z|[+-]\d{2}(?::?\d{2})?)?$"
)
# Year zero and its neighbours are what programs print that hold no date: «-0001», «0000».
_NO_YEAR = re.compile(r"(?:^|[\s,])-\d{4}(?=[\s-])|(?<![\d:.+])(?<!\d[-+])0\d{3}(?=[\s/-]|$)(?!-\d{2}:)")
_REGION = re.compile(r"(?<![A-Za-z/])[A-Z][A-Za-z]{2,19}/[A-Z][A-Za-z]{1,24}(?:[_/-][A-Za-z]{1,24}){0,4}")
_BEHIND_CLOCK = re.compile(
    r"\d:\d{2}(?:\.\d{1,9})?\s{0,3}(?:[AaPp]\.?[Mm]\.?)?\s{0,3}[(\[]?([A-Z]{1,5})(?![A-Za-z0-9:+/-])"
)
_STANDARD = re.compile(r"(?:standard|daylight|summer) time")
_WEEKDAY = re.compile(rf"(?<!\w)({'|'.join(WEEKDAYS)})(?!\w)")


def parse_date(text: str, *, zone: str, now: datetime) -> datetime | None:
    """Read a date, aware and in UTC, or None when it cannot be read for sure.

    Taken are RFC 822, ISO 8601, seconds or milliseconds since 1970, and dates in words with the month names
    of Egypt and the Gulf, the Levant and Iraq, Tunisia and Algeria, and Morocco, also doubled, with any
    digits, ص and م, zones by name, offset or city. A Hijri date alone is refused: calendars differ by a day
    between countries. A date without a zone is taken in `zone`; one without a year, or of a year far from
    now, is none.
    """
    found = read_date(text, zone=zone, now=now)
    return found if found is None or found.tzinfo is UTC else found.astimezone(UTC)


def read_date(text: str, *, zone: str, now: datetime) -> datetime | None:
    """Read a date as `parse_date` does, but leave it in the zone in which it is written."""
    if not text or len(text) > LONGEST:
        return None
    if usual := _common(text):
        return usual if EARLIEST <= usual.year <= min(LATEST, now.year + 2) else None
    raw = ascii_digits(text.strip())
    if _NO_YEAR.search(raw):
        return None
    found = (
        _common(raw)
        or _epoch(raw)
        or _basic(raw, zone)
        or _iso(raw, zone)
        or _rfc822(raw)
        or _words(raw, zone, now)
    )
    if found is None or not EARLIEST <= found.year <= min(LATEST, now.year + 2):
        return None
    return found


def _common(raw: str) -> datetime | None:
    """The form that nearly all feeds use, without the detours that the others need."""
    found = _RFC822.match(raw)
    if found is None:
        return None
    day, name, year, hour, minute, second, sign, ahead, more = found.groups()
    month = MONTHS.get(name.lower())
    minutes = int(ahead) * 60 + int(more) if sign else 0
    if month is None or minutes > MOST_OFFSET:
        return None
    zone = timezone(timedelta(minutes=-minutes if sign == "-" else minutes)) if minutes else UTC
    try:
        return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return None


def _epoch(raw: str) -> datetime | None:
    found = _EPOCH.match(raw)
    if found is None:
        return None
    seconds = int(found[1])
    return datetime.fromtimestamp(seconds / 1000 if len(found[1]) == 13 else seconds, UTC)


def _basic(raw: str, zone: str) -> datetime | None:
    found = _BASIC.match(raw)
    if found is None or (found[4] and not (found[2] or found[3])):
        return None
    day, clock, offset = found[1], found[2] or found[3] or "00", found[4] or ""
    try:
        when = datetime.fromisoformat(f"{day}T{clock}{offset}")
    except ValueError:
        return None
    return when if when.tzinfo else _in_zone(when, ZoneInfo(zone))


def _iso(raw: str, zone: str) -> datetime | None:
    if not raw[:4].isdigit() or raw[4:5] not in {"-", ""} or len(raw) < 10:
        return None
    try:
        found = datetime.fromisoformat(raw.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else _in_zone(found, ZoneInfo(zone))


def _rfc822(raw: str) -> datetime | None:
    """RFC 822 as the library reads it, only when its zone is an offset or Greenwich's: of zone names it knows
    America's alone.
    """
    if not re.search(r"(?:(?<![A-Za-z])(?:GMT|UTC|UT|Z)|[+-]\d{4})\)?$", raw, re.IGNORECASE):
        return None
    try:
        found = parsedate_to_datetime(raw)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _words(raw: str, zone: str, now: datetime) -> datetime | None:
    text = _HIJRI_DAY.sub(" ", _HIJRI_NUMERIC.sub(" ", fold(raw)))
    day, rest = _day(text, now)
    if day is None:
        return None
    clock, rest = _clock(rest)
    where = _zone(rest, zone, raw)
    if clock is None or where is None:
        return None
    try:
        naive = datetime(*day, *clock)  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None
    named = _WEEKDAY.search(text)
    if named and WEEKDAYS[named[1]] != naive.weekday():
        return None  # it contradicts itself
    return _in_zone(naive, where)


def _in_zone(naive: datetime, where: tzinfo) -> datetime | None:
    try:
        return naive.replace(tzinfo=where)
    except (ValueError, OverflowError):
        return None


def _day(text: str, now: datetime) -> tuple[tuple[int, int, int] | None, str]:
    """The day (year, month, day) that is told first, and the text without it."""
    for pattern, year, first, second, day in (
        (_WRITTEN, 4, 2, 3, 1),
        (_MONTH_FIRST, 4, 1, 2, 3),
        (_YEAR_NAMED, 1, 2, 3, 4),
    ):
        if found := pattern.search(text):
            month = MONTHS[found[first]]
            if found[second] and MONTHS[found[second]] != month:
                return None, text
            return (int(found[year]), month, int(found[day])), pattern.sub(" ", text, count=1)
    if found := _YEAR_FIRST.search(text):
        return (int(found[1]), int(found[3]), int(found[4])), _YEAR_FIRST.sub(" ", text, count=1)
    if found := _NUMERIC.search(text):
        rest = _NUMERIC.sub(" ", text, count=1)
        first_number, second_number, of_year = int(found[1]), int(found[3]), int(found[4])
        # Day first, as everywhere in the Arab world; month first only when it cannot be otherwise.
        ahead = (
            (of_year, second_number, first_number) > _tomorrow(now) >= (of_year, first_number, second_number)
        )
        if second_number > 12 or (first_number <= 12 and (ahead or _AMERICAN.search(text))):
            return (of_year, first_number, second_number), rest
        return (of_year, second_number, first_number), rest
    return None, text


def _tomorrow(now: datetime) -> tuple[int, int, int]:
    day = now + timedelta(days=1)
    return day.year, day.month, day.day


def _clock(text: str) -> tuple[tuple[int, int, int] | None, str]:
    """The time (hour, minute, second), midnight when none is told and None when it is none, and the text
    without it.
    """
    found = _CLOCK.search(text)
    if found:
        hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
        half = found[4] or found[5]
        rest = _CLOCK.sub(" ", text, count=1)
    elif found := _BARE_HOUR.search(text):
        hour, minute, second = int(found[1]), 0, 0
        half = found[2] or found[3]
        rest = _BARE_HOUR.sub(" ", text, count=1)
    else:
        # A time that is told in a form nobody knows here is not midnight.
        return (None if _TIMELIKE.search(text) else (0, 0, 0)), text
    late = half in {"p", "م", "مساء", "عصرا", "ظهرا", "ليلا", "بعد الظهر"}
    if late and hour < 12 and not (half == "ليلا" and hour < 5):
        hour += 12
    elif (half in {"a", "ص", "صباحا", "فجرا"} and hour == 12) or (half == "ليلا" and hour == 12):
        hour = 0
    return ((hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None), rest


def _zone(text: str, zone: str, raw: str) -> tzinfo | None:
    """The zone that a text names, else the given one; None when it names one that nobody knows here, or one
    of several.
    """
    if local := _LOCAL.search(text):
        return ZoneInfo(CITIES[local[1]]) if local[1] else None
    if offset := _OFFSET.search(f" {text}"):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > MOST_OFFSET:
            return None
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes))
    if region := _REGION.search(raw):
        return ZoneInfo(region[0]) if region[0] in _regions() else None
    if _STANDARD.search(text):
        return None
    if named := _ZONE_NAME.search(text):
        hours = ZONES[named[1]]
        return None if hours is None else timezone(timedelta(hours=hours))
    return None if _names_another_zone(raw) else ZoneInfo(zone)


def _names_another_zone(raw: str) -> bool:
    """Whether capitals behind the hour can only be a zone's short name, which is not in the table."""
    return any(
        found[1] not in {"AM", "PM", "A", "P", "H"} and found[1].lower() not in {*MONTHS, *WEEKDAYS}
        for found in _BEHIND_CLOCK.finditer(raw)
    )


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    """The names of the IANA data base, such as Asia/Tehran."""
    return frozenset(available_timezones())
