"""Dates as feeds and Arabic pages write them. Unknown is None; a wrong date is worse."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from digest.text.normalise import ascii_digits, fold

MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "يناير كانون-الثاني جانفي ينار جانفييه january jan",
        "فبراير شباط فيفري فبراير february feb",
        "مارس اذار مارس march mar",
        "ابريل نيسان افريل april apr",
        "مايو ايار ماي may",
        "يونيو حزيران جوان يونيه june jun",
        "يوليو تموز جويليه يوليوز يوليه july jul",
        "اغسطس اب اوت غشت august aug",
        "سبتمبر ايلول شتنبر september sep sept",
        "اكتوبر تشرين-الاول october oct",
        "نوفمبر تشرين-الثاني نونبر november nov",
        "ديسمبر كانون-الاول دجنبر december dec",
    ),
    1,
):
    for _name in _names.split():
        MONTHS[fold(_name.replace("-", " "))] = _number
HIJRI = frozenset(
    fold(name)
    for name in (
        "محرم",
        "صفر",
        "ربيع",
        "جمادى",
        "رجب",
        "شعبان",
        "رمضان",
        "شوال",
        "ذو القعدة",
        "ذو الحجة",
        "ذي القعدة",
        "ذي الحجة",
    )
)
ZONES = {
    "ast": 3, "kst": 3, "eet": 2, "eest": 3, "gst": 4, "cet": 1, "cest": 2, "gmt": 0, "utc": 0, "z": 0, "wet": 0,
    "west": 1, "msk": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "bst": 1,
}  # fmt: skip
"""Hours east of Greenwich. AST is Arabia's time here, not the Atlantic's: that is what Arab outlets mean."""
_NAME = "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True))
_WRITTEN = re.compile(
    rf"\b(\d{{1,2}})\s*(?:من\s+)?[-/،,. ]?\s*({_NAME})(?:\s*[/(-]\s*(?:{_NAME})\)?)?\s*[-/،,. ]?\s*(\d{{4}})\b"
)
_MONTH_FIRST = re.compile(rf"\b({_NAME})\s+(\d{{1,2}})\s*[,،]?\s*(\d{{4}})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\b")
_YEAR_FIRST = re.compile(r"\b(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(am|pm|صباحا|مساء|ظهرا|ص|م)?(?:\b|$)")
_OFFSET = re.compile(r"(?:gmt|utc)?\s*([+-])(\d{2}):?(\d{2})\b")
_ZONE_NAME = re.compile(rf"\b({'|'.join(ZONES)})\b")
_EPOCH = re.compile(r"^\d{9,13}$")
EARLIEST = 1990
LATEST = 2100


def parse_date(text: str, *, zone: str, now: datetime) -> datetime | None:
    """Read a date, aware and in UTC, or None when it cannot be read for sure.

    Taken are RFC 822, ISO 8601, seconds since 1970, and dates in words with the month names of Egypt and the Gulf, the
    Levant, and the Maghreb, also doubled, with Arabic digits, ص and م, and zone names. A Hijri date is recognised and
    refused. A date without a zone is taken in `zone`; one of a year far from now in nobody's.
    """
    raw = ascii_digits(text.strip())
    if not raw or len(raw) > 200:
        return None
    found = _epoch(raw) or _iso(raw, zone) or _words(raw, zone) or _rfc822(raw, zone)
    if found is None or not EARLIEST <= found.year <= min(LATEST, now.year + 2):
        return None
    return found.astimezone(UTC)


def _epoch(raw: str) -> datetime | None:
    if not _EPOCH.match(raw):
        return None
    seconds = int(raw)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)


def _iso(raw: str, zone: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(raw.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _rfc822(raw: str, zone: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(raw)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _words(raw: str, zone: str) -> datetime | None:
    text = fold(raw)
    day = _day(text)
    if day is None or any(name in text for name in HIJRI):
        return None
    hour, minute, second = _clock(text)
    try:
        naive = datetime(day[0], day[1], day[2], hour, minute, second)  # noqa: DTZ001 - the zone follows
    except ValueError:
        return None
    rest = _CLOCK.sub(" ", text)
    offset = _OFFSET.search(rest)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        if minutes > 14 * 60:
            return None
        return naive.replace(tzinfo=timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes)))
    named = _ZONE_NAME.search(rest)
    if named:
        return naive.replace(tzinfo=timezone(timedelta(hours=ZONES[named[1]])))
    return naive.replace(tzinfo=ZoneInfo(zone))


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _WRITTEN.search(text):
        return int(found[3]), MONTHS[found[2]], int(found[1])
    if found := _MONTH_FIRST.search(text):
        return int(found[3]), MONTHS[found[1]], int(found[2])
    if found := _YEAR_FIRST.search(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NUMERIC.search(text):
        # Day first, as everywhere in the Arab world; month first only when it cannot be otherwise.
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        return (year, first, second) if second > 12 else (year, second, first)
    return None


def _clock(text: str) -> tuple[int, int, int]:
    found = _CLOCK.search(text)
    if found is None:
        return 0, 0, 0
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = found[4] or ""
    if half in {"pm", "م", fold("مساء"), fold("ظهرا")} and hour < 12:
        hour += 12
    if half in {"am", "ص", fold("صباحا")} and hour == 12:
        hour = 0
    return hour, minute, second
