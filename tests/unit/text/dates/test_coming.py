"""When something that is still to come happens."""

from datetime import UTC, datetime, timedelta

import pytest

from digest.text.dates.coming import city, coming

NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)


def told(hours: float, language: str = "ar", zone: str = "Asia/Riyadh", digits: str = "arab") -> str:
    when = NOW + timedelta(hours=hours)
    made = coming(when, NOW, zone, language=language, months="default", digits=digits)
    return " ".join(made.split())


def test_the_first_edition_is_told_with_its_day_hour_and_city():
    assert told(23.5) == "غدًا ٦:٣٠ صباحًا بتوقيت الرياض"
    assert told(9) == "اليوم ٤:٠٠ مساءً بتوقيت الرياض"
    assert told(95.5) == "الجمعة ٩ يناير الساعة ٦:٣٠ صباحًا بتوقيت الرياض"
    assert told(23.5, "en", "Europe/London", "latn") == "tomorrow at 3:30 am (London time)"
    assert told(23.5, "fa", "Asia/Tehran", "arabext") == "فردا ساعت ۰۷:۰۰ به وقت تهران"


@pytest.mark.parametrize("language", ["ar", "fa", "ur", "he", "en", "xx"])
def test_every_language_tells_it_with_nothing_left_to_fill(language: str):
    for hours in (1, 24, 100):
        for zone in ("Asia/Riyadh", "Etc/UTC", "Asia/Hebron", "America/Argentina/Buenos_Aires"):
            assert "{" not in told(hours, language, zone)


def test_midnight_by_the_clock_of_the_list_is_tomorrow():
    assert told(17.0).startswith("غدًا ١٢:٠٠ صباحًا")


def test_a_city_is_named_as_newspapers_name_it():
    assert city("Africa/Cairo", "ar") == "القاهرة"
    assert city("Asia/Hebron", "ar") == "الخليل"
