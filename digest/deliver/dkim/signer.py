"""Sign messages by RSA and Ed25519 (RFC 6376, RFC 8463).

Only the private-key operation costs: the constant opening of an edition's body is hashed once, and the rest
of the body and the header are short.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from digest.deliver.dkim import keys
from digest.deliver.dkim.canonical import fields, relaxed_body, relaxed_header, relaxed_lines
from digest.deliver.dkim.keys import PrivateKey
from digest.errors import ConfigError
from digest.settings import DkimSettings
from digest.text.addresses.domain import domain_of

SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version", b"content-type",
    b"content-transfer-encoding", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"list-archive",
    b"feedback-id", b"auto-submitted",
)  # fmt: skip
"""Fields that are signed where they stand. RFC 8058 §4 wants both List-Unsubscribe fields covered."""
SEALED = (b"from", b"to", b"subject", b"date", b"message-id", b"reply-to")
"""Fields that are signed once more than they stand, so that nobody can add another (RFC 6376 §8.15)."""
KEPT_OPENINGS = 64
"""An edition has one for each choice of sections in each form (base64, 8-bit); more of them are hashed again.
"""
PREHASHED = Prehashed(hashes.SHA256())
LABEL = re.compile(
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)


class Hash(Protocol):
    """A SHA-256 that has taken in something already."""

    def copy(self) -> "Hash":
        """Return another that has taken in the same."""

    def update(self, data: bytes, /) -> None:
        """Take in more."""

    def digest(self) -> bytes:
        """Return the hash of all that was taken in."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The constant beginning of an edition's bodies: hashed but for the blanks it ends with."""

    content: bytes
    taken: Hash
    tail: bytes

    @classmethod
    def of(cls, content: bytes) -> "Opening":
        """Hash an opening once; it may end anywhere, also in the middle of a line."""
        kept = content.rstrip(b" \t\r\n")
        return cls(content, sha256(relaxed_lines(kept)), content[len(kept) :])


@dataclass(frozen=True, slots=True)
class _Seal:
    """One key under its name in DNS."""

    key: PrivateKey
    selector: str

    @property
    def algorithm(self) -> str:
        return f"{keys.kind_of(self.key)}-sha256"

    def sign(self, digest: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(digest, PKCS1v15(), PREHASHED)
        return self.key.sign(digest)


class Signer:
    """Signs with one or two keys of one domain. May be used from several threads."""

    def __init__(self, domain: str, seals: Sequence[tuple[PrivateKey, str]]) -> None:
        for name in (domain, *(selector for _, selector in seals)):
            if not LABEL.fullmatch(name):
                raise ConfigError(
                    f"{name!r} cannot stand in a DKIM signature.",
                    remedy="Domain and selectors are DNS names in ASCII.",
                )
        self._domain = domain
        self._seals = tuple(_Seal(key, selector) for key, selector in seals)
        self._openings: dict[int, Opening] = {}

    def sign(self, message: bytes) -> bytes:
        """Return the message with its signatures before it.

        The message has CRLF lines and is sent as it is from now on; dots may be doubled, that is undone on
        arrival.
        """
        header, _, body = message.partition(b"\r\n\r\n")
        return self.header(header, b"", body) + message

    def header(self, header: bytes, opening: bytes, rest: bytes) -> bytes:
        """Return the signature fields for a message in three, as `PreparedMessage.split` gives it.

        The latest openings are remembered, and one that comes again as the same object is not hashed again.
        """
        begun = self._begun(opening)
        taken = begun.taken.copy()
        ending = relaxed_body(begun.tail + rest)
        taken.update(ending or (b"\r\n" if len(begun.tail) < len(opening) else b""))
        names, lines = _signed_fields(header)
        body_hash = base64.b64encode(taken.digest()).decode()
        return b"".join(self._field(seal, body_hash, names, lines) for seal in self._seals)

    def _begun(self, opening: bytes) -> Opening:
        # By identity: to compare, or to hash for a look-up by value, would cost as much as the signature may
        # save.
        known = self._openings.get(id(opening))
        if known is None or known.content is not opening:
            if len(self._openings) >= KEPT_OPENINGS:
                self._openings = {}
            known = self._openings[id(opening)] = Opening.of(opening)
        return known

    def _field(self, seal: _Seal, body_hash: str, names: str, lines: bytes) -> bytes:
        start = (
            f" v=1; a={seal.algorithm}; c=relaxed/relaxed; d={self._domain};\r\n s={seal.selector};"
            f" bh={body_hash};\r\n h={names};\r\n b="
        ).encode()
        bare = relaxed_header(b"DKIM-Signature", start).removesuffix(b"\r\n")
        signature = base64.b64encode(seal.sign(sha256(lines + bare).digest()))
        folded = b"\r\n ".join(signature[at : at + 72] for at in range(0, len(signature), 72))
        return b"DKIM-Signature:" + start + folded + b"\r\n"


def _signed_fields(header: bytes) -> tuple[str, bytes]:
    """Return the h= list, folded, and the relaxed fields in its order."""
    present: dict[bytes, list[bytes]] = {}
    for name, value in fields(header):
        present.setdefault(name.strip().lower(), []).append(relaxed_header(name, value))
    names: list[str] = []
    lines: list[bytes] = []
    for name in SIGNED:
        found = present.get(name, [])
        # From the last upwards, as verifiers take them; one name more than there are fields seals against
        # more.
        lines += reversed(found)
        names += [name.decode()] * (len(found) + (name in SEALED))
    rows = [":".join(names[at : at + 5]) for at in range(0, len(names), 5)]
    return ":\r\n  ".join(rows), b"".join(lines)


def from_settings(settings: DkimSettings, sender: str) -> Signer | None:
    """Return a signer for the settings, None when no key is named. `sender` is the address in From.

    Raises:
        ConfigError: a key cannot be used, or the domain is not the sender's or one above it (DMARC would not
            count it).
    """
    named = (
        (settings.rsa_key, settings.rsa_selector, "rsa"),
        (settings.ed25519_key, settings.ed25519_selector, "ed25519"),
    )
    seals: list[tuple[PrivateKey, str]] = []
    for file, selector, kind in named:
        if file is None:
            continue
        key = keys.load(file)
        if keys.kind_of(key) != kind:
            raise ConfigError(
                f"{file} is named by dkim.{kind}_key and holds no such key.", remedy="Correct it."
            )
        seals.append((key, selector))
    if not seals:
        return None
    if settings.rsa_key is None:
        raise ConfigError(
            "An Ed25519 key alone is named, and many receivers check RSA signatures only.",
            remedy="Name an RSA key too, by dkim.rsa_key.",
        )
    own = domain_of(sender).lower()
    domain = (settings.domain or own).lower()
    if own != domain and not own.endswith(f".{domain}"):
        raise ConfigError(
            f"dkim.domain is {domain}, and mail comes from {own}: receivers would not count the signature.",
            remedy="Sign with the sender's domain or one above it.",
        )
    return Signer(domain, seals)
