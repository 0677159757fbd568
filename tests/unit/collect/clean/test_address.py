"""One spelling of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.clean.url import canonical

SLUG = "%D8%A7%D9%84%D8%AC%D8%B3%D8%B1"


@pytest.mark.parametrize(
    "url",
    [
        "https://marfa.example/news/7",
        "https://m.marfa.example/news/7",
        "https://amp.marfa.example/news/7",
        "https://MARFA.example/news/7#comments",
        "https://marfa.example:443/news/7",
        "https://marfa.example/news/7/amp",
        "https://marfa.example/news/7/amp/",
        "https://marfa.example/news/7?amp=1",
        "https://marfa.example/news/7?utm_source=rss&utm_medium=feed",
        "https://marfa.example/news/7?traffic_source=rss&fbclid=abc",
        "https://marfa-example.cdn.ampproject.org/c/s/marfa.example/news/7",
    ],
)
def test_twins_have_one_address(url: str):
    assert canonical(url) == "https://marfa.example/news/7"


def test_what_names_the_article_stays():
    assert canonical("https://marfa.example/?id=7&lang=ar") == "https://marfa.example/?id=7&lang=ar"


def test_an_arabic_slug_has_one_spelling():
    written = [
        "https://marfa.example/الجسر",
        f"https://marfa.example/{SLUG}",
        f"https://marfa.example/{SLUG.lower()}",
    ]
    assert {canonical(url) for url in written} == {f"https://marfa.example/{SLUG}"}


@pytest.mark.parametrize(
    "url",
    [None, "", "ftp://x.example/", "javascript:alert(1)", "https://u:p@x.example/", "https://[", "/news/7"],
)
def test_what_is_no_web_address_has_none(url: str | None):
    assert canonical(url) is None


@given(st.text(max_size=80))
def test_doing_it_twice_changes_nothing(text: str):
    once = canonical(f"https://marfa.example/{text}")
    assert once is None or canonical(once) == once


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("https://[2001:DB8::1]:8443/7#x", "https://[2001:db8::1]:8443/7"),
        ("https://m.m.marfa.example/7", "https://marfa.example/7"),
        ("https://marfa.example/7/amp/amp", "https://marfa.example/7"),
        (
            "https://a.cdn.ampproject.org/c/s/b.cdn.ampproject.org/c/s/m.marfa.example/7",
            "https://marfa.example/7",
        ),
        ("https://a.cdn.ampproject.org/c/s/reader@marfa.example/7", None),
        ("https://a.cdn.ampproject.org/c/s/marfa.example:x/7", None),
        (f"https://marfa.example/{'خبر' * 200}", None),
    ],
)
def test_one_spelling_stays_what_it_is_and_is_safe(url: str, own: str | None):
    assert canonical(url) == own
    assert canonical(own) == own
