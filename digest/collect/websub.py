"""WebSub (W3C Recommendation, 2018): forms, signatures and leases."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from digest.model import Source
from digest.model.rows import row_id

LEASE = timedelta(days=10)
RENEW = timedelta(days=1)
"""How long before its end a subscription is renewed."""
LONGEST_LEASE = timedelta(days=30)
DIGITS = {"sha256": 64, "sha384": 96, "sha512": 128}
"""Methods of signing that are believed, and how many hexadecimal digits they give."""


def token(key: bytes, source_id: int) -> str:
    """Return what makes a source's callback address impossible to guess."""
    return hmac.digest(key, f"websub:{source_id}".encode(), "sha256")[:16].hex()


def secret(key: bytes, source_id: int) -> str:
    """Return the secret by which a hub signs what it sends us."""
    return hmac.digest(key, f"websub-secret:{source_id}".encode(), "sha256").hex()


def is_due(source: Source, now: datetime) -> bool:
    """Say whether a source's hub should be asked (again) to tell us of news."""
    return source.hub is not None and (source.hub_until is None or source.hub_until - RENEW <= now)


def request(source: Source, callback: str, key: bytes) -> Mapping[str, str]:
    """Return the form that subscribes to a source at its hub (§5.1)."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": source.topic or source.location,
        "hub.callback": callback,
        "hub.secret": secret(key, row_id(source)),
        "hub.lease_seconds": str(int(LEASE.total_seconds())),
    }


def confirmed(source: Source, query: Mapping[str, str], now: datetime) -> datetime | None:
    """Return until when a hub's question confirms a subscription that we asked for (§5.3), or None."""
    wanted = source.topic or source.location
    if query.get("hub.mode") != "subscribe" or query.get("hub.topic") != wanted or not source.hub:
        return None
    seconds = query.get("hub.lease_seconds", "")
    lease = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 9 else LEASE
    return now + min(lease, LONGEST_LEASE)


def is_signature(header: str) -> bool:
    """Say whether a header has the form of a signature by a method that is believed."""
    method, _, given = header.partition("=")
    given = given.strip()
    size = DIGITS.get(method)
    return size is not None and len(given) == size and given.isalnum() and given.isascii()


def is_signed(header: str, body: bytes, key: bytes, source_id: int) -> bool:
    """Say whether a hub signed a body with our secret (§7.1). SHA-1 is not believed."""
    method, _, given = header.partition("=")
    if method not in DIGITS:
        return False
    expected = hmac.new(secret(key, source_id).encode(), body, method).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())
