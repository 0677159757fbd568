"""Words, stems, stop words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words.normalise import fold
from digest.text.words.tokens import STOP_WORDS, stem, stems, stems_of, words
from tests.unit.text.growth import LINEAR, growth


def test_numbers_keep_their_separators():
    assert words("بلغ ١٬٢٥٠ أو 3.5 في 10:30") == ["بلغ", "1\u066c250", "او", "3.5", "في", "10:30"]


def test_hebrew_abbreviations_are_one_word():
    assert words('צה"ל הודיע') == ['צה"ל', "הודיע"]


@pytest.mark.parametrize(
    ("forms"),
    [
        ("المدرسة", "مدرسة", "والمدرسة", "للمدرسة"),
        ("معلمون", "المعلمين", "معلم"),
        ("reports", "report's", "report"),
    ],
)
def test_forms_of_one_word_have_one_stem(forms: tuple[str, ...]):
    assert len({stem(fold(form)) for form in forms}) == 1


def test_a_short_word_is_not_stemmed_away():
    assert stem("الا") == "الا"
    assert stem("ون") == "ون"


@pytest.mark.parametrize("language", ["ar", "fa", "ur", "he", "en"])
def test_every_language_has_its_stop_words_and_they_carry_no_meaning(language: str):
    assert len(STOP_WORDS[language]) > 80
    assert stems(" ".join(sorted(STOP_WORDS[language]))) == []


@given(st.text())
def test_stems_are_never_empty(text: str):
    assert all(stems(text))
    assert stems(text) == stems_of(words(text))


@pytest.mark.parametrize("piece", ["1.", 'א"', "a'", "والـ", "١,"])
def test_hostile_words_take_time_that_grows_with_their_length(piece: str):
    assert growth(words, piece, 3000) <= LINEAR
