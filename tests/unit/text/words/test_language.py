"""Which of our languages a text is in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.words.language import detect


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "افتتحت هيئة الطرق صباح اليوم جسر المرفأ الجديد أمام السيارات"),
        ("fa", "پل تازه بندر صبح امروز برای گذر خودروها گشوده شد و مردم از آن گذشتند"),
        ("ur", "بندرگاہ کا نیا پل آج صبح گاڑیوں کے لیے کھول دیا گیا ہے"),
        ("he", "הגשר החדש בנמל נפתח הבוקר לתנועת כלי רכב"),
        ("en", "The new harbour bridge was opened to cars this morning by the roads authority"),
        ("und", "Il nuovo ponte del porto è stato aperto questa mattina alle automobili della città"),
        ("und", "Новый мост открыт сегодня"),
        ("und", "12 + 30 = 42"),
        ("und", ""),
    ],
)
def test_a_text_is_known_by_its_letters_and_small_words(language: str, text: str):
    assert detect(text) == language


def test_a_foreign_name_does_not_change_the_language_of_a_text():
    assert detect("أعلنت شركة Harbour Works أنها ستبني الجسر الثاني") == "ar"


@given(st.text())
def test_any_text_has_an_answer(text: str):
    assert detect(text) in {"ar", "fa", "ur", "he", "en", "und"}
