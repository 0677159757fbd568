"""Mailgun: a time and a token, signed by HMAC-SHA-256; one event a call."""

import hmac
from datetime import datetime
from hashlib import sha256
from typing import Any

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks.common import (
    ForgedCallError,
    ProviderEvent,
    bracketed,
    fresh,
    instant,
    member,
    parsed,
    words,
)

PROVIDER = "mailgun"
SUPPRESSED = frozenset({"suppress-bounce", "suppress-complaint", "suppress-unsubscribe"})
"""Not tried at all: the provider's own list holds the address."""


def read(body: bytes, *, key: str, now: datetime) -> tuple[ProviderEvent, ...]:
    """Check a call and read it; events that are of no concern give nothing. `key` is the webhook signing key.

    Raises:
        ForgedCallError: the signature is wrong or old.
        InputError: the call cannot be read.
    """
    content = parsed(body)
    stamp, token = (
        words(member(content, "signature", "timestamp")),
        words(member(content, "signature", "token")),
    )
    given = words(member(content, "signature", "signature"))
    right = hmac.new(key.encode(), (stamp + token).encode(), sha256).hexdigest()
    if not key or not hmac.compare_digest(given.encode(), right.encode()):
        raise ForgedCallError("The call's signature is wrong.")
    fresh(stamp, now)
    data = member(content, "event-data")
    judged = _judged(data)
    if judged is None:
        return ()
    event, weight, code = judged
    return (
        ProviderEvent(
            provider=PROVIDER,
            event=event,
            weight=weight,
            code=code,
            address=words(member(data, "recipient")),
            message_id=bracketed(member(data, "message", "headers", "message-id")),
            at=instant(member(data, "timestamp"), now),
            words=words(
                member(data, "delivery-status", "message") or member(data, "delivery-status", "description")
            ),
        ),
    )


def signature_of(body: bytes) -> str:
    """Return the signature of a call that `read` has checked: there is one for each time and token."""
    return words(member(parsed(body), "signature", "signature"))


def _judged(data: Any) -> tuple[Event, Weight, str] | None:
    kind = member(data, "event")
    if kind == "complained":
        return Event.COMPLAINT, Weight.HARD, ""
    if kind == "delivered":
        return Event.DELIVERED, Weight.SOFT, ""
    if kind != "failed":
        return None
    said = words(member(data, "delivery-status", "message"))
    weight, code = classify(words(member(data, "delivery-status", "enhanced-code")), said, "failed")
    if member(data, "severity") == "temporary":
        return Event.BOUNCE, Weight.SOFT, code
    if member(data, "reason") in SUPPRESSED:
        return Event.BOUNCE, Weight.HARD, code
    return Event.BOUNCE, weight, code
