"""The words that people are found by, however a name is spelled."""

import pytest

from digest.services.audience.people.spelling import asked_words, words_of

AHMAD = ("أحمد عبد الله الشَّرقاويّ ١٩٨٠", "Ahmad.Salem-90@mail.mujaz.example")


@pytest.mark.parametrize(
    "text",
    [
        "احمد", "أحمد", "إحمد", "أَحْمَد", "أحـــمد", "احم", "شرقاوي", "الشرقاوى", "شرقاوی", "عبدالله", "عبد الله",
        "الشرقاوي أحمد", "1980", "١٩٨٠", "۱۹۸۰", "ahmad", "AHMAD.SALEM", "salem", "90", "mail.mujaz.example",
        "@mail.mujaz.example", "ahmad.salem-90@mail.mujaz.example", "«أحمد»، الشرقاوي",
    ],
)  # fmt: skip
def test_a_person_is_found_by_the_beginning_of_a_word_however_it_is_spelled(text: str):
    words = words_of(*AHMAD)
    asked = asked_words(text)
    assert asked
    for one in asked:
        assert any(word.startswith(one) for word in words), (one, words)


@pytest.mark.parametrize("text", ["حمد", "سالم", "hmad", "gmail.com", "1981"])
def test_others_are_not(text: str):
    words = words_of(*AHMAD)
    assert not all(any(word.startswith(one) for word in words) for one in asked_words(text))


@pytest.mark.parametrize("text", ["", "   ", "…", "!؟", "ّ", "ـ"])
def test_nothing_is_asked_by_what_has_no_letter(text: str):
    assert asked_words(text) == ()


def test_words_are_bounded_whatever_a_name_is():
    assert len(words_of("ا" * 5000 + " " + " ".join(map(str, range(500))), "a@b.example")) <= 40
    assert max(map(len, words_of("ا" * 5000, "b" * 300 + "@b.example"))) <= 60
    assert len(asked_words(" ".join(map(str, range(100))))) == 6
