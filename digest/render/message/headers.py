"""Header fields that every mail program reads alike: folding of RFC 5322, encoded-words of RFC 2047.

Python 3.11's own folding loses the space between two encoded-words in a fifth of Arabic subjects and makes
encoded-words longer than 75 characters (docs/why/messages.md), so fields are made here, as bytes that nobody
folds again.
"""

import re
from binascii import b2a_base64
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from digest.errors import ConfigError, InputError
from digest.text.addresses.domain import ascii_domain

LINE = 76
"""Longest line of a field that holds encoded-words (RFC 2047, section 2); others are kept as short where they
can be.
"""
WORD = 75
"""Longest encoded-word."""
LONGEST_WORD = 950
"""No line may pass 998 octets (RFC 5322, section 2.1.1), and the field's name stands on the first."""

LONGEST_REMEMBERED = 100
"""Letters of a display name whose words are remembered."""

_OPEN, _CLOSE = b"=?utf-8?B?", b"?="
_BREAKS = re.compile("[ \t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
# Line breaks and NUL would end a field and begin another; overrides and isolates make a reader see another
# order than there is.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TIDY = re.compile(
    "[ -~\u00a1-\u1fff\u2010-\u2027\u2030-\u205f\u2070-\ud7ff\ue000-\ufefe\U00010000-\U0010ffff]*"
)
_PLAIN = re.compile("[!-~]+(?: [!-~]+)*")
_ATEXT = r"A-Za-z0-9!#$%&'*+/=?^_`{|}~\-"
_ATOMS = re.compile(rf"[{_ATEXT}]+(?: [{_ATEXT}]+)*")
_LOCAL = re.compile(rf"[{_ATEXT}\u00a1-\U0010ffff]+(?:\.[{_ATEXT}\u00a1-\U0010ffff]+)*")
_KEPT = "!#$%&'()*+,/:;=?@[]~"
_EVERYDAY = re.compile(r"[A-Za-z0-9_+\-]+(?:\.[A-Za-z0-9_+\-]+)*@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*")
_NO_DOMAIN = re.compile("[\x00-,/:-@\\[-`{-\x7f]")


def one_line(text: str) -> str:
    """Return text as it may stand in a field: blanks and line ends become one space, unseen controls go.

    NUL, other control characters, byte-order marks, bidirectional embeddings, overrides and isolates are left
    out; marks (U+200E, U+200F) and joiners stay. Half of a surrogate pair becomes U+FFFD.
    """
    if "  " not in text and ((text.isascii() and text.isprintable()) or _TIDY.fullmatch(text)):
        return text.strip(" ")
    return _BREAKS.sub(" ", _SURROGATE.sub("\ufffd", _UNSEEN.sub("", text))).strip(" ")


def unstructured(name: str, text: str) -> bytes:
    """Return a field of free text, such as Subject, with its line end. What is not plain ASCII becomes
    encoded-words.
    """
    tidy = one_line(text)
    return _folded(name, _text_words(tidy, LINE - len(name) - 2))


def mailbox(name: str, display: str, address: str) -> bytes:
    """Return a field with one address and a display name, which may be empty. `address` is as `sender` or
    `recipient` give it.
    """
    phrase = _phrase(one_line(display), LINE - len(name) - 2) if display else None
    return _folded(name, [*phrase, f"<{address}>".encode()] if phrase else [address.encode()])


def list_id(name: str, display: str, identifier: str) -> bytes:
    """Return a List-Id (RFC 2919) with a name that people can read.

    Raises:
        ConfigError: the identifier is no dotted name.
    """
    return _folded(
        name, [*_phrase(one_line(display), LINE - len(name) - 2), f"<{ascii_domain(identifier)}>".encode()]
    )


def structured(name: str, words: Sequence[str]) -> bytes:
    """Return a field whose words stand as they are; lines are broken between words only.

    Raises:
        InputError: a word holds a line break, a control character or a letter outside ASCII, or is too long
            for a line.
    """
    for word in words:
        if not (word.isascii() and word.isprintable() and 0 < len(word) <= LONGEST_WORD) or " " in word:
            raise InputError(f"The header {name} cannot hold {word[:80]!r}: it would break the message.")
    return _folded(name, [word.encode() for word in words])


