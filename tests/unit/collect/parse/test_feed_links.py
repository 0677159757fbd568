"""Links and pictures of feeds as the web writes them: mended, made whole, and none that is unsafe."""

import pytest

from digest.collect.parse.feeds.article import to_article, url_key
from digest.collect.parse.links import link_of
from tests.builders import a_source
from tests.unit.collect.parse.odd_channels import HERE, MEDIA, NOW, TITLE, channel, entry, only, read

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
