"""Lists of feeds in and out."""

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