def uri(address: str) -> str:
    """Return an address in angle brackets, letters outside ASCII percent-encoded (RFC 2369).

    Raises:
        InputError: it holds a line break, a blank, an angle bracket or another character that would end it
            early.
    """
    if not address.isprintable() or " " in address or "<" in address or ">" in address:
        raise InputError(
            f"{address!r} cannot stand in a header: it holds a character that would end it early."
        )
    return f"<{address}>" if address.isascii() else f"<{quote(address, safe=_KEPT)}>"


def sender(address: str) -> str:
    """Return an address for From, its domain in ASCII.

    Raises:
        ConfigError: it is no plain ASCII address, so that some servers would refuse every message.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii() or not _LOCAL.fullmatch(local):
        raise ConfigError(
            f"{address!r} cannot be a sender.",
            remedy="Set from_address to a plain address such as digest@example.org.",
        )
    return f"{local}@{ascii_domain(domain)}"


def is_everyday(address: str) -> bool:
    """Say whether an address has only letters, digits, dots and the signs of nearly every address: it stands
    anywhere as it is.
    """
    return _EVERYDAY.fullmatch(address) is not None


def recipient(address: str) -> str:
    """Return an address for To. It never fails: what could break the field is left out or quoted.

    Letters outside ASCII stay (RFC 6532); the envelope asks for SMTPUTF8 then.
    """
    if is_everyday(address):
        return address
    local, _, domain = one_line(address).rpartition("@")
    domain = _NO_DOMAIN.sub("", domain)
    if not _LOCAL.fullmatch(local):
        escaped = local.replace("\\", "\\\\").replace('"', '\\"')
        local = f'"{escaped}"'
    return f"{local}@{domain}"


def _text_words(text: str, room: int) -> list[bytes]:
    if text and (not _PLAIN.fullmatch(text) or "=?" in text or max(map(len, text.split(" "))) > room):
        return _encoded_words(text, room)
    return [word.encode() for word in text.split(" ")]


def _phrase(text: str, room: int) -> tuple[bytes, ...]:
    """The words of a display name. Remembered if not long: many people have the same."""
    return _made(text, room) if len(text) <= LONGEST_REMEMBERED else _made.__wrapped__(text, room)


@lru_cache(maxsize=4096)
def _made(text: str, room: int) -> tuple[bytes, ...]:
    if not text:
        return ()
    if _ATOMS.fullmatch(text) and "=?" not in text and max(map(len, text.split(" "))) <= room:
        return tuple(word.encode() for word in text.split(" "))
    if _PLAIN.fullmatch(text) and "=?" not in text:
        quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
        if len(quoted) <= room:
            return (quoted.encode(),)
    return tuple(_encoded_words(text, room))


def _encoded_words(text: str, room: int) -> list[bytes]:
    """Cut text between code points into encoded-words, the first of at most `room` characters."""
    data = text.encode()
    words = []
    start = 0
    capacity = _capacity(min(room, WORD))
    while start < len(data):
        stop = min(start + capacity, len(data))
        while stop < len(data) and data[stop] & 0xC0 == 0x80:
            stop -= 1
        words.append(_OPEN + b2a_base64(data[start:stop], newline=False) + _CLOSE)
        start = stop
        capacity = _capacity(WORD)
    return words


def _capacity(characters: int) -> int:
    return (characters - len(_OPEN) - len(_CLOSE)) // 4 * 3


def _folded(name: str, words: list[bytes]) -> bytes:
    made = f"{name}: ".encode() + words[0]
    length = len(made)
    for word in words[1:]:
        length += 1 + len(word)
        if length <= LINE:
            made += b" " + word
        else:
            made += b"\r\n " + word
            length = 1 + len(word)
    return made + b"\r\n"
