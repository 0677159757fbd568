"""Decode bytes to text: UTF-8 first, then windows-1256 or ISO-8859-6 by the letters they would give."""

import codecs
import re

from digest.text.charset import arabic_score, best_arabic, is_in_words, marked_encoding, unmarked_utf16

TOLERATED = 0.01
"""A share of bad bytes up to which a text still counts as UTF-8 with a blemish."""
WHOLE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A character in UTF-8 that is no ASCII."""
PIECE = re.compile(rb"((?<=>)|(?=<)|\n)")
"""Where an encoding may change: at the ends of elements and lines."""
MIXED = 0.2
"""A share of the high bytes from which what is read as UTF-8 is no accident: other texts have a twentieth."""
HIGH = re.compile(rb"[\x80-\xff]")
SURE = 8
"""High bytes of one element that are valid UTF-8 together: by accident no other encoding gives so many."""
OF_THE_WEB = re.compile(
    r"utf-8|ascii|cp(?:437|850|866|874|932|949|950|125\d)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gb2312|gbk|gb18030|big5"
    r"|shift_jis|euc_(?:jp|kr)|iso2022_jp|tis-620"
)
"""Encodings that are believed when they are declared, by Python's names."""
OF_OTHER_SCRIPTS = re.compile(
    r"cp(?:125[1357]|866|874|932|949|950)|iso8859-(?:5|7|8|11)|koi8-[ru]|mac-cyrillic|gb2312|gbk|gb18030|big5|shift_jis"
    r"|euc_(?:jp|kr)|iso2022_jp|tis-620"
)
"""Those of scripts whose words are high bytes as Arabic's are: Cyrillic, Greek, Hebrew, Thai, Chinese,
Japanese, Korean.
"""
LOOKED_AT, SHORTEST, OF_MARKUP = 400, 16, 0.3
"""Of how many bytes the byte order is told, of how many at least, and how much of a page's beginning is
markup.
"""
LETTERS_AN_ARTICLE = 60
"""Of so many Arabic letters at least one «ال» is found in any Arabic text; other scripts read as Arabic have
next to none.
"""
DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._-]+)""")


def declared_in(body: bytes) -> str | None:
    """Return the encoding that the first bytes of XML or HTML name, or None."""
    found = DECLARED.search(body[:1024])
    return found[1].decode("ascii") if found else None


def decode(body: bytes, declared: str | None = None) -> str:
    """Return the text of a body. What is declared is believed last: Arabic feeds lie about it."""
    marked = marked_encoding(body[:4])
    if marked == "utf-8-sig":
        body = body[3:]
    elif marked:
        return body.decode(marked, errors="replace").lstrip("\ufeff")
    if len(body) >= SHORTEST and (wide := unmarked_utf16(body[:LOOKED_AT], OF_MARKUP)):
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
    other = _other_script(declared, declared_in(body))
    if other is None and _is_mixed(body):
        return "".join(_piece(piece) for piece in PIECE.split(body))
    _, best = best_arabic(body)
    if other and not _is_arabic(best):
        return body.decode(other, errors="replace")
    if arabic_score(best) > 0 and is_in_words(body):
        return best
    name = _named(declared or declared_in(body) or "cp1252")
    return body.decode(name, errors="replace") if name else damaged


def _is_mixed(body: bytes) -> bool:
    """Whether a body is UTF-8 with pieces of another encoding in it, as feeds are that programs put
    together.
    """
    high = sum(byte >= 0x80 for byte in body)
    if sum(map(len, WHOLE.findall(body))) >= MIXED * high:
        return True
    return any(len(HIGH.findall(piece)) >= SURE and _is_utf8(piece) for piece in PIECE.split(body))


def _is_utf8(piece: bytes) -> bool:
    try:
        piece.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _piece(piece: bytes) -> str:
    """One element's text: as UTF-8, with a mark for a bad byte, unless the Arabic single-byte sets give a
    better text.
    """
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        pass
    high = sum(byte >= 0x80 for byte in piece)
    damaged = piece.decode("utf-8", errors="replace")
    if sum(map(len, WHOLE.findall(piece))) >= high / 2:
        return damaged
    _, best = best_arabic(piece)
    return best if arabic_score(best) > 0 and is_in_words(piece) else damaged


def _other_script(*declared: str | None) -> str | None:
    """The first encoding of those declared that is of another script, None when none is."""
    names = (_named(one) for one in declared if one)
    return next((name for name in names if name and OF_OTHER_SCRIPTS.fullmatch(name)), None)


def _is_arabic(text: str) -> bool:
    letters = sum("\u0621" <= letter <= "\u064a" for letter in text)
    return text.count("ال") * LETTERS_AN_ARTICLE >= letters


def _named(declared: str) -> str | None:
    """Python's name of an encoding that pages may be in, None for any other: it has codecs that raise, and
    some for no text.
    """
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None
    return name if OF_THE_WEB.fullmatch(name) else None
