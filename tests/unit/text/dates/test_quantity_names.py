"""Units and dates of the guard have words that an editor reads."""

import pytest

from digest.text.dates.quantity_names import named


@pytest.mark.parametrize(
    ("code", "language", "word"),
    [
        ("month-3", "ar", "مارس"), ("weekday-7", "ar", "الأحد"), ("month-12", "en", "December"), ("USD", "ar", "دولار"),
        ("USD", "en", "USD"), ("%", "ar", "%"), ("35", "ar", "35"), ("روما", "ar", "روما"), ("one-of", "ar", "one-of"),
    ],
)  # fmt: skip
def test_codes_are_told_in_words(code: str, language: str, word: str):
    assert named(code, language) == word
