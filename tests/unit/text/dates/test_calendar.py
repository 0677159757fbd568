"""Times, dates and spans as a newspaper prints them."""

from datetime import UTC, date, datetime

import pytest

from digest.text.dates import calendar

DAY = date(2018, 5, 20)


@pytest.mark.parametrize(
    ("language", "digits", "at", "said"),
    [
        ("ar", "arab", (16, 25), "٤:٢٥\u00a0م"),
        ("ar", "latn", (0, 5), "12:05\u00a0ص"),
        ("ar", "arab", (12, 0), "١٢:٠٠\u00a0م"),
        ("fa", "arab", (16, 25), "۱۶:۲۵"),
        ("ur", "arab", (6, 5), "۰۶:۰۵"),
        ("he", "latn", (6, 5), "06:05"),
        ("en", "arab", (16, 25), "4:25\u00a0pm"),
        ("de", "latn", (11, 59), "11:59\u00a0am"),
    ],
)
def test_the_clock_is_the_language_s(language: str, digits: str, at: tuple[int, int], said: str):
    assert calendar.clock(datetime(2018, 5, 20, *at, tzinfo=UTC), language, digits) == said


@pytest.mark.parametrize(
    ("local", "said"),
    [
        (datetime(2018, 5, 20, 0, 1, tzinfo=UTC), "١٢:٠١\u00a0ص"),
        (datetime(2018, 5, 19, 16, 25, tzinfo=UTC), "أمس ٤:٢٥\u00a0م"),
        (datetime(2018, 5, 18, 23, 59, tzinfo=UTC), "الجمعة"),
        (datetime(2018, 5, 14, 8, 0, tzinfo=UTC), "الاثنين"),
        (datetime(2018, 5, 13, 8, 0, tzinfo=UTC), "١٣ مايو"),
        (datetime(2017, 12, 31, 8, 0, tzinfo=UTC), "٣١ ديسمبر ٢٠١٧"),
        (datetime(2018, 5, 21, 8, 0, tzinfo=UTC), "٢١ مايو"),
    ],
)
def test_a_moment_goes_by_local_dates_and_not_by_hours(local: datetime, said: str):
    assert calendar.moment(local, DAY, "ar", "default", "arab") == said


def test_months_of_a_moment_are_those_of_the_list():
    assert calendar.moment(datetime(2018, 5, 2, 8, tzinfo=UTC), DAY, "ar", "levant", "arab") == "٢ أيار"
    assert calendar.moment(datetime(2018, 5, 2, 8, tzinfo=UTC), DAY, "fa", "default", "arab") == "۱۲ اردیبهشت"


@pytest.mark.parametrize(
    ("language", "first", "last", "said"),
    [
        ("ar", date(2018, 5, 14), date(2018, 5, 20), "من ١٤ إلى ٢٠ مايو ٢٠١٨"),
        ("ar", date(2018, 4, 28), date(2018, 5, 4), "من ٢٨ أبريل إلى ٤ مايو ٢٠١٨"),
        ("ar", date(2018, 12, 29), date(2019, 1, 4), "من ٢٩ ديسمبر ٢٠١٨ إلى ٤ يناير ٢٠١٩"),
        ("en", date(2018, 5, 14), date(2018, 5, 20), "14 – 20 May 2018"),
        ("he", date(2018, 5, 14), date(2018, 5, 20), "14–20 במאי 2018"),
        ("fa", date(2018, 5, 14), date(2018, 5, 20), "۲۴ تا ۳۰ اردیبهشت ۱۳۹۷"),
    ],
)
def test_a_span_names_month_and_year_once(language: str, first: date, last: date, said: str):
    assert calendar.span(first, last, language, "default", "arab") == said


def test_a_hijri_span_may_run_over_the_end_of_a_month():
    assert calendar.hijri_span(date(2018, 5, 14), DAY, 0, "arab") == "٢٨ شعبان – ٥ رمضان ١٤٣٩ هـ"
    assert calendar.hijri_span(date(2018, 5, 17), DAY, 0, "arab") == "٢ – ٥ رمضان ١٤٣٩ هـ"
    assert calendar.hijri_span(date(1800, 1, 1), date(1800, 1, 7), 0, "arab") == ""
    assert calendar.hijri_span(date(2018, 5, 14), DAY, 0, "latn", "he") == ""


def test_reading_takes_as_long_as_reading_without_moving_the_lips():
    assert [calendar.reading_minutes(words, "ar") for words in (0, 1, 180, 181)] == [0, 1, 1, 2]
    assert calendar.reading_minutes(238, "en") == 1
