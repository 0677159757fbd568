"""Foreign HTML to plain text and safe addresses."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.text.sanitise import inline, plain, safe_url
from digest.text.words.normalise import clean
from tests.unit.text.growth import LINEAR, growth


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>أول</p><p>ثان</p>", ["أول", "ثان"]),
        ("أول<br>ثان<br/>ثالث", ["أول", "ثان", "ثالث"]),
        ("سطر\nسطر", ["سطر", "سطر"]),
        ("<p>سطر\nواحد</p>", ["سطر واحد"]),
        ("<ul><li>أ</li><li>ب</li></ul>", ["أ", "ب"]),
        ("<script>alert(1)</script><style>p{}</style>نص", ["نص"]),
        ("<p>أ &amp; ب &lt;ج&gt;</p>", ["أ & ب <ج>"]),
        ("<p> </p><p>&nbsp;</p>", []),
        ("", []),
        ("<!-- خفي -->ظاهر", ["ظاهر"]),
    ],
)
def test_blocks_become_lines(html: str, lines: list[str]):
    assert plain(html) == lines


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>عنوان</b> مع <i>ميل</i>", "عنوان مع ميل"),
        ("قال &amp;quot;نعم&amp;quot;", 'قال "نعم"'),
        ("مصر &amp; السودان", "مصر & السودان"),
        ("  عنوان \n في سطرين ", "عنوان في سطرين"),
        ("\u202bعنوان\u202c", "عنوان"),
        ("", ""),
    ],
)
def test_a_title_is_one_clean_line(html: str, text: str):
    assert inline(html) == text


@pytest.mark.parametrize(
    ("url", "base", "safe"),
    [
        ("https://a.example/x?y=1", None, "https://a.example/x?y=1"),
        (" https://a.example/x ", None, "https://a.example/x"),
        ("/x", "https://a.example/y/", "https://a.example/x"),
        ("//b.example/x", "https://a.example/", "https://b.example/x"),
        ("https://a.example/خبر", None, "https://a.example/خبر"),
        ("/x", None, None),
        ("javascript:alert(1)", "https://a.example/", None),
        ("data:text/html,x", None, None),
        ("https://user@a.example/", None, None),
        ("https://a.example/\u202egpj.exe", None, None),
        ("https://a.example/a\nb", None, None),
        ("https://a.example\\@b.example/", None, None),
        ("https://[", None, None),
        ("https://a.example:port/", None, None),
        ("https://a.example/" + "x" * 2000, None, None),
        (None, None, None),
        ("", "https://a.example/", None),
    ],
)
def test_only_plain_web_addresses_are_safe(url: str | None, base: str | None, safe: str | None):
    assert safe_url(url, base) == safe


@given(st.text(max_size=200))
def test_the_short_way_gives_what_the_long_way_does(text: str):
    assert inline(text) == clean(inline(text))
    assert all(line == clean(line) for line in plain(text))


@pytest.mark.parametrize("piece", ["<p ", "<", "<div>", "&", "&lt;p ", "<!--", "</"])
def test_hostile_markup_takes_no_longer_than_long_text(piece: str):
    started = time.process_time()
    plain(piece * 100_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("piece", [" ", "<", "< ", "</", "<p ", "&#"])
def test_markup_that_never_ends_takes_time_by_its_length(piece: str):
    assert growth(lambda text: plain(f"<b><{text}x"), piece, 3_000) <= LINEAR
