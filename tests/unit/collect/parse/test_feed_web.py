"""Feeds as the web writes them: other vocabularies, missing titles, mended links, bytes of several encodings,
packed files.
"""

import gzip
import json
from datetime import UTC, datetime

import pytest

from digest.collect.clean.article import content_hash
from digest.collect.parse.feeds import feed
from digest.collect.parse.feeds.article import to_article, url_key
from digest.collect.parse.feeds.items import Feed, FeedItem
from digest.collect.parse.links import link_of
from digest.errors import SourceError
from tests.builders import a_source

NOW = datetime(2026, 1, 5, tzinfo=UTC)
HERE = "https://marfa.example/rss/feed.xml"
TITLE = "البلدية تفتح الحديقة الجديدة أمام الزوار"
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


def channel(*items: str, spaces: str = "", site: str = "https://marfa.example/") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {spaces}><channel><title>المرفأ</title><link>{site}</link>{inside}</channel></rss>'


def entry(inside: str, *, more: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {more}><title>م</title><entry><id>a</id>{inside}</entry></feed>'


def read(text: str | bytes, url: str = HERE) -> Feed:
    return feed.parse(text if isinstance(text, bytes) else text.encode(), url=url, now=NOW)


def only(text: str | bytes, url: str = HERE) -> FeedItem:
    (item,) = read(text, url).items
    return item


@pytest.mark.parametrize(
    "foreign",
    [
        "<itunes:title>الحلقة ٣</itunes:title>",
        "<media:title>صورة الحديقة</media:title>",
        "<dc:title>x</dc:title>",
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_a_title_of_another_vocabulary_never_wins(foreign: str, declared: bool):
    spaces = f"{ITUNES} {MEDIA} {DUBLIN}" if declared else ""
    assert only(channel(f"{foreign}<title>{TITLE}</title><link>/1</link>", spaces=spaces)).title == TITLE


def test_a_title_of_dublin_core_stands_in_and_that_of_a_picture_never():
    assert only(channel(f"<dc:title>{TITLE}</dc:title><link>/1</link>", spaces=DUBLIN)).title == TITLE
    text = "<media:title>صورة</media:title><description>فتحت البلدية الحديقة. وقالت إنها واسعة.</description>"
    assert only(channel(text, spaces=MEDIA)).title == "فتحت البلدية الحديقة"


@pytest.mark.parametrize(
    "text",
    [
        channel(
            "<content:encoded>&lt;p&gt;فتحت البلدية الحديقة. واسعة.&lt;/p&gt;</content:encoded>",
            spaces=CONTENT,
        ),
        channel("<description>#المدينة\n\nفتحت البلدية الحديقة. وهي واسعة.</description>"),
        json.dumps({"items": [{"id": 1, "content_text": "فتحت البلدية الحديقة. وهي واسعة."}]}),
        json.dumps({"items": [{"id": 1, "content_html": "<p>🔴</p><p>فتحت البلدية الحديقة.</p>"}]}),
    ],
)
def test_an_item_without_a_title_is_called_by_its_first_sentence(text: str):
    assert only(text).title == "فتحت البلدية الحديقة"


def test_an_item_that_only_links_is_left_to_its_page_and_one_that_says_nothing_is_told():
    found = read(channel("<link>/1</link>", "<guid isPermaLink='false'>x</guid>"))
    assert [(item.title, item.url) for item in found.items] == [("", "https://marfa.example/1")]
    assert found.set_aside == ("Item 2: it has no title, no text and no link.",)
    assert len(read(channel(*["<guid isPermaLink='false'>x</guid>"] * 50)).set_aside) == 21
    wrong = read(json.dumps({"items": [7, {"title": TITLE, "url": "/1"}]}))
    assert [wrong.set_aside, len(wrong.items)] == [("Item 1: it is no object.",), 1]


@pytest.mark.parametrize("label", ["عاجل", "🔴 عاجل |", "خبر عاجل:", "#عاجل #المدينة", "BREAKING"])
def test_a_label_is_no_title_and_still_marks_the_news(label: str):
    text = "<description>&lt;p&gt;فتحت البلدية الحديقة الجديدة. وهي واسعة.&lt;/p&gt;&lt;p&gt;وحضر كثيرون.&lt;/p&gt;</description>"
    article = to_article(only(channel(f"<title>{label}</title>{text}<link>/1</link>")), a_source(), NOW)
    assert (article.title, article.breaking) == ("فتحت البلدية الحديقة الجديدة", True)
    assert article.paragraphs == ["فتحت البلدية الحديقة الجديدة. وهي واسعة.", "وحضر كثيرون."]
    assert article.content_hash == content_hash(article.title, article.paragraphs)


LINKS = {
    "https://marfa.example/n/خبر جديد": "https://marfa.example/n/خبر%20جديد",
    "\n  https://marfa.example/n/\n  12\n": "https://marfa.example/n/12",
    "https://marfa.example/1\nhttps://marfa.example/2": "https://marfa.example/1",
    "www.marfa.example/9": "https://www.marfa.example/9",
    "marfa.example/9": "https://marfa.example/9",
    "//marfa.example/9": "https://marfa.example/9",
    "http:/marfa.example/9": "http://marfa.example/9",
    "https//marfa.example/9": "https://marfa.example/9",
    "\u200fhttps://marfa.example/9\u202c": "https://marfa.example/9",
    "https://marfa.example/می\u200cشود": "https://marfa.example/می%E2%80%8Cشود",
    "\u200c https://marfa.example/9 \u200d": "https://marfa.example/9",
    "http:// marfa.example/9": "http://marfa.example/9",
    '<a href="https://marfa.example/9">هنا</a>': "https://marfa.example/9",
    "<![CDATA[https://marfa.example/9]]>": "https://marfa.example/9",
    "https://marfa.example/?a=1&amp;b=2": "https://marfa.example/?a=1&b=2",
    "/n/9": "https://marfa.example/n/9",
    "9": "https://marfa.example/rss/9",
}


@pytest.mark.parametrize(("raw", "meant"), LINKS.items())
def test_a_link_is_read_as_it_is_meant(raw: str, meant: str):
    assert link_of(raw, HERE) == meant


@pytest.mark.parametrize(
    "raw",
    [
        "java\nscript:alert(1)",
        "data:text/html,x",
        "https://a:b@marfa.example/",
        "mailto:a@b.c",
        "",
        "http://[x",
        "x" * 7000,
    ],
)
def test_mending_lets_no_unsafe_link_through(raw: str):
    assert link_of(raw, "") is None
    assert link_of(raw, HERE) is None or link_of(raw, HERE).startswith("https://marfa.example/")


@pytest.mark.parametrize(
    ("links", "meant"),
    [
        (
            '<link rel="alternate" type="application/activity+json" href="/1.json"/><link type="text/html" href="/1"/>',
            "/1",
        ),
        ('<link rel="self" href="/s"/><link rel="ALTERNATE" href="/1"/>', "/1"),
        ('<link rel="http://www.iana.org/assignments/relation/alternate" href="/1"/>', "/1"),
        (
            '<link rel="enclosure" type="image/png">https://img.example/a.png</link><id>https://marfa.example/1</id>',
            "/1",
        ),
        ('<link rel="enclosure" href="/a.png"/><link rel="related" href="/2"/><link href="/1"/>', "/1"),
    ],
)
def test_of_several_links_the_page_is_taken(links: str, meant: str):
    assert (
        only(entry(f"<title>{TITLE}</title>{links}").replace("<id>a</id>", "")).url
        == f"https://marfa.example{meant}"
    )


def test_relative_addresses_stand_against_what_is_set_else_the_site_and_the_items_page():
    image = "&lt;img src='p.png'&gt;"
    item = f"<title>{TITLE}</title><link>/n/1/</link><description>{image}</description>"
    assert only(channel(item)).image_url == "https://marfa.example/n/1/p.png"
    assert only(channel(item), "https://feeds.example/x").url == "https://marfa.example/n/1/"
    assert only(channel(item), "file:///x/feed.xml").url == "https://marfa.example/n/1/"
    inside = f'<title>{TITLE}</title><link href="n/1"/><content type="html" xml:base="c/">{image}</content>'
    based = only(entry(inside, more='xml:base="https://marfa.example/b/"'))
    assert (based.url, based.image_url) == ("https://marfa.example/b/n/1", "https://marfa.example/b/c/p.png")
    above = only(entry(inside.replace(' xml:base="c/"', ""), more='xml:base="https://marfa.example/b/"'))
    assert above.image_url in {"https://marfa.example/b/p.png", "https://marfa.example/b/n/p.png"}


@pytest.mark.parametrize(
    ("element", "picture"),
    [
        ('<enclosure url="/a.JPG?w=3" type="" length="0"/>', "https://marfa.example/a.JPG?w=3"),
        ('<media:content url="/a.webp"/>', "https://marfa.example/a.webp"),
        ('<media:content url="/a.mp4"/>', None),
        ('<enclosure url="/a.png" type="audio/mpeg"/>', None),
        ('<enclosure url="/a.png" type="application/octet-stream"/>', "https://marfa.example/a.png"),
        ("<image><url>https://marfa.example/a</url></image>", "https://marfa.example/a"),
        ("<image>/a.png</image>", "https://marfa.example/a.png"),
        ("<image>صورة الحديقة</image>", None),
    ],
)
def test_media_without_a_type_are_known_by_their_address(element: str, picture: str | None):
    assert only(channel(f"<title>{TITLE}</title>{element}", spaces=MEDIA)).image_url == picture


@pytest.mark.parametrize(
    "attributes",
    [
        'data-src="/a.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="',
        'src="/empty.gif" data-lazy-src="/a.jpg"',
        "class=x src=/a.jpg",
        "alt='' src='/a.jpg'",
    ],
)
def test_a_picture_in_a_text_is_found_though_pages_load_it_late(attributes: str):
    text = f"<description><![CDATA[<img {attributes}> نص]]></description>"
    assert only(channel(f"<title>{TITLE}</title>{text}")).image_url == "https://marfa.example/a.jpg"


def test_text_that_says_it_is_no_markup_is_taken_by_its_word():
    title = only(entry('<title type="text">الوسم &lt;canvas&gt; في ٣ &lt; ٤</title>')).title
    assert title == "الوسم <canvas> في ٣ < ٤"
    assert only(entry('<title type="html">الوسم &lt;b&gt;الجديد&lt;/b&gt;</title>')).title == "الوسم الجديد"
    plain = only(json.dumps({"items": [{"title": TITLE, "content_text": "استعمل <canvas> هنا"}]}))
    assert to_article(plain, a_source(), NOW).paragraphs == ["استعمل <canvas> هنا"]


FIRST = f"<title>{TITLE}</title><link>/1</link>"
SECOND = "<title>المنتخب يفوز في المباراة الأخيرة</title><link>/2</link>"


@pytest.mark.parametrize("times", [0, 40])
@pytest.mark.parametrize("other", ["cp1256", "iso8859-6"])
def test_one_item_in_another_encoding_leaves_the_others_alone(other: str, times: int):
    long = f"<description>{'تفاصيل من المراسل في المدينة. ' * times}</description>"
    first, second = channel(FIRST, SECOND + long).split("<item>", 2)[1:]
    head = channel().partition("</channel>")[0].encode()
    body = head + f"<item>{first}<item>".encode() + second.encode(other)
    assert [item.title for item in read(body).items] == [TITLE, "المنتخب يفوز في المباراة الأخيرة"]


def test_bad_bytes_in_a_short_feed_cost_nothing_else():
    body = channel(FIRST.replace("الزوار", "الزوارX")).encode().replace(b"X", b"\xff \xd8\xfe")
    assert only(body).title == TITLE


@pytest.mark.parametrize(
    "before",
    [
        "<br />\n<b>Warning</b>: x in <b>/a.php</b> on line <b>3</b><br />\n",
        "Notice: Undefined index in /a.php on line 3\nPHP Deprecated: y\n",
        "\n\n<!-- cached -->\n",
        "<?xml version='1.0'?><?xml-stylesheet href='/x.xsl'?>",
    ],
)
def test_what_a_program_prints_before_a_feed_is_passed_over(before: str):
    html = FIRST + "<description><![CDATA[<!DOCTYPE html><html><body>نص</body></html>]]></description>"
    assert only(before + channel(html)).title == TITLE
    warned = before + json.dumps({"version": "x", "items": [{"title": TITLE, "url": "/1"}]})
    if "<?xml" not in before:
        assert only(warned).title == TITLE


def test_a_packed_feed_is_unpacked_once_and_within_limits():
    packed = gzip.compress(channel(FIRST).encode())
    assert only(packed).title == TITLE
    with pytest.raises(SourceError):
        read(gzip.compress(packed))
    with pytest.raises(SourceError, match="damaged"):
        read(packed[:12] + b"\xff" * 40)
    with pytest.raises(SourceError, match="too large"):
        read(gzip.compress(b"<rss>" + b" " * 31_000_000))


def test_items_within_one_more_element_are_found():
    text = channel(FIRST).replace("<item>", "<items><item>").replace("</item>", "</item></items>")
    assert only(text).title == TITLE


PAGE = "<title>{}</title><link>https://marfa.example/{}</link>"


def keys(*items: str) -> list[str]:
    return [url_key(item) for item in read(channel(*items)).items]


@pytest.mark.parametrize(
    "items",
    [
        [PAGE.format(f"خبر {n}", f"live#post-{n}") for n in range(3)],
        [PAGE.format(f"خبر {n}", f"#/news/{n}") for n in range(3)],
        [PAGE.format(f"خبر {n}", f"#!/news/{n}") for n in range(3)],
        [PAGE.format(f"خبر {n}", f"a.php?ref={400 + n}") for n in range(3)],
        [PAGE.format(f"خبر {n}", f"a.php?share=x{n}") for n in range(3)],
        [PAGE.format(f"خبر {n}", "polls") for n in range(3)],
        [PAGE.format(f"خبر {n}", "") for n in range(3)],
        [
            PAGE.format(f"خبر {n} مهم", "polls") + "<guid>https://marfa.example/polls</guid>"
            for n in ("واحد", "عن شأن آخر")
        ],
        [
            PAGE.format("نشرة", "b")
            + f"<guid isPermaLink='false'>{n}</guid><description>نص {n}</description>"
            f"<pubDate>Mon, 0{n} Jan 2024 10:00:00 GMT</pubDate>"
            for n in range(1, 4)
        ],
    ],
)
def test_several_items_of_one_page_stay_several_and_each_has_its_address(items: list[str]):
    found = keys(*items)
    assert len(set(found)) == len(items)
    assert found == keys(*items)
    articles = [to_article(item, a_source(), NOW) for item in read(channel(*items)).items]
    assert [article.url for article in articles] == found


@pytest.mark.parametrize(
    "items",
    [
        [PAGE.format(TITLE, "1"), PAGE.format(TITLE, "1#comments")],
        [PAGE.format(TITLE, "1?utm_source=a"), PAGE.format(TITLE, "1?utm_source=b")],
        [PAGE.format(TITLE, "1") + "<guid>7</guid>", PAGE.format("مقتل ثلاثة", "1") + "<guid>7</guid>"],
        [
            PAGE.format(TITLE, "1") + "<guid>https://marfa.example/1</guid>",
            PAGE.format(TITLE + " اليوم", "1") + "<guid>https://marfa.example/1</guid>",
        ],
        [
            PAGE.format(TITLE, "live#a") + "<guid>7</guid>",
            PAGE.format(TITLE + "!", "live#a") + "<guid>8</guid>",
        ],
    ],
)
def test_one_item_told_twice_stays_one(items: list[str]):
    assert len(set(keys(*items))) == 1


def test_an_item_keeps_its_key_when_others_of_its_page_come_and_go():
    items = [PAGE.format(f"خبر {n}", "polls") + f"<guid isPermaLink='false'>{n}</guid>" for n in range(5)]
    assert keys(*items[:3])[1:] == keys(*items[1:])[:2]
