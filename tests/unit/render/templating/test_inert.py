"""Tokens are ours alone: nothing that was collected can spell one, not even with unseen letters between."""

from hypothesis import given
from hypothesis import strategies as st

from digest.model import Section
from digest.render.templating.placeholders import neutralise
from digest.text.words.normalise import clean
from tests.builders import a_story, an_edition_content

PIECES = st.lists(
    st.sampled_from(
        ["__MUJAZ_", "EMAIL__", "__MU", "JAZ_", "_", "MUJAZ", "\u200b", "\u0640", "\u202e", "خبر", "A"]
    ),
    max_size=12,
).map("".join)


def headline_of(text: str) -> str:
    stories = (a_story(text),)
    made = neutralise(
        an_edition_content(sections=(Section(key="economy", title="الاقتصاد", stories=stories),))
    )
    return made.stories[0].headline


@given(PIECES)
def test_no_token_is_left_however_it_is_cleaned_afterwards(text: str) -> None:
    assert "__MUJAZ_" not in headline_of(text)
    assert "__MUJAZ_" not in clean(headline_of(text))
    assert "__MUJAZ_" not in "".join(letter for letter in headline_of(text) if letter.isascii())


def test_everything_else_stays_as_it_is() -> None:
    content = an_edition_content()
    assert neutralise(content) is content
    assert headline_of("خبر عن __init__ و MUJAZ_NAME") == "خبر عن __init__ و MUJAZ_NAME"
