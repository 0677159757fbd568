"""Dates as Arabic outlets print them: right, or None."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.dates.dates import parse_date, read_date

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
MIDDAY = "2022-06-23T13:15:00+00:00"


def read(text: str, zone: str = "Asia/Riyadh") -> str | None:
    found = parse_date(text, zone=zone, now=NOW)
    return found.isoformat() if found else None


@pytest.mark.parametrize(
    "text",
    [
        "٢٣ حزيران ٢٠٢٢ - ٠٤:١٥ م",
        "23 يونيو 2022 04:15 م",
        "23 يونيو، 2022 - 04:15 مساءً",
        "الخميس، 23 يونيو 2022 16:15",
        "الخميس 23 يونيو/حزيران 2022 16:15",
        "الخميس 23 حزيران / يونيو 2022 الساعة 16:15",
        "الخميس 23 حزيران (يونيو) 2022 - 16:15",
        "23 جوان 2022 - 16:15",
        "23 يونيه 2022 16:15:00",
        "آخر تحديث: 23 يونيو 2022 الساعة 4:15 م",
        "تم نشره الخميس 23 حزيران / يونيو 2022 04:15 مساءً",
        "نشر في 2022/06/23 16:15",
        "2022-06-23 16:15",
        "2022-06-23T16:15:00+03:00",
        "23/06/2022 04:15 م",
        "23-06-2022 16:15",
        "23.06.2022 16:15",
        "يونيو 23, 2022 4:15 pm",
        "June 23, 2022 4:15 p.m.",
        "23 juin 2022 16:15",
        "۲۳ يونيو ۲۰۲۲ ۱۶:۱۵",
        "الخميس 24 ذو القعدة 1443 هـ - 23 يونيو 2022 م 16:15",
        "24/11/1443 هـ الموافق 23/06/2022 16:15",
        "23 يونيو 2022 13:15 بتوقيت غرينتش",
        "23 يونيو 2022 15:15 بتوقيت القاهرة",
        "23 يونيو 2022 17:15 (GMT+0400)",
        "GMT 13:15 23.06.2022",
        "Thu, 23 Jun 2022 16:15:00 +0300",
        "Thu, 23 Jun 2022 13:15:00 GMT",
        "Thu, 23 Jun 2022 15:15:00 EET",
        "Thu, 23 Jun 2022 16:15:00 AST",
        "Thu, 23 Jun 22 13:15:00 GMT",
        "1655990100",
        "1655990100000",
        "23 من يونيو 2022 الساعة 16:15",
    ],
)
def test_every_way_of_writing_one_instant_gives_that_instant(text: str):
    assert read(text) == MIDDAY


@pytest.mark.parametrize(
    ("names", "month"),
    [
        ("يناير كانون-الثاني جانفي", 1),
        ("فبراير شباط فيفري", 2),
        ("مارس آذار", 3),
        ("أبريل نيسان أفريل إبريل", 4),
        ("مايو أيار ماي", 5),
        ("يونيو حزيران جوان يونيه", 6),
        ("يوليو تموز جويلية يوليوز", 7),
        ("أغسطس آب أوت غشت", 8),
        ("سبتمبر أيلول شتنبر", 9),
        ("أكتوبر تشرين-الأول تشرين-أول", 10),
        ("نوفمبر تشرين-الثاني نونبر", 11),
        ("ديسمبر كانون-الأول دجنبر", 12),
    ],
)
def test_the_months_of_all_regions_are_known(names: str, month: int):
    for name in names.split():
        written = f"7 {name.replace('-', ' ')} 2021"
        assert read(written, "UTC") == f"2021-{month:02}-07T00:00:00+00:00", written


@pytest.mark.parametrize(
    "text",
    [
        "24 ذو القعدة 1443 هـ",
        "الخميس 24 رمضان 1443",
        "1443/11/24",
        "منذ ٣ ساعات",
        "أمس 16:15",
        "23 يونيو",
        "يونيو 2022",
        "23/06/22",
        "31 فبراير 2022",
        "23 يونيو/تموز 2022",
        "الجمعة 23 يونيو 2022",
        "23 يونيو 2022 27:15",
        "23 يونيو 2022 16:15 بتوقيت طوكيو",
        "23 يونيو 3022",
        "23 يونيو 1922",
        "0000-00-00 00:00:00",
        "1",
        "",
        "٢٠٢٢",
        "Thu, 45 Jun 2022 16:15:00 GMT",
        "۲ تیر ۱۴۰۱",
        "+9999-12-31",
    ],
)
def test_what_cannot_be_read_for_sure_is_unknown(text: str):
    assert read(text) is None


def test_a_date_without_a_zone_is_the_sources_own():
    assert read("23 يونيو 2022 16:15", "Africa/Cairo") == "2022-06-23T14:15:00+00:00"
    assert read("2022-06-23T16:15:00", "Africa/Tunis") == "2022-06-23T15:15:00+00:00"


def test_noon_and_midnight_are_told_apart():
    assert read("23 يونيو 2022 12:05 م", "UTC") == "2022-06-23T12:05:00+00:00"
    assert read("23 يونيو 2022 12:05 ص", "UTC") == "2022-06-23T00:05:00+00:00"
    assert read("23 يونيو 2022 الساعة 7 مساء", "UTC") == "2022-06-23T19:00:00+00:00"


def test_month_first_is_taken_only_when_it_cannot_be_otherwise():
    assert read("03/17/2020 04:25:30 PM", "UTC") == "2020-03-17T16:25:30+00:00"
    assert read("03/04/2020", "UTC") == "2020-04-03T00:00:00+00:00"


def test_a_date_glued_to_a_word_is_found():
    assert read("مجتمع2017/03/02 10:51", "UTC") == "2017-03-02T10:51:00+00:00"


def test_the_zone_in_which_it_is_written_can_be_kept():
    found = read_date("الأحد، 04 آب/اغسطس 2013، آخر تحديث 02:21 (GMT+0400)", zone="UTC", now=NOW)
    assert found is not None
    assert found.isoformat() == "2013-08-04T02:21:00+04:00"


@given(st.text(max_size=220))
def test_no_text_breaks_it(text: str):
    found = parse_date(text, zone="Asia/Riyadh", now=NOW)
    assert found is None or (found.tzinfo is UTC and 1989 <= found.year <= 2029)


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2027, 1, 1)))  # noqa: DTZ001
def test_iso_and_rfc_822_come_back_as_they_were(when: datetime):
    aware = when.replace(microsecond=0, tzinfo=UTC)
    assert parse_date(aware.isoformat(), zone="UTC", now=NOW) == aware
    assert parse_date(aware.strftime("%a, %d %b %Y %H:%M:%S GMT"), zone="UTC", now=NOW) == aware


ZONED = {
    "PKT": 5, "JST": 1, "AEST": 0, "SGT": 2, "IRST": 6.5, "ICT": 3, "EAT": 7, "SAST": 8, "WAT": 9, "(PKT)": 5,
    "Asia/Tehran": 6.5, "Europe/London": 10, "Asia/Riyadh": 7, "America/Argentina/Buenos_Aires": 13, "KSA": 7,
}  # fmt: skip
"""Zones, and the hour in UTC at which it is ten o'clock there on 28 March 2026 (minutes as a fraction)."""


