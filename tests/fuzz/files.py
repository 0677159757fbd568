"""Files and pages that commands read: OPML, lists of links, pictures, robots.txt, settings."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from digest.collect.sandbox import protocol
from digest.errors import DigestError, SourceError
from digest.settings.loading import load
from tests.fuzz.collecting import answered
from tests.fuzz.promises import NOW, has_words, is_clean, is_safe, is_storable


def links_are_read(body: bytes) -> None:
    """A page of links, or a channel, gives items with safe addresses, or is refused with a sentence."""
    jobs = (
        protocol.LinksJob(url="https://marfa.example/", body=body, selector="h3 a"),
        protocol.PostsJob(url="https://t.me/s/marfa", body=body, now=NOW),
    )
    for job in jobs:
        try:
            told = answered(job)
        except SourceError as error:
            has_words(error)
            continue
        items = told[1] if isinstance(job, protocol.PostsJob) else told  # type: ignore[index]
        for item in map(protocol.item_from, items):  # type: ignore[call-overload]
            is_safe(item.url)
            is_safe(item.image_url)
            is_clean(item.title)
            is_storable(item.content_html)


def link_seeds() -> Iterator[bytes]:
    yield "<h3><a href=/7>افتتاح الجسر</a></h3><h3><a href='https://marfa.example/8' title=x></a></h3>".encode()
    post = (
        "<div class=tgme_widget_message data-post='marfa/7'><div class=tgme_widget_message_text>خبر<br>نص</div>"
        "<a class=tgme_widget_message_photo_wrap style=\"background-image:url('/p.jpg')\"></a>"
        "<time datetime='2026-01-04T16:15:00+03:00'></time></div>"
    )
    yield f"<meta property='og:title' content='المرفأ'>{post}".encode()
    yield b"<p>none"
    yield b""


def picture_is_made_small(body: bytes) -> None:
    """A picture becomes a JPEG of at most 600 by 400 points, or is refused with a sentence."""
    from digest.collect.parse.picture import THUMBNAIL, thumbnail

    try:
        small = thumbnail(body)
    except SourceError as error:
        has_words(error)
        return
    with Image.open(BytesIO(small), formats=("JPEG",)) as picture:
        assert picture.size[0] <= THUMBNAIL[0]
        assert picture.size[1] <= THUMBNAIL[1]


def picture_seeds() -> Iterator[bytes]:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        out = BytesIO()
        Image.new("RGB", (240, 120), (10, 90, 60)).save(out, kind)
        yield out.getvalue()


def robots_are_asked(body: bytes) -> None:
    """Any robots.txt says whether a page may be visited."""
    assert answered(protocol.RobotsJob(url="https://marfa.example/news/7?x=1", body=body)) in {True, False}


def robots_seeds() -> Iterator[bytes]:
    yield b"User-agent: *\nDisallow: /news/*$\nAllow: /\nCrawl-delay: 3\n"
    yield b"User-agent: Mujaz\nDisallow:\n\nUser-agent: *\nDisallow: /"
    yield b"Sitemap: https://marfa.example/s.xml\nRequest-rate: 1/5\nVisit-time: 0600-0845"
    yield "User-agent: *\nDisallow: /أخبار*********x".encode()


def settings_are_read(body: bytes) -> None:
    """A file of settings is read, or refused with a sentence."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "digest.toml"
        file.write_bytes(body)
        try:
            load(file)
        except DigestError as error:
            has_words(error)


def settings_seeds() -> Iterator[bytes]:
    yield b"[collect]\nreaders = 2\nallow_hosts = ['localhost:8080']\n"
    yield b"[web]\npublic_url = 'https://mujaz.example'\n"
    yield b"[nothing]\nx = 1\n"
    yield b"[collect"
