"""SendGrid: the time and the body, signed by ECDSA; many events a call."""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

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
from digest.errors import ConfigError, InputError

PROVIDER = "sendgrid"
SIGNATURE = "x-twilio-email-event-webhook-signature"
STAMP = "x-twilio-email-event-webhook-timestamp"
NEVER_SENT = ("Bounced Address", "Invalid", "Spam Reporting Address")


def read(body: bytes, headers: Mapping[str, str], *, key: str, now: datetime) -> tuple[ProviderEvent, ...]:
    """Check a call and read its events; those that are of no concern give nothing. `headers` have lower-case
    names.

    `key` is the public key that SendGrid shows for signed events, base64.

    Raises:
        ForgedCallError: the signature is wrong or old.
        InputError: the call cannot be read.
        ConfigError: the key is none.
    """
    stamp = headers.get(STAMP, "")
    public = _public(key)
    try:
        signature = base64.b64decode(headers.get(SIGNATURE, ""), validate=True)
        public.verify(signature, stamp.encode() + body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise ForgedCallError("The call's signature is wrong.") from None
    fresh(stamp, now)
    events = parsed(body)
    if not isinstance(events, list):
        raise InputError("The call is no list of events.")
    found = (_notice(one, now) for one in events)
    return tuple(one for one in found if one is not None)


def _public(key: str) -> EllipticCurvePublicKey:
    try:
        public = load_der_public_key(base64.b64decode(key))
    except (ValueError, binascii.Error) as error:
        raise ConfigError(
            "bounces.sendgrid_key is no public key.", remedy="Copy it from SendGrid."
        ) from error
    if not isinstance(public, EllipticCurvePublicKey):
        raise ConfigError("bounces.sendgrid_key is no ECDSA key.", remedy="Copy it from SendGrid.")
    return public


def _notice(one: Any, now: datetime) -> ProviderEvent | None:
    kind, reason = member(one, "event"), words(member(one, "reason"))
    weight, code = classify(words(member(one, "status")), reason, "failed")
    if kind == "bounce":
        event = Event.BOUNCE
        weight = Weight.BLOCK if member(one, "type") == "blocked" else weight
    elif kind == "deferred":
        event, weight = Event.BOUNCE, Weight.SOFT
    elif kind == "dropped" and reason.startswith(NEVER_SENT):
        event, weight = Event.BOUNCE, Weight.HARD
    elif kind == "spamreport":
        event, weight = Event.COMPLAINT, Weight.HARD
    elif kind == "delivered":
        event, weight, code = Event.DELIVERED, Weight.SOFT, ""
    else:
        return None
    return ProviderEvent(
        provider=PROVIDER,
        event=event,
        weight=weight,
        code=code,
        address=words(member(one, "email")),
        message_id=bracketed(member(one, "smtp-id")),
        at=instant(member(one, "timestamp"), now),
        words=reason,
    )
