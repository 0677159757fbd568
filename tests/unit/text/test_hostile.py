"""Text that was made to cost: quotation marks, stops, marks and no space, in every tool for text."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from digest.text import lines, sanitise
from digest.text.dates import dates
from digest.text.direction import bidi
from digest.text.numbers import numerals
from digest.text.words import language, normalise, sentences, tokens
from tests.unit.text.growth import LINEAR, growth

PIECES = {
    "quotation marks": '"',
    "guillemets": "«»",
    "dots": ".",
    "no spaces": "مرفأ",
    "marks": "\u0651\u064e\u0301",
    "foreign marks": "\u0e38\u0e48",
    "digits": "1,",
    "Latin and brackets": "a(",
    "tatweel": "ـ",
    "unseen": "\u200d\u200c",
    "markup": "<p",
    "names and sentences": "و Abc. Def 1 (G) ",
    "a long name": "a",
    "groups": "و (1)-",
    "lines": "و\n",
    "spaces": " \t",
}


def _date(text: str) -> object:
    return dates.read_date(text, zone="UTC", now=datetime(2026, 1, 5, tzinfo=UTC))


TOOLS: dict[str, Callable[[str], object]] = {
    "clean": normalise.clean,
    "fold": normalise.fold,
    "words": tokens.words,
    "stems": tokens.stems,
    "sentences": sentences.split,
    "paragraphs": lines.paragraphs,
    "language": language.detect,
    "digits": lambda text: numerals.in_digits(text, "arab"),
    "Latin": bidi.isolate_latin,
    "direction": bidi.rtl_line,
    "plain": sanitise.plain,
    "inline": sanitise.inline,
    "address": sanitise.safe_url,
    "date": _date,
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_time_grows_with_the_text(tool: Callable[[str], object], piece: str):
    assert growth(tool, piece, 6_000 // len(piece)) <= LINEAR
