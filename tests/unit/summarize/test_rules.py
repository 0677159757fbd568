"""Sentences that say nothing out of their place."""

import pytest

from digest.summarize import rules
from digest.text.tokens import words


def why(text: str) -> str:
    return rules.refusal(text, len(words(text)))


@pytest.mark.parametrize(
    "line",
    [
        "مرسى النور، الأربعاء ٢٥ نوفمبر ٢٠٢٦.",
        "السهل، مرسى النور، الأربعاء 25 نوفمبر 2026.",
        "بيروت، الأحد ٣ أيار / مايو ٢٠٢٦.",
    ],
)
def test_a_place_and_a_date_are_no_sentence(line: str):
    assert why(line) == "dateline"


def test_a_date_with_something_said_about_it_is_one():
    assert why("افتتحت هيئة الطرق جسر المرفأ الجديد أمام الشاحنات في ٢٥ نوفمبر ٢٠٢٦ بعد ثلاث سنوات.") == ""


@pytest.mark.parametrize("start", ["أولا، تصبح", "ثالثا، يتوقف", "كما تصبح"])
def test_a_link_of_a_chain_leans_on_what_came_before(start: str):
    assert rules.leans(f"{start} حصة الساحل من مياه النهر ثلثين.")
