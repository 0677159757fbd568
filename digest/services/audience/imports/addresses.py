"""An address out of a cell as people and programs write it (pure)."""

import re
from functools import lru_cache
from urllib.parse import unquote

from digest.errors import InputError, PeopleFileError
from digest.text.addresses.email_address import normalised

SHOWN = 60
"""Letters of a cell that a refusal repeats."""
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
_PLAIN_LOCAL = re.compile(r"[a-z0-9][a-z0-9_+-]*(?:\.[a-z0-9_+-]+)*@")
_PLAIN_DOMAIN = re.compile(
    r"(?:[a-z0-9]+(?:-[a-z0-9]+)*\.){1,8}(?!arpa$|invalid$|local$|localhost$|onion$|test$)[a-z]{2,24}"
)
"""Local part with its sign, and domain, of nearly all addresses: what these take, `normalised` takes as it
stands. The rest is left to that.
"""
_LONGEST_LOCAL, _LONGEST_LABEL, _LONGEST_ADDRESS = 64, 63, 254


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


def plain_address(cell: str) -> str:
    """Return the normalised address of a cell that holds nothing but a plain one, as nearly all do; else
    "".
    """
    if _is_plain(cell):
        return cell
    bare = cell.strip().lower()
    return bare if bare != cell and _is_plain(bare) else ""


def _is_plain(text: str) -> bool:
    begun = _PLAIN_LOCAL.match(text) if len(text) <= _LONGEST_ADDRESS else None
    return begun is not None and begun.end() <= _LONGEST_LOCAL + 1 and _is_plain_domain(text[begun.end() :])


@lru_cache(maxsize=4096)
def _is_plain_domain(domain: str) -> bool:
    """Say whether a domain is taken as it stands; a file has few of them, many times."""
    return _PLAIN_DOMAIN.fullmatch(domain) is not None and max(map(len, domain.split("."))) <= _LONGEST_LABEL


def address_in(cell: str) -> tuple[str, str]:
    """Return the normalised address of a cell, and the name that stands beside it, or "".

    Marks for direction, wide letters, `mailto:`, `Name <address>`, quotes around and punctuation behind are
    no fault.

    Raises:
        PeopleFileError: it holds no address, or more than one.
    """
    bare = plain_address(cell)
    return (bare, "") if bare else cleaned_address(cell)


def cleaned_address(cell: str) -> tuple[str, str]:
    """Return what `address_in` does, by the long way.

    Raises:
        PeopleFileError: as `address_in`.
    """
    if len(cell) > 4 * LONGEST:
        raise PeopleFileError(
            "address_long",
            f"The cell is {len(cell):,} letters long, which is no e-mail address.",
            about={"letters": len(cell)},
        )
    text = unquoted(unseen_removed(cell))
    name = ""
    if found := _NAMED.fullmatch(text) or _COMMENTED.fullmatch(text):
        name, text = found["name"].strip(_AROUND), found["address"]
    text = _without_scheme(text.strip(_AROUND)).strip(_AROUND)
    if text.count("@") > 1 and not text.startswith('"'):
        raise PeopleFileError(
            "two_addresses", f"{_shown(text)} is more than one e-mail address.", about={"cell": text[:SHOWN]}
        )
    if not text:
        raise PeopleFileError("no_address", "There is no e-mail address.")
    if len(text) > LONGEST:
        raise PeopleFileError(
            "address_long",
            f"{_shown(text)} is too long for an e-mail address.",
            about={"letters": len(text)},
        )
    try:
        return normalised(text), name
    except InputError as error:
        raise PeopleFileError(
            "address", error.message, remedy=error.remedy, about={"address": text[:SHOWN]}
        ) from error


def _without_scheme(text: str) -> str:
    if text[:7].lower() != "mailto:":
        return text
    return unquote(text[7:].partition("?")[0]).strip()


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")
