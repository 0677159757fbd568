"""The collector's pipes: `digest tool parse` and `digest tool date`."""

import base64

import pytest

from digest.collect.pipe import date_answer, parse_answer

FEED = """<rss version="2.0"><channel><title>المرفأ</title><item><title>البلدية تفتح الحديقة</title><link>https://marfa.example/1</link>
<description>&lt;p&gt;فتحت البلدية الحديقة الجديدة.&lt;/p&gt;</description><enclosure url="https://marfa.example/a.jpg" type="image/jpeg"/>
<pubDate>Sun, 04 Jan 2026 10:00:00 +0300</pubDate></item></channel></rss>"""
POSTS = """<html><head><meta property="og:title" content="المرفأ"></head><body><div class="tgme_widget_message" data-post="marfa/7">
<div class="tgme_widget_message_text">عاجل<br/>فتحت البلدية الحديقة<br/>وحضر كثيرون.</div></div></body></html>"""


def asked(text: str, url: str) -> dict[str, object]:
    return parse_answer({"id": 1, "url": url, "base64": base64.b64encode(text.encode()).decode()})


def test_a_feed_is_told_with_its_outlet_pictures_and_texts():
    assert asked(FEED, "https://marfa.example/feed") == {
        "id": 1,
        "outlet": "المرفأ",
        "items": [
            {
                "title": "البلدية تفتح الحديقة",
                "url": "https://marfa.example/1",
                "published_at": "2026-01-04T07:00:00+00:00",
                "picture": "https://marfa.example/a.jpg",
                "summary": "<p>فتحت البلدية الحديقة الجديدة.</p>",
                "paragraphs": ["فتحت البلدية الحديقة الجديدة."],
            }
        ],
    }


@pytest.mark.parametrize("url", ["https://t.me/s/marfa", "https://telegram.me/s/marfa?before=9"])
def test_the_page_of_a_channel_is_read_as_its_posts(url: str):
    answer = asked(POSTS, url)
    assert answer["outlet"] == "المرفأ"
    (item,) = answer["items"]  # type: ignore[misc]
    assert (item["title"], item["url"]) == ("فتحت البلدية الحديقة", "https://t.me/marfa/7")
    assert item["paragraphs"] == ["وحضر كثيرون."]


def test_bytes_that_are_none_are_said_so():
    assert parse_answer({"id": 1, "base64": "%"})["error"]
    assert parse_answer({"id": 1, "url": 7, "base64": None})["error"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Sat, 28 Mar 2026 10:00:00 PKT", "2026-03-28T05:00:00+00:00"),
        ("28 آذار 2026 10:00", "2026-03-28T07:00:00+00:00"),
        ("Sat, 28 Mar 2026 10:00:00 IST", None),
        ("", None),
    ],
)
def test_a_date_is_told_in_utc_or_unknown(text: str, told: str | None):
    asked = {"id": 1, "text": text, "zone": "Asia/Riyadh", "now": "2026-11-29T18:00:00+00:00"}
    assert date_answer(asked) == {"id": 1, "published_at": told}


def test_a_date_needs_a_zone_and_a_now_that_can_be_read():
    assert date_answer({"id": 1, "text": "28 آذار 2026"}) == {
        "id": 1,
        "published_at": "2026-03-28T00:00:00+00:00",
    }
    assert "error" in date_answer({"id": 1, "text": "x", "zone": "Moon/Base"})
    assert "error" in date_answer({"id": 1, "text": "x", "now": "noon"})
    assert "error" in date_answer({"id": 1, "text": "x", "zone": "../etc/passwd"})
