"""Lists from outside: OPML files, Telegram channels, the feeds that pages announce, data in scripts."""

import gzip
from collections.abc import Iterator
from contextlib import suppress

from digest.collect import opml
from digest.collect.parse.announced import announced_in
from digest.collect.parse.decode import decode
from digest.collect.parse.loose_json import loads
from digest.collect.parse.pages.listing import posts_of
from digest.errors import InputError, SourceError
from tests.fuzz.promises import NOW, has_words, is_clean, is_past, is_safe

LIST = """<?xml version="1.0"?><opml version="2.0"><body><outline text="رياضة"><outline text="الملعب" xmlUrl="https://a.example/feed"/></outline>
<outline text="المرفأ" xmlurl="feed://b.example/feed" category="/economy" unread=0/></body></opml>"""
POST = """<html><head><meta property="og:title" content="المرفأ"></head><body><div class="tgme_widget_message" data-post="marfa/{}">
<div class="tgme_widget_message_text">{}</div><a class="tgme_widget_message_photo_wrap" style="background-image:url('https://c.example/1.jpg')"></a>
<time datetime="2022-06-23T13:10:00+00:00">13:10</time></div></body></html>"""
HEAD = "<html><head><base href='/x/'>{}</head><body><a href='/rss'>RSS</a></body></html>"


def outlines_are_read(body: bytes) -> None:
    """A list is read or refused with a sentence; what it names are safe addresses, once each, with clean titles."""
    try:
        found = opml.read(body)
    except InputError as error:
        has_words(error)
        return
    assert found
    assert len({one.url for one in found}) == len(found)
    for one in found:
        is_safe(one.url)
        is_clean(one.title)


def outline_seeds() -> Iterator[bytes]:
    yield LIST.encode()
    yield LIST.encode("utf-16")
    yield LIST.encode("cp1256")
    yield gzip.compress(LIST.encode())
    yield b"<opml><body/></opml>"


def channel_is_read(body: bytes) -> None:
    """A channel's page is read or refused; each post has a title, and none of them is unsafe."""
    try:
        _, items = posts_of(body, "https://t.me/s/marfa", NOW)
    except SourceError as error:
        has_words(error)
        return
    for item in items:
        assert item.title
        is_safe(item.url)
        is_safe(item.image_url)
        is_past(item.published_at)


def channel_seeds() -> Iterator[bytes]:
    for place, text in enumerate(("عاجل |<br/>فتحت البلدية الحديقة", "#المدينة", "سطر<br>سطر", "كلمة " * 60)):
        yield POST.format(place, text).encode()


def announced_are_safe(body: bytes) -> None:
    """The feeds that any page announces have safe addresses."""
    for address in announced_in(decode(body), "https://marfa.example/"):
        is_safe(address)


def announced_seeds() -> Iterator[bytes]:
    for link in (
        "<link rel=alternate type='application/rss+xml; charset=utf-8' href=f.xml>",
        "<link rel=feed href='//b.example/f'>",
        "<link rel=ALTERNATE type=text/xml href=/f><link rel=alternate type=application/json href=/wp-json>",
        "<link rel=alternate type=application/atom+xml title=Comments href=/c><a href='?feed=rss2'>x</a>",
    ):
        yield HEAD.format(link).encode()


def script_is_read(body: bytes) -> None:
    """Data in a script are read, or no JSON; what is JSON is read as JSON has it."""
    with suppress(ValueError, RecursionError):
        loads(decode(body))


def script_seeds() -> Iterator[bytes]:
    yield b'{"a": [1, 2,], /* x */ "b": "c\\\'d"}'
    yield b'<!-- {"a": 1} -->'
    yield b'//<![CDATA[\n{"a": "b"};\n//]]>'
    yield b'{"a": 1} {"b": 2}'
