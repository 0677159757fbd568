"""From bytes to text: UTF-8 first, then the Arabic single-byte sets by the letters they would give."""

import codecs
import re
from collections import Counter

COMMON = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ")
ODD = frozenset("پچژگٹکڈڑےںہۆ")
"""Letters that windows-1256 has for other languages; many of them tell that the guess was wrong."""
TOLERATED = 0.01
"""A share of bad bytes up to which a text still counts as UTF-8 with a blemish."""
HIGH_RUN = re.compile(rb"[\x80-\xff]{2,}")
OF_THE_WEB = re.compile(
    r"utf-8|ascii|cp(?:437|850|866|874|932|949|950|125\d)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gb2312|gbk|gb18030|big5"
    r"|shift_jis|euc_(?:jp|kr)|iso2022_jp|tis-620"
)
"""Encodings that are believed when they are declared, by Python's names."""
OF_OTHER_SCRIPTS = re.compile(
    r"cp(?:125[1357]|866|874|932|949|950)|iso8859-(?:5|7|8|11)|koi8-[ru]|mac-cyrillic|gb2312|gbk|gb18030|big5|shift_jis"
    r"|euc_(?:jp|kr)|iso2022_jp|tis-620"
)
"""Those of scripts whose words are high bytes as Arabic's are: Cyrillic, Greek, Hebrew, Thai, Chinese, Japanese, Korean."""
LETTERS_AN_ARTICLE = 60
"""Of so many Arabic letters at least one «ال» is found in any Arabic text; other scripts read as Arabic have next to none."""
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
    if wide := _utf16(body):
        # Arabic letters in UTF-16 are valid UTF-8 as well, so that this comes first.
        return body.decode(wide, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    damaged = body.decode("utf-8", errors="replace")
    high = sum(byte >= 0x80 for byte in body)
    if damaged.count("\ufffd") <= max(1, high * TOLERATED):
        return damaged
    candidates = [body.decode(name, errors="replace") for name in ("cp1256", "iso8859-6")]
    best = max(candidates, key=_arabic)
    if (other := _other_script(declared, declared_in(body))) and not _is_arabic(best):
        return body.decode(other, errors="replace")
    if _arabic(best) > 0 and _in_words(body) >= high / 2:
        return best
    name = _named(declared or declared_in(body) or "cp1252")
    return body.decode(name, errors="replace") if name else damaged


def _other_script(*declared: str | None) -> str | None:
    """The first encoding of those declared that is of another script, None when none is."""
    names = (_named(one) for one in declared if one)
    return next((name for name in names if name and OF_OTHER_SCRIPTS.fullmatch(name)), None)


def _is_arabic(text: str) -> bool:
    letters = sum("\u0621" <= letter <= "\u064a" for letter in text)
    return text.count("ال") * LETTERS_AN_ARTICLE >= letters


def _named(declared: str) -> str | None:
    """Python's name of an encoding that pages may be in, None for any other: it has codecs that raise, and some for no text."""
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return name if OF_THE_WEB.fullmatch(name) else None


def _utf16(body: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, by the zeros of its markup; None when it is something else."""
    start = body[:400]
    half = len(start) // 2
    even, odd = start[::2].count(0), start[1::2].count(0)
    if half >= 8 and even > 0.3 * half and odd < 0.1 * half:
        return "utf-16-be"
    if half >= 8 and odd > 0.3 * half and even < 0.1 * half:
        return "utf-16-le"
    return None


def _in_words(body: bytes) -> int:
    """How many of the high bytes stand beside another: Arabic words are made of them, French ones have one here and there."""
    return sum(len(run) for run in HIGH_RUN.findall(body))


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