@pytest.mark.parametrize("zone", ZONED)
def test_a_zone_is_read_by_its_name(zone: str):
    found = parse_date(
        f"Sat, 28 Mar 2026 10:00:00 {zone}", zone="Africa/Cairo", now=datetime(2026, 11, 29, tzinfo=UTC)
    )
    assert found == datetime(2026, 3, 28, tzinfo=UTC) + timedelta(hours=ZONED[zone])


@pytest.mark.parametrize(
    "zone", ["IST", "KST", "ADT", "QQT", "(XYZ)", "Mars/Base", "Pakistan Standard Time", "N"]
)
def test_a_zone_that_is_unknown_or_one_of_several_makes_the_date_unknown(zone: str):
    for text in (
        f"Sat, 28 Mar 2026 10:00:00 {zone}",
        f"2026-03-28 10:00 {zone}",
        f"28 مارس 2026 10:00 AM {zone}",
    ):
        assert parse_date(text, zone="Asia/Riyadh", now=datetime(2026, 11, 29, tzinfo=UTC)) is None


@pytest.mark.parametrize("text", ["10:00 SAT 28 MAR 2026", "28 Mar 2026 10:00 AM", "28 Mar 2026, 10:00 a.m."])
def test_what_follows_the_hour_is_not_always_a_zone(text: str):
    found = parse_date(text, zone="Asia/Riyadh", now=datetime(2026, 11, 29, tzinfo=UTC))
    assert found == datetime(2026, 3, 28, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hour"),
    [("20260114T090500Z", 9), ("20260114T0905+0300", 6), ("20260114090500", 6), ("20260114T090500.25Z", 9)],
)
def test_iso_8601_is_read_without_its_separators(text: str, hour: int):
    found = parse_date(text, zone="Asia/Riyadh", now=datetime(2026, 11, 29, tzinfo=UTC))
    assert found is not None
    assert found.replace(microsecond=0) == datetime(2026, 1, 14, hour, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["Mon, 30 Nov -0001 00:00:00 +0000", "-0001-11-30T00:00:00Z", "0000-00-00 00:00:00", "Mon, 01 Jan 0001 00:00:00 GMT", "20261301", "20260230T000000Z"],
)  # fmt: skip
def test_the_dates_of_programs_that_have_none_are_unknown(text: str):
    assert parse_date(text, zone="Asia/Riyadh", now=datetime(2026, 11, 29, tzinfo=UTC)) is None
