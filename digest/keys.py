"""Seal with keys: HMAC over short messages, and hashes of addresses."""

from functools import lru_cache
from hashlib import sha256

_INNER, _OUTER = (bytes(octet ^ pad for octet in range(256)) for pad in (0x36, 0x5C))
_BLOCK = 64
"""Octets of one block of SHA-256, to which HMAC fills up the key."""


def keyed(secret: bytes, message: bytes) -> bytes:
    """Return HMAC-SHA-256 (RFC 2104).

    `hmac.digest` lets other threads in at every call; for these few bytes the change of threads costs more than the hash.
    """
    inner, outer = _pads(secret)
    return sha256(outer + sha256(inner + message).digest()).digest()


@lru_cache(maxsize=8)
def _pads(secret: bytes) -> tuple[bytes, bytes]:
    key = (secret if len(secret) <= _BLOCK else sha256(secret).digest()).ljust(_BLOCK, b"\0")
    return key.translate(_INNER), key.translate(_OUTER)


def address_hash(address: str, secret: bytes) -> str:
    """Return the keyed hash under which a normalised address is suppressed, in hex."""
    return keyed(secret, b"suppression:" + address.encode()).hex()
