"""Providers' calls: the true ones in one form, the forged ones refused."""

import base64
import hmac
import json
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks import mailgun, postmark, sendgrid
from digest.deliver.webhooks.common import ForgedCallError, ProviderEvent
from digest.errors import ConfigError, InputError
from tests.builders import NOW
from tests.unit.deliver.provider_calls import OURS, READER, summary

STAMP = str(int(NOW.timestamp()))
# Postmark

LOGIN = {"authorization": "Basic " + base64.b64encode(b"mujaz:hush").decode()}


def from_postmark(call: Any, headers: dict[str, str] = LOGIN) -> tuple[ProviderEvent, ...]:
    return postmark.read(json.dumps(call).encode(), headers, login="mujaz:hush", now=NOW)


def test_postmark_reports_bounces_and_complaints() -> None:
    bounce = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "Email": READER,
        "Details": "smtp;550 5.1.1 No such user",
        "BouncedAt": "2026-01-05T03:59:00Z",
        "Metadata": {"message_id": OURS},
    }
    (notice,) = from_postmark(bounce)
    assert summary((notice,)) == [(Event.BOUNCE, Weight.HARD, "5.1.1", READER)]
    assert (notice.message_id, notice.at) == (OURS, NOW - timedelta(minutes=1))
    assert notice.report().read_by == "postmark"
    assert summary(from_postmark({**bounce, "Type": "SoftBounce", "Details": ""}))[0][1] is Weight.SOFT
    assert summary(from_postmark({**bounce, "Type": "Blocked"}))[0][1] is Weight.BLOCK
    assert from_postmark({**bounce, "Type": "AutoResponder"}) == ()
    assert summary(from_postmark({"RecordType": "SpamComplaint", "Email": READER}))[0][0] is Event.COMPLAINT
    assert summary(from_postmark({"RecordType": "Delivery", "Recipient": READER}))[0][0] is Event.DELIVERED
    assert from_postmark({"RecordType": "Open"}) == ()


@pytest.mark.parametrize("headers", [{}, {"authorization": ""}, {"authorization": "Basic bXVqYXo6d3Jvbmc="}])
def test_a_call_without_the_login_is_forged(headers: dict[str, str]) -> None:
    with pytest.raises(ForgedCallError):
        from_postmark({"RecordType": "SpamComplaint", "Email": READER}, headers)


# Mailgun


def from_mailgun(
    data: Any, *, key: str = "key", stamp: str = STAMP, signed_with: str = "key"
) -> tuple[ProviderEvent, ...]:
    signature = hmac.new(signed_with.encode(), f"{stamp}token".encode(), sha256).hexdigest()
    call = {"signature": {"timestamp": stamp, "token": "token", "signature": signature}, "event-data": data}
    return mailgun.read(json.dumps(call).encode(), key=key, now=NOW)


def test_mailgun_reports_bounces_and_complaints() -> None:
    failed = {
        "event": "failed",
        "severity": "permanent",
        "recipient": READER,
        "timestamp": NOW.timestamp(),
        "message": {"headers": {"message-id": "abc@mujaz.example"}},
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
    }
    (notice,) = from_mailgun(failed)
    assert summary((notice,)) == [(Event.BOUNCE, Weight.HARD, "5.1.1", READER)]
    assert (notice.message_id, notice.at) == (OURS, NOW)
    assert summary(from_mailgun({**failed, "severity": "temporary"}))[0][1] is Weight.SOFT
    assert (
        summary(from_mailgun({**failed, "delivery-status": {}, "reason": "suppress-bounce"}))[0][1]
        is Weight.HARD
    )
    blocked = {**failed, "delivery-status": {"message": "5.7.1 blocked"}}
    assert summary(from_mailgun(blocked))[0][1] is Weight.BLOCK
    assert summary(from_mailgun({"event": "complained", "recipient": READER}))[0][0] is Event.COMPLAINT
    assert summary(from_mailgun({"event": "delivered", "recipient": READER}))[0][0] is Event.DELIVERED
    assert from_mailgun({"event": "opened"}) == ()


def test_a_mailgun_call_of_a_stranger_or_of_yesterday_is_refused() -> None:
    data = {"event": "complained", "recipient": READER}
    with pytest.raises(ForgedCallError, match="signature"):
        from_mailgun(data, signed_with="other")
    with pytest.raises(ForgedCallError, match="signature"):
        from_mailgun(data, key="", signed_with="")
    for stamp in (str(int(STAMP) - 86_400), str(int(STAMP) + 86_400), "-1", "soon", "9" * 40):
        with pytest.raises(ForgedCallError):
            from_mailgun(data, stamp=stamp)


# SendGrid

ECDSA = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    ECDSA.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()


def from_sendgrid(events: Any, *, stamp: str = STAMP, change: bytes = b"") -> tuple[ProviderEvent, ...]:
    body = json.dumps(events).encode()
    signature = base64.b64encode(ECDSA.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {sendgrid.SIGNATURE: signature, sendgrid.STAMP: stamp}
    return sendgrid.read(body + change, headers, key=PUBLIC, now=NOW)


def test_sendgrid_reports_many_at_once() -> None:
    events = [
        {"event": "bounce", "type": "bounce", "email": READER, "status": "5.1.1", "reason": "550 5.1.1 none", "timestamp": int(STAMP), "smtp-id": OURS},
        {"event": "bounce", "type": "blocked", "email": "a@mujaz.example", "status": "5.0.0", "reason": "550 no"},
        {"event": "deferred", "email": "b@mujaz.example", "reason": "451 4.7.1 later"},
        {"event": "dropped", "email": "c@mujaz.example", "reason": "Bounced Address"},
        {"event": "dropped", "email": "d@mujaz.example", "reason": "Unsubscribed Address"},
        {"event": "spamreport", "email": "e@mujaz.example"},
        {"event": "delivered", "email": "f@mujaz.example"},
        {"event": "open", "email": "g@mujaz.example"},
        "nonsense",
    ]  # fmt: skip
    notices = from_sendgrid(events)
    assert [(one.event.value, one.weight.value) for one in notices] == [
        ("bounce", "hard"),
        ("bounce", "block"),
        ("bounce", "soft"),
        ("bounce", "hard"),
        ("complaint", "hard"),
        ("delivered", "soft"),
    ]
    assert (notices[0].code, notices[0].message_id, notices[0].at) == ("5.1.1", OURS, NOW)


def test_a_sendgrid_call_that_was_changed_is_refused() -> None:
    with pytest.raises(ForgedCallError):
        from_sendgrid([], change=b" ")
    with pytest.raises(ForgedCallError):
        from_sendgrid([], stamp="1000000000")
    with pytest.raises(ForgedCallError):
        sendgrid.read(b"[]", {}, key=PUBLIC, now=NOW)
    with pytest.raises(InputError):
        from_sendgrid({"event": "bounce"})
    with pytest.raises(ConfigError, match="sendgrid_key"):
        sendgrid.read(b"[]", {}, key="AAAA", now=NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["event", "reason", "signature", "email", "RecordType", "Type"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(JSON)
def test_no_call_whatever_raises_anything_but_our_errors(call: Any) -> None:
    body = json.dumps(call).encode()
    for attempt in (
        lambda: from_postmark(call),
        lambda: from_mailgun(call),
        lambda: from_sendgrid(call),
        lambda: mailgun.read(body, key="key", now=NOW),
        lambda: mailgun.read(body[:-1], key="key", now=NOW),
    ):
        with suppress(InputError):
            assert isinstance(attempt(), tuple)
