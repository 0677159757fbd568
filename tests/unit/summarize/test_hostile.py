"""Articles that were made to cost, alone, as an event, and as what a machine wrote about them."""

from collections.abc import Callable

import pytest

from digest.summarize.extract import rules
from digest.summarize.extractive import summarize_event
from digest.summarize.guard import check as guard
from digest.summarize.overview import overview
from digest.summarize.pipe import answer
from tests.builders import a_story, an_article
from tests.unit.text.growth import LINEAR, growth

MEGABYTE = 1_000_000
PIECES = {
    "quotation marks": '"',
    "guillemets": "«»",
    "dots": ".",
    "no spaces": "مرفأ",
    "marks": "\u0651\u064e\u0301",
    "numbers": "12 ",
    "one word": "مرفأ ",
    "negations": "لا لم ",
    "short sentences": "فتح الجسر اليوم. ",
    "datelines": "دبي (",
    "lines": "جسر المرفأ\n",
}


def _alone(text: str) -> object:
    return summarize_event([an_article(title=text[:100], paragraphs=text.split("\n"))], max_words=60)


def _event(text: str) -> object:
    return summarize_event(
        [an_article(title=text[:100], paragraphs=[text, text]) for _ in range(3)], max_words=60
    )


def _guarded(text: str) -> object:
    return guard.problems("لم تفتح هيئة الطرق 12 جسرا في مدينة شيراز", [text])


def _overview(text: str) -> object:
    return overview([a_story(text[:200]), a_story("خبر")], max_words=60, more={"": [text]})


WORK: dict[str, Callable[[str], object]] = {
    "alone": _alone,
    "event": _event,
    "guard": _guarded,
    "overview": _overview,
    "refusal": lambda text: rules.refusal(text, 20),
    "dateline": rules.after_dateline,
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_time_grows_with_the_article(work: Callable[[str], object], piece: str):
    assert growth(work, piece, 4_000 // len(piece)) <= LINEAR


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_a_megabyte_of_it_is_answered_with_nothing_invented(piece: str):
    text = piece * (MEGABYTE // len(piece.encode()))
    found = answer({"id": 1, "title": text[:1000], "text": text, "max_words": 60})
    assert "error" not in found
    assert all("".join(one["text"].split()) in "".join(text.split()) for one in found["sentences"])


def test_an_answer_as_long_as_a_book_is_refused():
    assert guard.problems("جسر " * 100_000, ["فتح الجسر."]) == ("length 100000",)
