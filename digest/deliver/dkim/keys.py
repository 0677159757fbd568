"""Make and read DKIM keys, and print their DNS records."""

import base64
import os
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from digest.errors import ConfigError, InputError

PrivateKey = RSAPrivateKey | Ed25519PrivateKey

BITS = 2048
LEAST_BITS = 1024
STRING = 255
"""Octets that one string of a TXT record may have (RFC 1035 §3.3.14)."""


def load(file: Path) -> PrivateKey:
    """Read a private key from a PEM file.

    Raises:
        ConfigError: the file cannot be read, is readable by others, or holds no RSA or Ed25519 key.
    """
    try:
        mode = file.stat().st_mode
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"The DKIM key {file} cannot be read: {error.strerror}.",
            remedy="Correct dkim.rsa_key and dkim.ed25519_key, or make a key by `digest dkim keygen`.",
        ) from error
    if mode & 0o077:
        raise ConfigError(
            f"The DKIM key {file} can be read by others (mode {mode & 0o777:04o}).",
            remedy=f"Run: chmod 600 {file}",
        )
    key: object = None
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = serialization.load_pem_private_key(content, password=None)
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_BITS:
        raise ConfigError(
            f"The DKIM key {file} has {key.key_size} bits; receivers ignore so short a key.",
            remedy="Make a new one by `digest dkim keygen`.",
        )
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ConfigError(
            f"{file} holds no RSA or Ed25519 key in PEM without a password.",
            remedy="Make one by `digest dkim keygen`.",
        )
    return key


def make(kind: str, file: Path) -> PrivateKey:
    """Make a key ("rsa" or "ed25519") and write it to a new file that only its owner can read.

    Raises:
        InputError: the file is there already, or cannot be written.
    """
    key = Ed25519PrivateKey.generate() if kind == "ed25519" else generate_private_key(65537, BITS)
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Created with its mode, not changed afterwards: there is no moment at which others could open it.
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError(
            f"{file} is there already.", remedy="A key in use must not be overwritten: give another name."
        ) from None
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror}.", remedy="Give another place."
        ) from error
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    return key


def kind_of(key: PrivateKey) -> str:
    """Return "rsa" or "ed25519"."""
    return "rsa" if isinstance(key, RSAPrivateKey) else "ed25519"


def record_value(key: PrivateKey) -> str:
    """Return the content of the key's TXT record (RFC 6376 §3.6.1, RFC 8463 §4)."""
    public = key.public_key()
    if isinstance(key, RSAPrivateKey):
        raw = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return f"v=DKIM1; k={kind_of(key)}; p={base64.b64encode(raw).decode()}"


def zone_line(key: PrivateKey, selector: str, domain: str) -> str:
    """Return the line to add to the domain's zone, long content cut into strings as DNS wants it."""
    value = record_value(key)
    pieces = [value[start : start + STRING] for start in range(0, len(value), STRING)]
    return f"{selector}._domainkey.{domain}. IN TXT " + " ".join(f'"{piece}"' for piece in pieces)
