"""What an answer's status and headers mean."""

import pytest

from digest.collect.fetch.responses import max_age, refusal, retry_after
from digest.errors import TemporarySourceError

NOON = "Mon, 05 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("value", "date", "seconds"),
    [
        ("120", None, 120),
        (" 3600 ", None, 3600),
        ("0", None, 60),
        ("999999999", None, 86_400),
        ("Mon, 05 Jan 2026 12:10:00 GMT", NOON, 600),
        ("Mon, 05 Jan 2026 11:00:00 GMT", NOON, 60),
        ("Mon, 12 Jan 2026 12:00:00 GMT", NOON, 86_400),
        ("soon", NOON, 300),
        ("-5", None, 300),
        ("١٢٠", None, 300),
        (None, None, 300),
    ],
)
def test_both_forms_of_retry_after(value: str | None, date: str | None, seconds: float):
    assert retry_after(value, date) == seconds


@pytest.mark.parametrize(
    ("status", "is_temporary"), [(429, True), (503, True), (500, True), (502, True), (404, False), (410, False), (403, False), (305, False)]
)  # fmt: skip
def test_what_may_pass_is_told_from_what_stays(status: int, is_temporary: bool):
    error = refusal(status, {}, "marfa.example", "https://marfa.example/")
    assert error is not None
    assert isinstance(error, TemporarySourceError) is is_temporary
    assert error.status == status
    assert str(status) in str(error)


@pytest.mark.parametrize("status", [200, 203, 206, 304])
def test_what_brings_something_is_no_refusal(status: int):
    assert refusal(status, {}, "marfa.example", "https://marfa.example/") is None


def test_a_challenge_page_is_named():
    error = refusal(403, {"cf-mitigated": "challenge"}, "marfa.example", "https://marfa.example/")
    assert error is not None
    assert "challenge" in str(error)


@pytest.mark.parametrize(
    ("value", "seconds"), [("public, max-age=600", 600), ("no-store", None), ("max-age=x", None), ("", None)]
)
def test_freshness(value: str, seconds: float | None):
    assert max_age(value) == seconds
