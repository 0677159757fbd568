"""Damaged feeds and pages, as many as time allows: an hour in the long run, a second in every run."""

import os
import random
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from digest.collect import feed, page
from digest.errors import SourceError
from tests.unit.collect.odd_feeds import EMPTY, READABLE, UNREADABLE
from tests.unit.collect.pages import a_page

NOW = datetime(2023, 1, 1, tzinfo=UTC)
SMALL = 20_000
SLOWEST = 3.0
CORPUS = [
    body
    for body in (*(one.body for one in READABLE.values()), *UNREADABLE.values(), *EMPTY.values())
    if len(body) < SMALL
]
PAGES = [
    a_page().encode(),
    a_page(head='<script type="application/ld+json">{"@type": "Article"}</script>').encode(),
]
PIECES = (
    b"<![CDATA[",
    b"]]>",
    b"<",
    b">",
    b"&",
    b"&#x",
    b";",
    b"\x00",
    b"\xff",
    b"\xd9",
    b"<!--",
    b"<?",
    b"[",
    b"{",
    b'"',
    b"<item>",
    b"</",
    b"<p>" * 50,
)


def damaged(body: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """A body after one to eight changes: bytes flipped, pieces put in, cut out, doubled, or taken from another."""
    text = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(text) + 1)
        end = min(len(text), place + chance.randint(1, 200))
        match chance.randrange(5):
            case 0:
                text[place:place] = chance.choice(PIECES)
            case 1:
                del text[place:end]
            case 2:
                text[place:place] = text[place:end] * chance.randint(1, 20)
            case 3:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                text[place:end] = other[start : start + 300]
            case _:
                text[place:end] = bytes(chance.randrange(256) for _ in range(end - place))
    return bytes(text)


def fuzz(seconds: float, seed: int, *, at_least: int = 1) -> int:
    """Damage and read until the time is over, and at least so often; returns how often."""
    chance = random.Random(seed)
    until = time.monotonic() + seconds
    count = 0
    while count < at_least or time.monotonic() < until:
        count += 1
        started = time.process_time()
        with suppress(SourceError):
            if count % 10:
                body = damaged(chance.choice(CORPUS), chance, CORPUS)
                for item in feed.parse(body, url="https://marfa.example/feed", zone="UTC", now=NOW).items:
                    assert item.url is None or item.url.startswith(("http://", "https://"))
                    assert item.published_at is None or item.published_at <= NOW
            else:
                body = damaged(chance.choice(PAGES), chance, CORPUS)
                text = body.decode("utf-8", "replace")
                assert page.extract(text, url="https://marfa.example/7", now=NOW, zone="UTC").title
        assert time.process_time() - started < SLOWEST, f"seed {seed}, number {count}"
    return count


def test_damage_of_a_second_breaks_nothing():
    # The count does not hang on how busy the machine is; ten of them reach a page as well.
    assert fuzz(1.0, seed=7, at_least=40) >= 40


@pytest.mark.long
@pytest.mark.timeout(0)
def test_damage_of_an_hour_breaks_nothing():
    seconds = float(os.environ.get("MUJAZ_FUZZ_SECONDS", "3600"))
    assert fuzz(seconds, seed=random.SystemRandom().randrange(2**32)) > 10
