"""The collector's doors: feeds, pages, encodings, dates, addresses."""

import ipaddress
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC

from yarl import URL

from digest.collect.clean.url import canonical
from digest.collect.fetch.ssrf import check_url, guarded_socket, is_public
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds.article import to_article
from digest.collect.parse.feeds.items import MOST_ITEMS
from digest.collect.sandbox.jobs import run
from digest.collect.sandbox.protocol import (
    HEAD,
    FeedJob,
    PageJob,
    SandboxJob,
    article_from,
    feed_from,
    job_from,
    job_to,
    packed,
)
from digest.errors import BlockedAddressError, SourceError
from digest.text.dates.dates import EARLIEST, parse_date
from digest.text.sanitise import safe_url
from tests.builders import a_source
from tests.fuzz.promises import ADDRESS, NOW, has_words, is_article, is_clean, is_past, is_safe, is_storable
from tests.unit.collect.attacks import ATTACKS
from tests.unit.collect.hostile_feeds import POISONED
from tests.unit.collect.odd_feeds import EMPTY, READABLE, UNREADABLE, rss
from tests.unit.collect.pages import BODY, TITLE, a_page

SMALL = 12_000
ZONES = ("Asia/Riyadh", "Africa/Casablanca", "UTC")
LINKED = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2026-01-04T16:15:00+03:00",
    "author": {"name": "ليلى حداد"},
    "publisher": {"name": "المرفأ"},
    "image": ["https://marfa.example/p.jpg"],
}


def answered(job: SandboxJob) -> object:
    """Do a job as the child process does it: over the wire and back."""
    return json.loads(packed(run(job_from(job_to(job))))[HEAD.size :])


def feed_is_read(body: bytes) -> None:
    """A feed is read or refused with a sentence; each of its items can be made an article."""
    try:
        found = feed_from(answered(FeedJob(body=body, url=ADDRESS, zone="Asia/Riyadh", now=NOW)))  # type: ignore[arg-type]
    except SourceError as error:
        has_words(error)
        return
    assert len(found.items) <= MOST_ITEMS
    for line in (found.title, found.rights, found.language):
        is_clean(line)
    for address in (*found.announced, *found.parts, found.hub, found.topic):
        is_safe(address)
    for item in found.items:
        is_safe(item.url)
        is_safe(item.image_url)
        is_past(item.published_at)
        for text in (item.guid, item.summary_html, item.content_html):
            is_storable(text)
        for line in (item.title, item.author, item.image_alt, item.rights, *item.categories):
            is_clean(line)
    for item in found.items[:20]:
        is_article(to_article(item, a_source(), NOW, feed_title=found.title))


def feed_seeds() -> Iterator[bytes]:
    bodies = [one.body for one in READABLE.values()] + [*UNREADABLE.values(), *EMPTY.values()]
    yield from (body for body in bodies if len(body) < SMALL)
    more = (
        "<dc:creator>ليلى حداد</dc:creator><category>اقتصاد</category><guid>7</guid><ttl>30</ttl>"
        "<content:encoded><![CDATA[<p>فقرة أولى</p><h2>عنوان</h2>]]></content:encoded><description>موجز</description>"
        "<media:content url='/p.jpg' medium='image'><media:description>الجسر ليلا</media:description></media:content>"
    )
    yield rss(more=more).encode()
    yield POISONED.encode()
    yield b"<sitemapindex><sitemap><loc>https://marfa.example/news.xml</loc><lastmod>2022-06-01</lastmod></sitemap></sitemapindex>"
    yield b"<!doctype html><html><head><link rel='alternate' type='application/rss+xml' href='/rss.xml'></head></html>"


def page_is_read(body: bytes) -> None:
    """A page is read or refused with a sentence; its article has a title and a text."""
    try:
        answer = answered(PageJob(body=body, url="https://marfa.example/news/7", zone="UTC", now=NOW))
    except SourceError as error:
        has_words(error)
        return
    article = article_from(answer)  # type: ignore[arg-type]
    assert article.title
    assert article.paragraphs
    is_article(article)


def page_seeds() -> Iterator[bytes]:
    yield a_page().encode()
    yield a_page().encode("cp1256")
    yield a_page(
        head=f'<script type="application/ld+json">{json.dumps(LINKED, ensure_ascii=False)}</script>'
    ).encode()
    yield (
        f"<html><head><title>{TITLE} | المرفأ</title><link rel=canonical href=/news/7?utm_source=x>"
        '<meta property="og:image" content="/p.jpg"><meta name="author" content="ليلى حداد">'
        '<meta property="article:published_time" content="2026-01-04"><meta property="article:section" content="اقتصاد">'
        f"</head><body><article><h1>{TITLE}</h1><time datetime='2026-01-04'>الأحد 4 يناير</time>"
        + "".join(f"<p>{line}</p>" for line in BODY)
        + "<figure><img src=p.jpg alt='صورة'><figcaption>صورة</figcaption></figure></article></body></html>"
    ).encode()


