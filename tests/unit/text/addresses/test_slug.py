"""Short names that stand in web addresses."""

import pytest

from digest.text.addresses.slug import is_slug


@pytest.mark.parametrize("text", ["a", "daily", "arab-news-2", "9", "a" * 60])
def test_small_letters_digits_and_hyphens_between_them_are_a_slug(text: str):
    assert is_slug(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "A", "يومي", "a b", "a/b", "a" * 61, "a\n", "a_b", "../a", "é"]
)
def test_nothing_else_is(text: str):
    assert not is_slug(text)
