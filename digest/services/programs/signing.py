"""Signatures of webhooks, as Standard Webhooks has them (standardwebhooks.com). Pure."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

from digest.errors import InputError

PREFIX = "whsec_"
KEY_BYTES = 32


def new_secret() -> str:
    """Return a new secret, as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    Raises:
        InputError: it is none: 24 to 64 bytes in base64 behind whsec_.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX).encode(), validate=True)
    except (binascii.Error, UnicodeError) as error:
        raise InputError("A webhook's secret is whsec_ and base64.") from error
    if not 24 <= len(key) <= 64:
        raise InputError(f"A webhook's secret has 24 to 64 bytes, this one {len(key)}.")
    return key


def signed(secret: str, message_id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers that a message carries: its name, when it is sent, and the signature over both and
    the body.
    """
    stamp = str(int(at.timestamp()))
    said = b".".join((message_id.encode(), stamp.encode(), body))
    made = base64.b64encode(hmac.new(key_of(secret), said, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{made}",
        "content-type": "application/json",
    }