def bytes_are_text(data: bytes) -> None:
    """Any bytes are text, whatever encoding is declared (the first line); UTF-8 stays what it is."""
    first, _, body = data.partition(b"\n")
    declared = first.decode("latin-1") if 0 < len(first) < 30 else None
    text = decode(body, declared)
    text.encode("utf-8")
    assert len(text) <= len(body)
    if b"\x00" not in body and not body.startswith(b"\xef\xbb\xbf"):
        with suppress(UnicodeDecodeError):
            assert text == body.decode("utf-8")
    if "\x00" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode()) == text


def bytes_seeds() -> Iterator[bytes]:
    for name in ("cp1256", "iso8859-6", "utf-8", "utf-16", "utf-16-le", "utf-16-be"):
        yield f"{name}\n".encode() + rss().encode(name, "replace")[:1500]
    for name in ("latin-1", "utf-7", "idna", "punycode", "undefined", "unicode_escape", "rot13", "hex"):
        yield f"{name}\n".encode() + "<p>caf\xe9 \\u0041 +AGE-</p>".encode("latin-1")


def date_is_sure(data: bytes) -> None:
    """A date is unknown, or an instant in UTC that reads the same when it is written out."""
    text = data.decode("utf-8", "replace")
    for zone in ZONES:
        found = parse_date(text, zone=zone, now=NOW)
        if found is None:
            continue
        assert found.tzinfo is UTC
        assert EARLIEST - 1 <= found.year <= NOW.year + 3
        if EARLIEST < found.year < NOW.year + 2:
            assert parse_date(found.isoformat(), zone=zone, now=NOW) == found


def date_seeds() -> Iterator[bytes]:
    for text in (
        "Thu, 23 Jun 2022 13:15:00 GMT", "2022-06-23T16:15:00+03:00", "1655990100", "1655990100000", "٢٣ حزيران ٢٠٢٢ - ٠٤:١٥ م",
        "الخميس 23 جوان 2022 - 16:15", "نيسان / أبريل 3, 2021", "24 ذو القعدة 1443 هـ", "2022/06/23 10:15 صباحا بتوقيت القاهرة",
        "23-06-2022 04:15 PM EET", "June 23rd, 2022 GMT+3", "شباط (فبراير) 3 2020", "2022 يونيو 23", "23.06.2022", "الساعة 5 مساء 1/2/2023",
    ):  # fmt: skip
        yield text.encode()


def address_is_one(data: bytes) -> None:
    """An address has one spelling, and none that is let through leads inside."""
    text, _, base = data.decode("utf-8", "replace").partition("\n")
    own = canonical(text)
    is_safe(own)
    if own is not None:
        assert canonical(own) == own
    is_safe(safe_url(text, base or None))
    for number in (data[:4].rjust(4, b"\x00"), data[:16].rjust(16, b"\x00")):
        _is_guarded(str(ipaddress.ip_address(number)))
    try:
        check_url(text, ())
    except BlockedAddressError:
        return
    # aiohttp reads addresses by itself: what it would dial must be what was checked.
    try:
        read = URL(text)
    except ValueError:
        return
    assert read.scheme in {"http", "https"}
    assert read.port in {80, 443}
    assert read.user is None
    with suppress(OSError):
        socket.inet_aton(read.raw_host or "")
        assert is_public(read.raw_host or "")
    if ":" in (read.raw_host or ""):
        assert is_public(read.raw_host or "")


def _is_guarded(address: str) -> None:
    found = ipaddress.ip_address(address)
    family = socket.AF_INET if found.version == 4 else socket.AF_INET6
    try:
        guarded_socket(())((family, socket.SOCK_STREAM, 0, "", (address, 80))).close()
    except BlockedAddressError:
        return
    inner = [
        one
        for name in ("ipv4_mapped", "sixtofour", "teredo")
        if (one := getattr(found, name, None)) is not None
    ]
    assert inner == []
    assert not any((found.is_private, found.is_loopback, found.is_link_local, found.is_multicast, found.is_reserved, found.is_unspecified))  # fmt: skip
    assert found.version == 4 or found in ipaddress.ip_network("2000::/3")


def address_seeds() -> Iterator[bytes]:
    yield from (url.encode() for url in ATTACKS)
    for url in (
        "https://m.marfa.example/news/7?utm_source=x&id=3#top", "https://marfa.example/أخبار/جسر المرفأ", "https://marfa.example:443/a/amp",
        "https://marfa-example.cdn.ampproject.org/c/s/marfa.example/news/7", "https://marfa.example/%D8%AE?q=%20a+b&amp=1", "//marfa.example/x",
        "HTTPS://MARFA.example/../a/./b//c.amp.html", "news/7\nhttps://marfa.example/feed", "https://münchen.example/a..html",
    ):  # fmt: skip
        yield url.encode()
