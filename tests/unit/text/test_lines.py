"""Lines and paragraphs."""

import re

from hypothesis import given
from hypothesis import strategies as st

from digest.text.lines import paragraphs
from tests.unit.text.growth import LINEAR, growth


def test_a_line_is_a_paragraph():
    assert paragraphs("سطر أول\n\nسطر ثان\r\nسطر ثالث") == ["سطر أول", "سطر ثان", "سطر ثالث"]


def test_a_text_that_was_wrapped_at_a_width_is_put_together_again():
    wrapped = "\n".join(["كلمة " * 9 + "طويلة"] * 5) + "\nتمت."
    assert len(paragraphs(wrapped)) == 1


@given(st.text())
def test_no_word_is_lost_or_invented(text: str):
    assert re.sub(r"\s+", "", "".join(paragraphs(text))) == re.sub(r"\s+", "", text)


def test_many_lines_take_time_that_grows_with_their_number():
    assert growth(paragraphs, "سطر قصير\n", 3000) <= LINEAR
