"""One spelling: for showing and for matching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words.normalise import ascii_digits, clean, fold
from tests.unit.text.growth import LINEAR, growth

LETTERS = st.text(
    alphabet=st.sampled_from(
        "ابتىيةهأإآؤئءـ \u064b\u0651\u0670\u200c\u200d\u200f\u202e\ufeff\ufefb\ufdfa\u0640٣۳5aéKpگی\u06c1\u05d0\u05f4\n\t.،"
    )
)


@given(st.one_of(st.text(), LETTERS))
def test_cleaning_twice_changes_nothing(text: str):
    assert clean(clean(text)) == clean(text)


@given(st.one_of(st.text(), LETTERS))
def test_folding_twice_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@given(LETTERS)
def test_clean_text_is_one_line_without_the_unseen(text: str):
    shown = clean(text)
    assert not set(shown) & set("\n\t\u200f\u202e\ufeff")
    assert shown == shown.strip()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("الســـلام", "السلام"),
        ("بـ500", "بـ500"),
        ("\ufefb", "لا"),
        ("أهلا\u200f وسهلا\ufeff", "أهلا وسهلا"),
        ("می\u200cروم", "می\u200cروم"),
        ("كتب\u200cوا", "كتبوا"),
        ("  سطر\nآخر ", "سطر آخر"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_text_is_shown_as_it_was_meant(raw: str, shown: str):
    assert clean(raw) == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد", "احمد"),
        ("إلى", "الي"),
        ("مدرسة", "مدرسه"),
        ("كُتُبٌ", "كتب"),
        ("مسؤول", "مسوول"),
        ("١٢٣", "123"),
        ("۱۲۳", "123"),
        ("کتاب", "كتاب"),
        ("ARAB", "arab"),
    ],
)
def test_spellings_of_one_word_are_one(one: str, other: str):
    assert fold(one) == fold(other)


def test_only_digits_change_in_ascii_digits():
    assert ascii_digits("عام ٢٠٢٦ و۱۴۰۵") == "عام 2026 و1405"


@pytest.mark.parametrize(
    "piece", ["\u064b\u0640", "ـ", "\u200d\u200c", "ا\u064b\u064b\u064b\u064b\u064b", "بـ "]
)
@pytest.mark.parametrize("work", [clean, fold])
def test_hostile_text_takes_time_that_grows_with_its_length(work, piece: str):
    assert growth(work, piece, 3000) <= LINEAR
