"""Every failure has a sentence in Arabic and English."""

import re
import tomllib
from importlib.resources import files

import pytest

from digest.collect import failures
from digest.errors import BlockedAddressError, ConfigError, SourceError, TemporarySourceError

TABLES = tomllib.loads((files("digest.collect") / "failures.toml").read_text(encoding="utf-8"))
KEYS = [key for key in TABLES if key != "days"]


@pytest.mark.parametrize("key", KEYS)
def test_every_reason_is_told_in_both_languages(key: str):
    for language in ("ar", "en"):
        sentence = failures.told(key, language, location="https://marfa.example/feed", status=429, days=3)
        assert sentence.endswith((".", ")."))
        assert "{" not in sentence
        assert bool(re.search("[\u0621-\u064a]", sentence)) is (language == "ar")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BlockedAddressError("no"), "blocked"),
        (SourceError("no", status=410), "gone"),
        (SourceError("no", status=404), "not_found"),
        (SourceError("no", status=403), "forbidden"),
        (SourceError("no", status=418), "refused"),
        (TemporarySourceError("no", status=429), "asked_to_wait"),
        (TemporarySourceError("no", status=502), "trouble"),
        (TemporarySourceError("no"), "unreachable"),
        (SourceError("no"), "unreadable"),
        (ConfigError("no"), "unreadable"),
    ],
)
def test_every_error_has_its_reason(error: Exception, reason: str):
    assert failures.reason(error) == reason
    assert reason in KEYS


@pytest.mark.parametrize(
    ("days", "arabic", "english"),
    [
        (1, "يوم", "a day"),
        (2, "يومين", "2 days"),
        (3, "٣ أيام", "3 days"),
        (11, "١١ يوما", "11 days"),
        (100, "١٠٠ يوم", "100 days"),
    ],
)
def test_how_long_a_source_is_silent_is_told_in_right_numbers(days: int, arabic: str, english: str):
    told = {language: failures.told("silent", language, location="x", days=days) for language in ("ar", "en")}
    assert told["ar"] == f"المصدر صامت منذ {arabic}."
    assert told["en"] == f"The source has been silent for {english}."
