"""One secret key for each purpose, and what is sealed with them. Pure: `services.keys` reads and makes them.

A key of one purpose seals nothing of another: links can get a new key while the list of who is never mailed
keeps its own. See docs/howto/keys.md.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any


def _own_sha256() -> Any:
    """Return Python's own SHA-256 where it has one: for some dozen octets OpenSSL's takes three times as
    long, nearly all of it to begin.
    """
    for name in ("_sha2", "_sha256"):
        with suppress(ImportError, AttributeError):
            return import_module(name).sha256
    return sha256


_sha256 = _own_sha256()
_INNER, _OUTER = (bytes(octet ^ pad for octet in range(256)) for pad in (0x36, 0x5C))
_BLOCK = 64
"""Octets of one block of SHA-256, to which HMAC fills up the key."""
_OF_ADDRESS, _OF_PLAIN = b"suppression:", b"suppression:sha256:"


class Purpose(StrEnum):
    """What a key is for."""

    LINKS = "links"
    RETURN_PATHS = "return-paths"
    SUPPRESSION = "suppression"
    SESSIONS = "sessions"
    HUBS = "hubs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is kept. `used_from` None: since it was made. `retired_at` None: it is the newest of its
    purpose.
    """

    value: bytes = field(repr=False)
    created_at: datetime
    used_from: datetime | None = None
    retired_at: datetime | None = None
    named_by_settings: bool = False
    leaked: bool = False

    @property
    def fingerprint(self) -> str:
        """Eight letters by which people tell keys apart; they give nothing away."""
        return fingerprint(self.value)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one purpose: `current` seals; `former` are still believed; `oldest` only where that can do
    no harm.
    """

    current: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)
    oldest: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def believed(self) -> tuple[bytes, ...]:
        """Those that open anything, the current one first."""
        return (self.current, *self.former)

    @property
    def ever(self) -> tuple[bytes, ...]:
        """All that were ever in use and have not leaked, the current one first."""
        return (self.current, *self.former, *self.oldest)


class KeyRing:
    """The keys of all purposes as a process knows them; `take` brings in those that another process has
    made.
    """

    def __init__(self, keys: Mapping[Purpose, Keys]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, value: bytes) -> "KeyRing":
        """Return a ring with one key for all purposes, as versions before this had it."""
        return cls({one: Keys(value) for one in Purpose})

    def take(self, keys: Mapping[Purpose, Keys]) -> None:
        """Use these from now on."""
        self._keys = dict(keys)

    @property
    def links(self) -> Keys:
        """Seal the links in mail."""
        return self._keys[Purpose.LINKS]

    @property
    def return_paths(self) -> Keys:
        """Seal return paths, and the addresses by which people leave by mail."""
        return self._keys[Purpose.RETURN_PATHS]

    @property
    def suppression(self) -> Keys:
        """Hash the addresses that are never mailed."""
        return self._keys[Purpose.SUPPRESSION]

    @property
    def sessions(self) -> Keys:
        """Seal what a logged-in person's browser keeps."""
        return self._keys[Purpose.SESSIONS]

    @property
    def hubs(self) -> Keys:
        """Seal the addresses that hubs call, and check what they sign."""
        return self._keys[Purpose.HUBS]

    def suppression_hash(self, address: str) -> str:
        """Return the hash under which a normalised address is suppressed from now on."""
        return address_hash(address, self.suppression.current)

    def suppression_hashes(self, address: str) -> tuple[str, ...]:
        """Return all hashes under which a normalised address may be suppressed already, that of
        `suppression_hash` first; those of imported lists of hashes last.
        """
        octets, ever = address.encode(), self.suppression.ever
        plain = _sha256(octets).hexdigest().encode()
        # No generators: this is asked for each reader of each edition.
        return (
            *[keyed(one, _OF_ADDRESS + octets).hex() for one in ever],
            *[keyed(one, _OF_PLAIN + plain).hex() for one in ever],
        )

    def suppression_of_plain(self, plain: str) -> str:
        """Return the hash under which an address is suppressed of which only its plain SHA-256 is known."""
        return hash_of_plain(plain, self.suppression.current)


def arranged(keys: Iterable[Key], now: datetime, overlap: timedelta, signing: bytes | None = None) -> Keys:
    """Return the keys of one purpose as they stand at `now`. `signing` is the one that the settings name, if
    they do.

    A new key is known before it is used, so that no process meets what it cannot check. `keys` holds at least
    one that was made here and is in use, unless `signing` is given.
    """
    sound = [one for one in keys if not one.leaked]
    begun = [one for one in sound if not one.named_by_settings and (one.used_from or one.created_at) <= now]
    newest = max(begun, key=_since, default=None)
    current = signing if signing is not None else newest.value if newest else b""
    rest = sorted((one for one in sound if one.value != current), key=_since, reverse=True)
    return Keys(
        current,
        tuple(one.value for one in rest if one.retired_at is None or one.retired_at + overlap > now),
        tuple(one.value for one in rest if one.retired_at is not None and one.retired_at + overlap <= now),
    )


def _since(key: Key) -> tuple[bool, datetime]:
    return key.retired_at is None, key.used_from or key.created_at


def fingerprint(value: bytes) -> str:
    """Return eight letters that tell keys apart and give nothing away."""
    return keyed(value, b"fingerprint")[:4].hex()


def keyed(secret: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA-256 (RFC 2104).

    `hmac.digest` lets other threads in at every call; for these few bytes the change of threads costs more
    than the hash.
    """
    begun, ending = _begun(secret)
    inner, outer = begun.copy(), ending.copy()
    inner.update(message)
    outer.update(inner.digest())
    sealed: bytes = outer.digest()
    return sealed


@lru_cache(maxsize=64)
def _begun(secret: bytes) -> tuple[Any, Any]:
    """Return both hashes with the key's block in them, to be copied."""
    key = (secret if len(secret) <= _BLOCK else sha256(secret).digest()).ljust(_BLOCK, b"\0")
    return _sha256(key.translate(_INNER)), _sha256(key.translate(_OUTER))


def address_hash(address: str, secret: bytes) -> str:
    """Return the keyed hash of a normalised address, in hex."""
    return keyed(secret, _OF_ADDRESS + address.encode()).hex()


def hash_of_plain(plain: str, secret: bytes) -> str:
    """Return the keyed hash of the plain SHA-256 of a normalised address, both in hex: a plain one tells
    whoever reads it whose it is.
    """
    return keyed(secret, _OF_PLAIN + plain.encode()).hex()
