"""Feeds as the web writes them: other vocabularies, missing titles, bytes of several encodings, packed files."""

import gzip
import json

import pytest

from digest.collect.clean.article import content_hash
from digest.collect.parse.feeds.article import to_article
from digest.errors import SourceError
from tests.builders import a_source
from tests.unit.collect.parse.odd_channels import MEDIA, NOW, TITLE, channel, entry, only, read

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


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
