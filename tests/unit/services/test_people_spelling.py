"""The words that people are found by, however a name is spelled."""

from itertools import product

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


NAMES = (
    "عبد الله", "أبو عبد الله", "عبد الرحمن", "أبو بكر", "أم كلثوم", "ابن خلدون", "بن علي", "نور الدين", "فضل الله",
    "سيف الإسلام", "آل سعود", "ذو الفقار", "بو علام", "ابن أبي عبد الله",
)  # fmt: skip


def spelled(name: str) -> set[str]:
    """A name with each of its blanks there or not, and «ابن» with its first letter or without."""
    pieces = name.split()
    found = {
        pieces[0] + "".join(gap + piece for gap, piece in zip(gaps, pieces[1:], strict=True))
        for gaps in product((" ", ""), repeat=len(pieces) - 1)
    }
    return found | {one.removeprefix("ا") for one in found if one.startswith("ابن")}


def is_found(stored: str, asked: str) -> bool:
    words = words_of(stored, "x@mujaz.example")
    return all(any(word.startswith(one) for word in words) for one in asked_words(asked))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_several_words_is_found_together_and_apart(name: str):
    for stored, asked in product(spelled(name), repeat=2):
        assert is_found(f"سعيد {stored} الحربي", asked), (stored, asked)
        assert is_found(f"سعيد {stored} الحربي", f"الحربي {asked}"), (stored, asked)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("أبو عبد الله الحربي", "عبدالله"), ("محمد بن عبدالله", "عبد الله محمد"), ("سعيد محمد الملك", "سعيد الملك"),
        ("عبد الله", "عبد"), ("عبدالله", "عبد"), ("ﷲ", "الله"), ("عبدُاللّٰه", "عبد الله"), ("عبـد الـله", "عبدالله"),
        ("عبد\u00a0الله", "عبدالله"), ("عبد‌الله", "عبد الله"), ("نور الدين ابن بطوطة", "بطوطه نورالدين"),
    ],
)  # fmt: skip
def test_parts_of_a_name_are_found(stored: str, asked: str):
    assert is_found(stored, asked)


@pytest.mark.parametrize(
    ("stored", "asked"),
    [("عبد العزيز", "عبد الله"), ("نور الهدى", "نور الدين"), ("أبو بكر", "أبو علي"), ("علي", "بن علي")],
)
def test_another_name_is_not(stored: str, asked: str):
    assert not is_found(stored, asked)


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
