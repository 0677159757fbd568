"""Bytes that were made to cost, in the readers of lists, links, labels and scripts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from digest.collect import opml
from digest.collect.clean.rules import shipped
from digest.collect.clean.titles import is_label, opening, opening_of
from digest.collect.clean.url import own_address
from digest.collect.parse.announced import announced_in
from digest.collect.parse.decode import decode
from digest.collect.parse.feeds import feed
from digest.collect.parse.links import link_of
from digest.collect.parse.loose_json import loads
from digest.errors import DigestError
from digest.text.words.normalise import clean
from tests.unit.text.growth import LINEAR, growth

NOW = datetime(2026, 1, 5, tzinfo=UTC)
HERE = "https://marfa.example/"
PIECES = {
    "brackets": "[{",
    "quotes": '"',
    "commas": ", ",
    "slashes": "//*",
    "tags": "<a",
    "attributes": " a=b",
    "unquoted": "<outline a=",
    "equals": "a = ",
    "links": "https://a.example/ \n",
    "hashtags": "#خبر ",
    "labels": "عاجل ",
    "dots": ". ",
    "roots": "<rss <html ",
    "blanks": " ",
}


def _feed(text: str) -> object:
    return feed.parse(text.encode(), url=HERE, now=NOW)


def _shared(text: str) -> object:
    items = "".join(f"<item><title>{n}</title><link>/p</link></item>" for n in range(len(text) // 4))
    return feed.parse(f"<rss><channel>{items}</channel></rss>".encode(), url=HERE, now=NOW)


READERS: dict[str, Callable[[str], object]] = {
    "script": loads,
    "outlines": lambda text: opml.read(f"<opml>{text}"),
    "feed": _feed,
    "json": lambda text: _feed("{" + text),
    "announced": lambda text: list(announced_in(f"<html>{text}", HERE)),
    "link": lambda text: link_of(text, HERE),
    "address": own_address,
    "label": is_label,
    "opening": lambda text: (opening([text]), opening_of(text)),
    "bytes": lambda text: decode(text.encode() + b"\xd8" * (len(text) // 3)),
    "noise": lambda text: shipped().without_inline(clean(text)),
    "items of one page": _shared,
}


def _quietly(work: Callable[[str], object]) -> Callable[[str], object]:
    def run(text: str) -> None:
        with suppress(DigestError, ValueError, RecursionError):
            work(text)

    return run


@pytest.mark.red("listing-quadratic")
@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_time_grows_with_what_is_read(reader: Callable[[str], object], piece: str):
    assert growth(_quietly(reader), piece, 6_000 // len(piece)) <= LINEAR
