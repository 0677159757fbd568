"""Guess the encoding of bytes that nobody declared rightly. Pure."""

import re
from collections import Counter

COMMON = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ")
ODD = frozenset("پچژگٹکڈڑےںہۆ")
"""Letters that windows-1256 has for other languages; many of them tell that the guess was wrong."""
ARABIC_SETS = ("cp1256", "iso8859-6")
_HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


FEWEST = 5
"""Latin letters and signs that stand in the shortest text of the kind, an address; fewer zero bytes are
strays.
"""


def marked_encoding(start: bytes) -> str | None:
    """Return the encoding that a byte order mark names (RFC 2781, RFC 3629); None without a mark."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def unmarked_utf16(start: bytes, least: float) -> str | None:
    """Return the byte order of UTF-16 without a mark: of markup, commas and Latin letters every other byte is
    a zero. None: it is something else.

    `least` is the share of characters that have such a byte in the poorest text of the kind: of markup a
    third, of a table of Arabic names an eighth.
    """
    half = len(start) // 2
    even, odd = start[: 2 * half : 2].count(0), start[1 : 2 * half : 2].count(0)
    enough = max(FEWEST, int(least * half))
    if even >= enough and even > 4 * odd:
        return "utf-16-be"
    return "utf-16-le" if odd >= enough and odd > 4 * even else None


def is_in_words(body: bytes) -> bool:
    """Say whether most high bytes stand beside another: Arabic words are made of them, French ones have one
    here and there.
    """
    high = sum(byte >= 0x80 for byte in body)
    return sum(len(run) for run in _HIGH_RUN.findall(body)) >= high / 2


def best_arabic(body: bytes) -> tuple[str, str]:
    """Return the Arabic single-byte encoding that makes the better Arabic of some bytes, and that text."""
    texts = [(name, body.decode(name, errors="replace")) for name in ARABIC_SETS]
    return max(texts, key=lambda one: arabic_score(one[1]))


def arabic_score(text: str) -> int:
    """Return how much a text looks like Arabic: more than 0 when it does."""
    counts = Counter(text)
    good = sum(counts[letter] for letter in COMMON)
    bad = sum(
        count
        for letter, count in counts.items()
        if letter in ODD or letter == "\ufffd" or "\x80" <= letter <= "\x9f"
    )
    # In Arabic the article «ال» is everywhere; the wrong table turns it into other letters.
    return good + 3 * text.count("ال") - 3 * bad
