"""Every failure has a sentence in Arabic and English."""

import re
import tomllib
from importlib.resources import files

import pytest

from digest.collect import failures
from digest.collect.failures import Happening
from digest.errors import BlockedAddressError, ConfigError, SourceError, SourceReason, TemporarySourceError

TABLES = tomllib.loads((files("digest.collect") / "failures.toml").read_text(encoding="utf-8"))
KEYS = [*SourceReason, *Happening]


def every(kind: type[SourceError]) -> list[type[SourceError]]:
    return [kind, *(one for inner in kind.__subclasses__() for one in every(inner))]


def test_every_reason_has_its_sentences_and_no_sentence_is_without_a_reason():
    assert {key.value for key in KEYS} == TABLES.keys() - {"days"}


@pytest.mark.parametrize("kind", every(SourceError))
@pytest.mark.parametrize("status", [None, 200, 401, 403, 404, 410, 418, 429, 451, 500, 503, 599])
def test_an_error_of_any_kind_has_a_reason_that_is_told_in_both_languages(
    kind: type[SourceError], status: int | None
):
    error = kind("no", location="https://marfa.example/feed", status=status)
    assert error.reason in SourceReason
    sentences = {failures.describe(error.reason, one, location=error.location) for one in ("ar", "en")}
    assert len(sentences) == 2
    assert kind("no", reason=SourceReason.ROBOTS).reason is SourceReason.ROBOTS


@pytest.mark.parametrize("key", KEYS)
def test_every_reason_is_told_in_both_languages(key: failures.FailureKind):
    for language in ("ar", "en"):
        sentence = failures.describe(key, language, location="https://marfa.example/feed", status=429, days=3)
        assert sentence.endswith((".", ")."))
        assert "{" not in sentence
        assert bool(re.search("[\u0621-\u064a]", sentence)) is (language == "ar")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BlockedAddressError("no"), "blocked"),
        (SourceError("no", reason=SourceReason.CERTIFICATE), "certificate"),
        (SourceError("no", status=410), "gone"),
        (SourceError("no", status=404), "not_found"),
        (SourceError("no", status=403), "forbidden"),
        (SourceError("no", status=418), "refused"),
        (TemporarySourceError("no", status=429), "asked_to_wait"),
        (TemporarySourceError("no", status=502), "trouble"),
        (TemporarySourceError("no"), "unreachable"),
        (SourceError("no"), "unreadable"),
        (ConfigError("no"), "settings"),
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
        (11, "١١ يومًا", "11 days"),
        (100, "١٠٠ يوم", "100 days"),
    ],
)
def test_how_long_a_source_is_silent_is_told_in_right_numbers(days: int, arabic: str, english: str):
    told = {
        language: failures.describe(Happening.SILENT, language, location="x", days=days)
        for language in ("ar", "en")
    }
    assert told["ar"] == f"المصدر صامت منذ {arabic}."
    assert told["en"] == f"The source has been silent for {english}."
