"""Lists of feeds in and out."""

import gzip

import pytest

from digest.collect import opml
from digest.errors import InputError
from tests.builders import a_source

LIST = """<?xml version="1.0" encoding="utf-8"?><opml version="2.0"><body>
<outline text="رياضة"><outline text="الملعب" type="rss" xmlUrl="https://a.example/feed"/></outline>
<outline text="المرفأ" xmlUrl="https://b.example/feed" category="/economy" language="ar"/>
<outline text="مرة أخرى" xmlUrl="https://a.example/feed"/><outline text="لا" xmlUrl="file:///etc/passwd"/>
</body></opml>"""


def test_feeds_are_read_once_with_their_sections():
    found = opml.read(LIST)
    assert [(one.title, one.url, one.section) for one in found] == [
        ("الملعب", "https://a.example/feed", "sport"),
        ("المرفأ", "https://b.example/feed", "economy"),
    ]


def test_what_is_written_is_read_again():
    written = opml.write([a_source(section="health"), a_source(location="/a/folder")])
    (one,) = opml.read(written)
    assert (one.title, one.url, one.section) == ("المرفأ", "https://marfa.example/feed.xml", "health")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no xml",
        "<rss/>",
        "<opml><body/></opml>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><opml><body><outline text="&e;"/></body></opml>',
    ],
)
def test_what_names_no_feed_is_said_so(text: str):
    with pytest.raises(InputError):
        opml.read(text)


OUTLINES = '<opml version="2.0"><body><outline text="المرفأ" type="rss" {}/><outline text="النخيل" {}/></body></opml>'
USUAL = ('xmlUrl="https://a.example/rss"', 'xmlUrl="https://b.example/rss"')


@pytest.mark.parametrize(
    "content",
    [
        OUTLINES.format(*USUAL).encode("utf-16"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>' + OUTLINES.format(*USUAL)).encode(),
        ('<?xml version="1.0" encoding="windows-1256"?>' + OUTLINES.format(*USUAL)).encode("cp1256"),
        b"\xef\xbb\xbf" + OUTLINES.format(*USUAL).encode(),
        gzip.compress(OUTLINES.format(*USUAL).encode()),
        OUTLINES.format('xmlurl="https://a.example/rss"', 'XMLURL="https://b.example/rss"'),
        OUTLINES.format(*USUAL).replace("outline", "Outline").replace("opml", "OPML"),
        OUTLINES.format('xmlUrl="feed://a.example/rss"', 'xmlUrl="feed:https://b.example/rss"'),
        OUTLINES.format('xmlUrl="https://a.example/rss" unread=0', "xmlUrl=https://b.example/rss"),
        OUTLINES.format('url="https://a.example/rss"', 'xmlUrl=" https://b.example/rss "'),
        OUTLINES.format('xmlUrl="https://a.example/rss" x="a & b"', 'xmlUrl="https://b.example/rss"'),
        OUTLINES.format(*USUAL).removesuffix("</body></opml>"),
    ],
)
def test_a_list_is_read_in_any_encoding_and_spelling(content: str | bytes):
    assert [(one.title, one.url) for one in opml.read(content)] == [
        ("المرفأ", "https://a.example/rss"),
        ("النخيل", "https://b.example/rss"),
    ]


def test_what_stands_in_quotes_is_left_as_it_is():
    (one,) = opml.read(
        '<opml><body><outline text="a b=c d" unread=0 xmlUrl="https://a.example/?x=1&amp;y=2"/></body></opml>'
    )
    assert (one.title, one.url) == ("a b=c d", "https://a.example/?x=1&y=2")
