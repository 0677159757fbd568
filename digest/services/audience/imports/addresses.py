"""An address out of a cell as people and programs write it (pure)."""

import re
from urllib.parse import unquote

from digest.errors import InputError
from digest.text.addresses.email_address import normalised

LONGEST = 320
"""Letters of the longest address there is (RFC 3696, erratum 1690)."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""Beginnings of a cell that a spreadsheet would run; full-width ones are run by some, too."""

_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0]
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xA0: 0x20, 0x202F: 0x20, 0x3000: 0x20}
_WIDE |= {0xFE6B: ord("@"), 0x3002: ord(".")}
_TABLE = _UNSEEN | _WIDE
_AROUND = " \t\r\n\"'`‘’“”„«»‹›()[]{}<>.,;:!،؛؟…"
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
_NAMED = re.compile(r"(?P<name>[^<>@]*)<(?P<address>[^<>]+)>[\s,;،؛.]*")
_COMMENTED = re.compile(r"(?P<address>[^\s()]+@[^\s()]+)\s*\((?P<name>[^()@]*)\)")
_PLAIN = re.compile(
    r"[a-z0-9](?:[a-z0-9_+-]|\.(?=[a-z0-9_+-])){0,62}@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.){1,8}"
    r"(?!arpa$|invalid$|local$|localhost$|onion$|test$)[a-z]{2,24}"
)
"""Nearly all addresses: what this takes, `normalised` takes as it stands. The rest is left to that."""


def unseen_removed(text: str) -> str:
    """Return a cell without marks that nobody sees, with wide letters made narrow, trimmed."""
    return text.strip() if text.isascii() and "\0" not in text else text.translate(_TABLE).strip()


def unquoted(text: str) -> str:
    """Return a cell without the apostrophe that an export puts before what a spreadsheet would run, and
    without the formula ="…" that another writes so that the cell stays a text.
    """
    if found := _FORMULA.fullmatch(text):
        return found[1].replace('""', '"')
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS):
        return text[1:]
    return text


def quoted(text: str) -> str:
    """Return a cell so that no spreadsheet runs it; `unquoted` takes that back, whatever the cell is."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def address_in(cell: str) -> tuple[str, str]:
    """Return the normalised address of a cell, and the name that stands beside it, or "".

    Marks for direction, wide letters, `mailto:`, `Name <address>`, quotes around and punctuation behind are
    no fault.

    Raises:
        InputError: it holds no address, or more than one.
    """
    bare = cell.strip().lower()
    if len(bare) <= LONGEST and _PLAIN.fullmatch(bare) and len(bare) <= 254:
        return bare, ""
    if len(cell) > 4 * LONGEST:
        raise InputError(f"The cell is {len(cell):,} letters long, which is no e-mail address.")
    text = unquoted(unseen_removed(cell))
    name = ""
    if found := _NAMED.fullmatch(text) or _COMMENTED.fullmatch(text):
        name, text = found["name"].strip(_AROUND), found["address"]
    text = _without_scheme(text.strip(_AROUND)).strip(_AROUND)
    if text.count("@") > 1 and not text.startswith('"'):
        raise InputError(f"{_shown(text)} is more than one e-mail address.")
    if not text:
        raise InputError("There is no e-mail address.")
    if len(text) > LONGEST:
        raise InputError(f"{_shown(text)} is too long for an e-mail address.")
    return normalised(text), name


def _without_scheme(text: str) -> str:
    if text[:7].lower() != "mailto:":
        return text
    return unquote(text[7:].partition("?")[0]).strip()


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:60]}…")
