"""Amazon SES through SNS: each call is signed by a certificate of Amazon's; many recipients a call."""

import base64
import binascii
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks.common import (
    OLDEST,
    ForgedCallError,
    ProviderEvent,
    bracketed,
    instant,
    member,
    parsed,
    words,
)

PROVIDER = "ses"
TOPIC = "x-amz-sns-topic-arn"
"""The header in which SNS names the topic, as the call itself does."""
HOST = re.compile(r"sns\.[a-z]{2}(?:-[a-z]+)+-\d\.amazonaws\.com(?:\.cn)?")
SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
HASHES: dict[str, HashAlgorithm] = {"1": SHA1(), "2": SHA256()}  # noqa: S303 - version 1 is Amazon's choice, not ours


async def read(
    body: bytes, *, topic: str, now: datetime, fetch: Callable[[str], Awaitable[bytes]]
) -> tuple[tuple[ProviderEvent, ...], str | None]:
    """Check a call and read it; returns its notices and the address to visit once, when it asks to confirm
    the topic.

    `topic` is the ARN of the only topic that is listened to. `fetch` gets a certificate (PEM) from an address
    that has been found to be Amazon's; it may keep what it got.

    Raises:
        ForgedCallError: the call is not signed by Amazon, is of another topic, or old.
        InputError: the call cannot be read.
    """
    call = parsed(body)
    kind = words(member(call, "Type"))
    if kind not in SIGNED or not topic or member(call, "TopicArn") != topic:
        raise ForgedCallError("The call is not of the topic that is listened to.")
    await _checked(call, kind, fetch)
    if abs(now - instant(member(call, "Timestamp"), now)) > OLDEST:
        raise ForgedCallError("The call is too old or its clock is wrong.")
    if kind == "SubscriptionConfirmation":
        return (), _amazons(words(member(call, "SubscribeURL")))
    return notices(parsed(str(member(call, "Message") or "").encode()), now), None


async def _checked(call: Any, kind: str, fetch: Callable[[str], Awaitable[bytes]]) -> None:
    algorithm = HASHES.get(words(member(call, "SignatureVersion")))
    address = _amazons(words(member(call, "SigningCertURL")))
    if algorithm is None or not urlsplit(address).path.endswith(".pem"):
        raise ForgedCallError("The call's signature is of no known kind.")
    rows = [f"{name}\n{call[name]}\n" for name in SIGNED[kind] if isinstance(call.get(name), str)]
    try:
        public = x509.load_pem_x509_certificate(await fetch(address)).public_key()
        signature = base64.b64decode(_text(call.get("Signature")), validate=True)
        if isinstance(public, RSAPublicKey):
            public.verify(signature, "".join(rows).encode(), PKCS1v15(), algorithm)
            return
    except (InvalidSignature, binascii.Error, ValueError):
        pass
    raise ForgedCallError("The call's signature is wrong.")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _amazons(address: str) -> str:
    """Return an address when it is one of SNS, by HTTPS.

    Raises:
        ForgedCallError: it is not.
    """
    try:
        parts = urlsplit(address)
        right = parts.scheme == "https" and parts.netloc == parts.hostname and HOST.fullmatch(parts.netloc)
    except ValueError:
        right = None
    if not right:
        raise ForgedCallError("The call names an address that is not Amazon's.")
    return address


def notices(content: Any, now: datetime) -> tuple[ProviderEvent, ...]:
    kind = member(content, "notificationType") or member(content, "eventType")
    rows: list[tuple[Event, Weight, str, str, str]] = []
    group = words(kind).lower()
    about = member(content, group)
    if kind == "Bounce":
        for one in _list(about, "bouncedRecipients"):
            said = words(member(one, "diagnosticCode"))
            weight, code = classify(
                words(member(one, "status")), said, words(member(one, "action")) or "failed"
            )
            if member(about, "bounceType") == "Transient":
                weight = Weight.SOFT
            rows.append((Event.BOUNCE, weight, code, words(member(one, "emailAddress")), said))
    elif kind == "Complaint" and member(about, "complaintSubType") != "OnAccountSuppressionList":
        said = words(member(about, "complaintFeedbackType")) or "abuse"
        rows = [
            (Event.COMPLAINT, Weight.HARD, "", words(member(one, "emailAddress")), said)
            for one in _list(about, "complainedRecipients")
        ]
    elif kind == "Delivery":
        said = words(member(about, "smtpResponse"))
        recipients = _list(about, "recipients")
        rows = [(Event.DELIVERED, Weight.SOFT, "", words(one), said) for one in recipients]
    message_id = bracketed(member(content, "mail", "commonHeaders", "messageId"))
    at = instant(member(about, "timestamp"), now)
    return tuple(
        ProviderEvent(
            provider=PROVIDER,
            event=event,
            weight=weight,
            code=code,
            address=address,
            message_id=message_id,
            at=at,
            words=said,
        )
        for event, weight, code, address, said in rows
        if address
    )


def _list(value: Any, name: str) -> list[Any]:
    found = member(value, name)
    return found if isinstance(found, list) else []
