"""Bytes to text: right on every Arabic encoding, length and frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.parse.decode import decode

SENTENCE = "أعلنت هيئة الموانئ اليوم افتتاح جسر المرفأ الجديد أمام الشاحنات بعد عامين من العمل المتواصل، "


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6", "utf-8", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("length", [40, 200, 2000])
@pytest.mark.parametrize("frame", ["{}", "<html><body><p class='x'>{}</p></body></html>"])
@pytest.mark.parametrize("declared", [None, "windows-1252"])
def test_arabic_is_told_whatever_it_is_declared_as(
    encoding: str, length: int, frame: str, declared: str | None
):
    text = frame.format((SENTENCE * 30)[:length])
    assert decode(text.encode(encoding), declared) == text


def test_one_bad_byte_does_not_change_the_encoding():
    body = (SENTENCE * 5).encode()
    assert decode(body[:50] + b"\xff" + body[50:]).count("\ufffd") <= 2
    assert "المرفأ" in decode(body[:50] + b"\xff" + body[50:])


def test_a_declared_western_encoding_is_believed_where_there_is_no_arabic():
    assert decode("Café à Paris".encode("latin-1"), "iso-8859-1") == "Café à Paris"


@given(st.binary(max_size=600))
def test_no_bytes_break_it(body: bytes):
    decode(body).encode("utf-8", "replace")


@pytest.mark.parametrize(
    "name",
    ["undefined", "idna", "punycode", "unicode_escape", "utf-7", "hex", "rot13", "mbcs", "a\x00b", "x" * 500],
)
def test_an_encoding_that_no_page_can_have_is_not_believed(name: str):
    body = b"caf\xe9 \\u0041 \\d +ADw- na\xefve d\xe9j\xe0"
    assert decode(body, name).startswith("caf")
    assert "\\u0041" in decode(body, name)


@pytest.mark.parametrize("other", ["cp1256", "iso8859-6"])
@pytest.mark.parametrize("times", [1, 50])
def test_a_piece_in_another_encoding_is_read_for_itself(other: str, times: int):
    here, there = "<title>افتتاح جسر المرفأ</title>\n", "<p>المنتخب يفوز في المباراة الأخيرة</p>\n" * times
    assert decode(here.encode() + there.encode(other) + here.encode()) == here + there + here
    assert decode((here + there).encode(other)) == here + there


def test_utf_32_is_known_by_its_mark():
    assert decode("<rss>خبر</rss>".encode("utf-32")) == "<rss>خبر</rss>"
