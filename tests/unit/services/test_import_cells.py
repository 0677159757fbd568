"""Most cells need no cleaning and are taken as they stand: that must be what cleaning would make of them."""

from hypothesis import given
from hypothesis import strategies as st

from digest.services.audience.imports.addresses import unquoted
from digest.services.audience.imports.columns import columns
from digest.services.audience.imports.reading import person_in
from digest.services.audience.imports.states import STATES, state_of

UNSEEN = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff\u00a0 "
LETTERS = st.one_of(st.characters(), st.sampled_from("ab قا '\u200c\u200e\u200f\u00a0\ufeff\u3000\t\r\n=+-"))


@given(st.text(alphabet=LETTERS, max_size=40))
def test_a_name_is_cleaned_the_same_whether_it_needed_it_or_not(cell: str):
    shown = person_in(["amal@mujaz.example", cell], columns(["email", "name"], [], {})).name
    bare = unquoted(cell.strip())
    assert shown == " ".join((bare if bare.isascii() else bare.strip(UNSEEN)).split())


def test_a_word_of_a_state_is_read_as_it_stands_and_as_people_write_it():
    for word, state in STATES.items():
        assert state_of(word, "status") is state_of(f" {word.upper()}. ", "status") is state
