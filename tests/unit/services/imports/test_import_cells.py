"""Most cells need no cleaning and are taken as they stand: that must be what cleaning would make of them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.errors import InputError
from digest.services.audience.imports.addresses import cleaned_address, plain_address, unquoted
from digest.services.audience.imports.columns import columns
from digest.services.audience.imports.reading import person_in, reader_of
from digest.services.audience.imports.states import STATES, state_of

UNSEEN = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u00a0 "
LETTERS = st.one_of(st.characters(), st.sampled_from("ab قا '\u200c\u200e\u200f\u00a0\ufeff\u3000\t\r\n=+-"))


@given(st.text(alphabet=LETTERS, max_size=40))
def test_a_name_is_cleaned_the_same_whether_it_needed_it_or_not(cell: str):
    shown = person_in(["amal@mujaz.example", cell], columns(["email", "name"], [], {})).name
    bare = unquoted(cell.strip())
    assert shown == " ".join((bare if bare.isascii() else bare.strip(UNSEEN)).split())


PIECES = st.sampled_from(
    ["a", "b1", "Z", ".", "-", "--", "_", "+", "@", "xn--", "example", "com", "test", "arpa", "local", "onion", " ", "\t", "'",
     "\u212a", "\u0130", "\u200e", "٣", "x" * 20, "x" * 63, "=", ",", "<", ">"]
)  # fmt: skip
ADDRESSES = st.one_of(
    st.lists(PIECES, max_size=12).map("".join),
    st.builds("{}@{}.{}".format, *[st.lists(PIECES, max_size=4).map("".join)] * 2, st.sampled_from(["com", "a"])),
)  # fmt: skip


@pytest.mark.parametrize(
    "address", ["a@b.co", "a.b+c@d-e.example", "x_1@1.org", "a@localhost.com", "9@9.net", "a-b@c.museum"]
)
def test_a_plain_address_is_read_by_the_short_way(address: str):
    assert plain_address(f" {address.upper()} ") == address


@given(ADDRESSES)
@example(f"a@{'x' * 64}.example")
@example(f"{'x' * 65}@b.example")
@example("a@b--c.example")
@example("a@example.test")
@example("a@" + ".".join(["b" * 20] * 8) + ".example")
def test_what_the_short_way_takes_the_long_way_reads_the_same(cell: str):
    if short := plain_address(cell):
        assert cleaned_address(cell) == (short, "")


ROW = st.lists(st.one_of(st.sampled_from(["amal@mujaz.example", "أمل", "left", "مشترك", "", " "]), ADDRESSES, st.text(LETTERS, max_size=8)), max_size=4)  # fmt: skip
HEADERS = (["email"], ["email", "name"], ["name", "status", "email"], ["email", "first name", "last name"], ["email", "unsubscribed at"])  # fmt: skip


def person_or_why(read, cells: list[str]) -> object:
    try:
        return read(cells)
    except InputError as error:
        return str(error)


@given(st.sampled_from(HEADERS), ROW)
def test_a_row_is_read_the_same_whether_it_needed_cleaning_or_not(header: list[str], cells: list[str]):
    which = columns(header, [], {})
    long = person_or_why(lambda row: person_in(row, which), cells)
    assert person_or_why(reader_of(which, {}), cells) == long


def test_a_word_of_a_state_is_read_as_it_stands_and_as_people_write_it():
    for word, state in STATES.items():
        assert state_of(word, "status") is state_of(f" {word.upper()}. ", "status") is state
