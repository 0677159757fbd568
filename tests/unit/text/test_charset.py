"""Encodings that nobody declared rightly."""

import io

import pytest

from digest.services.audience.imports.decoding import encoding_of
from digest.text.charset import best_arabic, is_in_words, marked_encoding

ARABIC = "الاسم,البريد\nأمل السالم,amal@mujaz.example\nبدر العلي,badr@mujaz.example\n"
FRENCH = "nom,courriel\nHélène Lefèvre,helene@mujaz.example\nFrançois Noël,francois@mujaz.example\n"


@pytest.mark.parametrize("name", ["cp1256", "iso8859-6"])
def test_the_arabic_set_is_found_by_the_arabic_it_makes(name: str):
    assert best_arabic(ARABIC.encode(name)) == (name, ARABIC)


@pytest.mark.parametrize("name", ["cp1256", "iso8859-6", "utf-8"])
def test_a_file_of_people_is_read_in_the_set_it_was_written_in(name: str):
    assert encoding_of(io.BytesIO(ARABIC.encode(name))) == name


def test_a_file_of_french_names_is_not_taken_for_arabic():
    written = FRENCH.encode("cp1256")
    assert not is_in_words(written)
    assert written.decode(encoding_of(io.BytesIO(written))) == FRENCH


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("utf-8", None),
        ("cp1256", None),
    ],
)
def test_a_byte_order_mark_names_the_encoding(name: str, marked: str | None):
    assert marked_encoding(ARABIC.encode(name)) == marked
