"""Lists of links and Telegram channels."""

import time
from datetime import UTC, datetime

import lxml.html
import pytest

from digest.collect.parse.pages.listing import TRANSLATOR, links_of, posts_of
from digest.errors import SourceError

NOW = datetime(2023, 1, 1, tzinfo=UTC)
ADDRESS = "https://marfa.example/"
LIST = (
    "<html><body><nav><a href='/about'>عنا</a></nav><div class=news><h3><a href='/n/1'>الخبر الأول</a></h3><h3><a href='/n/2'>الخبر الثاني</a></h3>"
    "<h3><a href='/n/1'>الخبر الأول</a></h3><h3><a href='javascript:x()'>لا</a></h3></div></body></html>"
).encode()
POST = (
    '<div class="tgme_widget_message" data-post="marfa/{n}"><div class="tgme_widget_message_text">{text}</div>'
    '<a class="tgme_widget_message_photo_wrap" style="width:1px;background-image:url(\'https://cdn.example/{n}.jpg\')"></a>'
    '<time datetime="2022-06-23T13:{n}:00+00:00">13:{n}</time></div>'
)


def test_the_links_that_the_selector_finds_are_items_once_each():
    found = links_of(LIST, "h3", ADDRESS)
    assert [(item.title, item.url) for item in found] == [
        ("الخبر الأول", "https://marfa.example/n/1"),
        ("الخبر الثاني", "https://marfa.example/n/2"),
    ]
    assert links_of(LIST, ".news a", ADDRESS) == found


@pytest.mark.parametrize("selector", ["h3[", "h5 a", "::before(", "a:nope"])
def test_a_selector_that_finds_nothing_or_is_none_is_said_so(selector: str):
    with pytest.raises(SourceError) as caught:
        links_of(LIST, selector, ADDRESS)
    assert caught.value.remedy


def test_the_posts_of_a_channel_are_items_newest_first():
    texts = {10: "خبر قصير من الميناء", 11: "سطر أول<br>سطر ثان<br/>سطر ثالث", 12: ""}
    body = "<html><head><meta property='og:title' content='المرفأ'></head>" + "".join(
        POST.format(n=n, text=text) for n, text in texts.items()
    )
    title, items = posts_of(body.encode(), "https://t.me/s/marfa", NOW)
    assert title == "المرفأ"
    assert [(item.title, item.url) for item in items] == [
        ("سطر أول", "https://t.me/marfa/11"),
        ("خبر قصير من الميناء", "https://t.me/marfa/10"),
    ]
    assert items[0].content_html == "سطر ثان\nسطر ثالث"
    assert items[0].published_at == datetime(2022, 6, 23, 13, 11, tzinfo=UTC)
    assert items[0].image_url == "https://cdn.example/11.jpg"


def test_a_page_without_a_channel_is_said_so():
    with pytest.raises(SourceError):
        posts_of(LIST, "https://t.me/s/none", NOW)


@pytest.mark.parametrize(
    ("text", "title", "breaking", "tags"),
    [
        ("عاجل |<br/>فتحت البلدية الحديقة", "فتحت البلدية الحديقة", True, ()),
        (
            "<a>#اقتصاد</a><br/><br/>فتحت البلدية الحديقة<br/>تفاصيل",
            "فتحت البلدية الحديقة",
            False,
            ("اقتصاد",),
        ),
        (
            "🔴🔴<br/>#عاجل #أخبار_المدينة<br/>فتحت البلدية الحديقة",
            "فتحت البلدية الحديقة",
            True,
            ("عاجل", "أخبار المدينة"),
        ),
        ("#المدينة", "#المدينة", False, ()),
        ("🔴 فتحت البلدية الحديقة", "🔴 فتحت البلدية الحديقة", False, ()),
        (
            "فتحت البلدية الحديقة. " + "وحضر الافتتاح كثيرون من سكان المدينة " * 5,
            "فتحت البلدية الحديقة",
            False,
            (),
        ),
    ],
)
def test_a_post_is_called_by_its_first_line_that_tells_something(
    text: str, title: str, breaking: bool, tags: tuple[str, ...]
):
    _, (item,) = posts_of(POST.format(n=10, text=text).encode(), "https://t.me/s/marfa", NOW)
    assert (item.title, item.breaking, item.categories) == (title, breaking, tags)


def test_a_long_page_of_links_takes_time_by_its_length():
    def seconds(times: int) -> float:
        body = b"<html><body>" + b"<h3><a href=/x>y</a></h3>" * times
        started = time.process_time()
        links_of(body, "h3 a", ADDRESS)
        return time.process_time() - started

    assert min(seconds(16_000) for _ in range(3)) <= 3 * min(seconds(8_000) for _ in range(3))


SELECTORS = [
    "li a", "ul > li a", "ul > li > a", "div.a li a[title]", "h2 + p a", "h2 ~ p a", "li:first-child a", "li:nth-child(2) a", "div a, p a",
    "div > ul#u li.k b > a", "li:not(.k) a", "div:has(h2) a", "li:last-of-type a", "* a", "div p:first-of-type a", "ul li + li a",
]  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_what_it_means(selector: str):
    tree = lxml.html.document_fromstring(
        "<div class='a'><p>x</p><ul id=u><li><a href=1>1</a><li class=k><a href=2 title=z>2</a><b><a href=3>3</a></b></ul></div>"
        "<div><h2>q</h2><p><a href=4>4</a></p><p><a href=5>5</a></p></div>"
    )
    assert tree.xpath(TRANSLATOR.css_to_xpath(selector)) == tree.cssselect(selector)
