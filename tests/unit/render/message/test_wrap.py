"""Breaking lines of HTML: only where nobody sees it."""

from hypothesis import given
from hypothesis import strategies as st

from digest.render.message.wrap import LONGEST, wrapped

WORD = "كلمة "


def longest(html: str) -> int:
    return max(len(line.encode()) for line in html.split("\n"))


def test_short_lines_stay_as_they_are() -> None:
    html = f"<p>{WORD * 50}</p>\n<p title='a  b'>x  y</p>\n"
    assert wrapped(html) == html


def test_no_line_of_a_style_sheet_begins_with_a_dot() -> None:
    html = "<style>\n.one{color:red}\n.two{color:blue}\n</style>\n<p>خبر\n.</p>\n"
    assert "\n." not in wrapped(html)
    assert wrapped(html).replace("\n .", "\n.") == html


def test_a_dot_stays_where_a_blank_before_it_would_be_seen() -> None:
    for html in ("<pre>\n.one\n</pre>", "<textarea>\n.one</textarea>", '<p title="a\n.b">x</p>'):
        assert wrapped(html) == html


def test_running_text_is_broken_between_words() -> None:
    html = f"<p>{WORD * 2000}</p>"
    assert longest(wrapped(html)) <= LONGEST
    assert wrapped(html).replace("\n", " ") == html


def test_tags_are_broken_between_attributes_and_never_in_a_value() -> None:
    tag = f'<td title="{WORD * 60}" style="color: red; margin: 0">'
    html = f"<table>{tag * 20}</table>"
    assert longest(wrapped(html)) <= LONGEST
    assert f'title="{WORD * 60}"' in wrapped(html)
    assert 'style="color: red; margin: 0"' in wrapped(html)
    assert wrapped(html).replace("\n", " ") == html


def test_what_must_stay_as_it_is_stays() -> None:
    for kept in (
        f"<pre>{WORD * 500}</pre>",
        f"<style>{WORD * 500}</style>",
        f"<!--[if mso]>{WORD * 500}<![endif]-->",
    ):
        assert kept in wrapped(f"<p>{WORD * 500}</p>{kept}<p>{WORD * 500}</p>")


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<a href=\"x y\" title='> <'>", "<!-- a b -->", " ", "خبر", "\n", "<", ">", '"']
        )
        | st.text(st.sampled_from("ab م"), min_size=20, max_size=40),
        max_size=60,
    ).map("".join)
)
def test_only_blanks_change_and_only_to_line_ends(html: str) -> None:
    made = wrapped(html, 50)
    assert len(made) == len(html)
    assert all(
        before == after or (before == " " and after == "\n") for before, after in zip(html, made, strict=True)
    )
    assert wrapped(made, 50) == made
