"""Every public function over a text of strangers takes time by its length: the functions are found in the code."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.text.foreign import functions, takes_bytes
from tests.unit.text.growth import LINEAR, growth

ROOMS = (
    "digest.text.",
    "digest.collect.clean.",
    "digest.collect.parse.feeds.article.",
    "digest.collect.parse.pages.head.",
)
PIECES = {
    "blanks": " ",
    "lines": "\n",
    "at": "@",
    "brackets": "(",
    "quotes": '"',
    "markup": "<b><",
    "entities": "&#",
    "words": "ا.",
}
WORKS = {name: work for name, work in functions().items() if name.startswith(ROOMS) and not takes_bytes(work)}


@pytest.mark.red("feed-blanks")
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_every_function_over_foreign_text_takes_time_by_its_length(work: Callable[[Any], object], piece: str):
    def quietly(text: str) -> object:
        try:
            return work(text)
        except (ValueError, OSError):
            return None  # refused, as it may be

    assert growth(quietly, piece, 6_000 // len(piece)) <= LINEAR


def test_what_takes_time_by_the_square_of_the_length_is_noticed():
    assert growth(lambda text: [text.count("x") for _ in range(len(text) // 32)], "ا", 300) > 3
    assert growth(lambda text: [text.count("x") for _ in range(40)], "ا", 300) <= LINEAR
    assert growth(len, "ا", 300) == 0
