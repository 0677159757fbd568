"""Where foreign text comes out again: cleaned lines, and the mail."""

from collections.abc import Iterator

from digest.render.edition import render
from digest.text.languages import LANGUAGES
from digest.text.sanitise import inline, plain
from digest.text.words.normalise import clean, fold
from tests.fuzz.promises import NOW, is_clean
from tests.unit.render.editions import a_mail_style
from tests.unit.render.test_hostile import ADDRESSES, NASTY, assert_inert, poisoned

LAYOUTS = ("daily", "weekly", "breaking")
PIECES = (
    "<p>فقرة</p><br>أخرى",
    "&amp;lt;b&amp;gt;",
    "<a href='javascript:x'>ا</a>",
    "بـ500 هـ",
    "می\u200cروم",
    "ا\u064b\u0651\u0301",
    "ﷺ ﻻ",
)


def text_is_clean(data: bytes) -> None:
    """HTML becomes clean lines; cleaning and folding twice change nothing."""
    html = data.decode("utf-8", "replace")
    for line in plain(html):
        assert line
        is_clean(line)
    is_clean(inline(html))
    once = clean(html)
    assert clean(once) == once
    folded = fold(html)
    assert fold(folded) == folded


def text_seeds() -> Iterator[bytes]:
    yield from (text.encode("utf-8", "replace") for text in (*NASTY, *PIECES))


def mail_is_inert(data: bytes) -> None:
    """Whatever stands in every field of an edition, its mail holds no script, no handler, no address but web addresses.

    The first byte chooses layout and language, the rest is `TEXT\\nADDRESS`.
    """
    choice = data[0] if data else 0
    text, _, url = _characters(data[1:]).partition("\n")
    layout, language = LAYOUTS[choice % 3], LANGUAGES[choice // 3 % 5]
    mail_style = a_mail_style(layout=layout, language=language, inliner="css-inline", list_name=text)
    mail = render(poisoned(text, url or None), mail_style, now=NOW)
    assert_inert(mail)


def _characters(data: bytes) -> str:
    try:
        # Halves of surrogate pairs come in through JSON.
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def mail_seeds() -> Iterator[bytes]:
    for place, text in enumerate(NASTY):
        yield bytes([place]) + f"{text}\n{ADDRESSES[place % len(ADDRESSES)]}".encode("utf-8", "surrogatepass")
    yield b"\x07" + "خبر من الميناء\nhttps://marfa.example/7".encode()
