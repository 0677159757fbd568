"""Names that a message has on its way: its Message-ID, and the return path that tells whose bounce it is."""

import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from digest.errors import ConfigError

_SEALED = re.compile(
    r"(?P<kind>[bu])\+(?P<edition>[0-9]{1,19})\.(?P<subscriber>[0-9]{1,19})\.(?P<seal>[0-9a-f]{16})@.+"
)
_INNER, _OUTER = (bytes(octet ^ pad for octet in range(256)) for pad in (0x36, 0x5C))
_BLOCK = 64
"""Octets of one block of SHA-256, to which HMAC fills up the key."""

_DOMAIN = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)


@dataclass(frozen=True, slots=True)
class Returned:
    """Whose mail came back, and of which edition."""

    edition_id: int
    subscriber_id: int


def message_id(seed: str, key: str, domain: str) -> str:
    """Return a Message-ID with its angle brackets. The same seed and key give the same one, so a repeat can be told."""
    fingerprint = sha256(f"{seed}\0{key}".encode()).hexdigest()
    return f"<{fingerprint[:32]}@{ascii_domain(domain)}>"


def return_path(edition_id: int, subscriber_id: int, secret: bytes, domain: str) -> str:
    """Return the envelope sender of one message (VERP): `b+EDITION.SUBSCRIBER.SEAL@DOMAIN`.

    The local part has at most 58 characters, all of them small letters, digits, "+" and ".": nothing that a server on
    the way changes. The seal is 64 bits of HMAC-SHA-256, so that nobody can make up bounces for others.
    """
    place = f"{edition_id}.{subscriber_id}"
    return f"b+{place}.{_seal(place, secret)}@{ascii_domain(domain)}"


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


def leaving_address(path: str) -> str:
    """Return the address by which the owner of a return path leaves the list by mail: the same with a `u` in front.

    Whoever has the mail has both, so one seal serves for both and costs nothing more per message.
    """
    return f"u{path[1:]}"


def read_return_path(address: str, secret: bytes) -> Returned | None:
    """Return whose bounce came to an address; None when it is no return path of ours or its seal is wrong.

    Case and angle brackets do not matter.
    """
    return _read("b", address, secret)


def read_leaving_address(address: str, secret: bytes) -> Returned | None:
    """Return who leaves by a mail to an address, and by which edition's; None as `read_return_path`."""
    return _read("u", address, secret)


def _read(kind: str, address: str, secret: bytes) -> Returned | None:
    found = _SEALED.fullmatch(address.strip().strip("<>").lower())
    if found is None or found["kind"] != kind:
        return None
    place = f"{found['edition']}.{found['subscriber']}"
    if not hmac.compare_digest(found["seal"], _seal(place, secret)):
        return None
    return Returned(int(found["edition"]), int(found["subscriber"]))


@lru_cache(maxsize=64)
def ascii_domain(domain: str) -> str:
    """Return a domain as it stands in headers and envelopes, in its ASCII form (RFC 5890).

    Raises:
        ConfigError: it is no domain.
    """
    if _DOMAIN.fullmatch(domain):
        return domain
    try:
        spelled = domain.encode("idna").decode()
    except UnicodeError:
        spelled = ""
    if not _DOMAIN.fullmatch(spelled):
        raise ConfigError(
            f"{domain!r} is no domain of a mail address.",
            remedy="Correct mail.from_address or mail.bounce_domain.",
        )
    return spelled


def _seal(place: str, secret: bytes) -> str:
    return keyed(secret, f"return-path:{place}".encode())[:8].hex()
