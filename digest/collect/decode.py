"""From bytes to text: UTF-8 first, then the Arabic single-byte sets by the letters they would give."""

import re
from collections import Counter

COMMON = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ")
ODD = frozenset("پچژگٹکڈڑےںہۆ")
"""Letters that windows-1256 has for other languages; many of them tell that the guess was wrong."""
TOLERATED = 0.01
"""A share of bad bytes up to which a text still counts as UTF-8 with a blemish."""
DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._-]+)""")


def declared_in(body: bytes) -> str | None:
    """Return the encoding that the first bytes of XML or HTML name, or None."""
    found = DECLARED.search(body[:1024])
    return found[1].decode("ascii") if found else None


def decode(body: bytes, declared: str | None = None) -> str:
    """Return the text of a body. What is declared is believed last: Arabic feeds lie about it."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", errors="replace").lstrip("\ufeff")
    if body[:3] == b"\xef\xbb\xbf":
        body = body[3:]
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if body[:200].count(0) > len(body[:200]) // 4:
        return body.decode("utf-16-be" if body[:1] == b"\x00" else "utf-16-le", errors="replace")
    damaged = body.decode("utf-8", errors="replace")
    high = sum(byte >= 0x80 for byte in body)
    if damaged.count("\ufffd") <= max(1, high * TOLERATED):
        return damaged
    candidates = [body.decode(name, errors="replace") for name in ("cp1256", "iso8859-6")]
    best = max(candidates, key=_arabic)
    if _arabic(best) > 0:
        return best
    name = declared or declared_in(body) or "cp1252"
    try:
        return body.decode(name, errors="replace")
    except LookupError:
        return damaged


def _arabic(text: str) -> int:
    counts = Counter(text)
    good = sum(counts[letter] for letter in COMMON)
    bad = sum(
        count
        for letter, count in counts.items()
        if letter in ODD or letter == "\ufffd" or "\x80" <= letter <= "\x9f"
    )
    # In Arabic the article «ال» is everywhere; the wrong table turns it into other letters.
    return good + 3 * text.count("ال") - 3 * bad
