"""Providers' calls: the true ones in one form, the forged ones refused."""

import base64
import hmac
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks import mailgun, postmark, sendgrid, ses
from digest.deliver.webhooks.common import ForgedCallError, ProviderEvent
from digest.errors import ConfigError, InputError
from tests.builders import NOW

STAMP = str(int(NOW.timestamp()))
READER = "reader@mujaz.example"
OURS = "<abc@mujaz.example>"


def summary(notices: tuple[ProviderEvent, ...]) -> list[tuple[Event, Weight, str, str]]:
    return [(one.event, one.weight, one.code, one.address) for one in notices]


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


# Amazon SES

TOPIC = "arn:aws:sns:eu-west-1:123456789012:bounces"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"


@pytest.fixture(scope="module")
def amazon() -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return key, made.public_bytes(serialization.Encoding.PEM)


def an_sns_call(key: rsa.RSAPrivateKey, message: Any, **fields: str) -> dict[str, str]:
    call = {
        "Type": "Notification",
        "MessageId": "1",
        "TopicArn": TOPIC,
        "Message": json.dumps(message),
        "Timestamp": "2026-01-05T04:00:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
        **fields,
    }
    rows = "".join(f"{name}\n{call[name]}\n" for name in ses.SIGNED[call["Type"]] if name in call)
    kind = hashes.SHA256() if call["SignatureVersion"] == "2" else hashes.SHA1()
    call["Signature"] = base64.b64encode(key.sign(rows.encode(), padding.PKCS1v15(), kind)).decode()
    return call


async def from_ses(
    amazon: tuple[rsa.RSAPrivateKey, bytes], call: dict[str, str]
) -> tuple[tuple[ProviderEvent, ...], str | None]:
    async def fetch(address: str) -> bytes:
        assert address == CERTIFICATE
        return amazon[1]

    return await ses.read(json.dumps(call).encode(), topic=TOPIC, now=NOW, fetch=fetch)


@pytest.mark.parametrize("version", ["1", "2"])
async def test_ses_reports_every_recipient(amazon: tuple[rsa.RSAPrivateKey, bytes], version: str) -> None:
    bounce = {
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "timestamp": "2026-01-05T03:58:00.000Z",
            "bouncedRecipients": [
                {"emailAddress": READER, "status": "5.1.1", "action": "failed", "diagnosticCode": "smtp; 550 5.1.1 none"},
                {"emailAddress": "b@mujaz.example", "status": "5.7.1", "diagnosticCode": "smtp; 550 5.7.1 blocked"},
            ],
        },
        "mail": {"commonHeaders": {"messageId": OURS}},
    }  # fmt: skip
    notices, visit = await from_ses(amazon, an_sns_call(amazon[0], bounce, SignatureVersion=version))
    assert visit is None
    assert summary(notices) == [
        (Event.BOUNCE, Weight.HARD, "5.1.1", READER),
        (Event.BOUNCE, Weight.BLOCK, "5.7.1", "b@mujaz.example"),
    ]
    assert notices[0].message_id == OURS
    assert notices[0].at == NOW - timedelta(minutes=2)
    bounce["bounce"]["bounceType"] = "Transient"  # type: ignore[index]
    notices, _ = await from_ses(amazon, an_sns_call(amazon[0], bounce))
    assert {one.weight for one in notices} == {Weight.SOFT}


async def test_ses_reports_complaints_and_deliveries(amazon: tuple[rsa.RSAPrivateKey, bytes]) -> None:
    complaint = {
        "notificationType": "Complaint",
        "complaint": {"complainedRecipients": [{"emailAddress": READER}]},
    }
    delivery = {"eventType": "Delivery", "delivery": {"recipients": [READER], "smtpResponse": "250 ok"}}
    for message, event in ((complaint, Event.COMPLAINT), (delivery, Event.DELIVERED)):
        notices, _ = await from_ses(amazon, an_sns_call(amazon[0], message))
        assert [(one.event, one.address) for one in notices] == [(event, READER)]
    assert await from_ses(amazon, an_sns_call(amazon[0], {"eventType": "Open"})) == ((), None)


async def test_a_new_topic_is_confirmed_only_at_amazons_address(
    amazon: tuple[rsa.RSAPrivateKey, bytes],
) -> None:
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "Message": "confirm"}
    right = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    assert await from_ses(amazon, an_sns_call(amazon[0], "", **fields, SubscribeURL=right)) == ((), right)
    for wrong in (
        "https://evil.example/",
        "http://sns.eu-west-1.amazonaws.com/",
        "https://sns.eu-west-1.amazonaws.com.evil.example/",
        "https://sns.eu-west-1.amazonaws.com@evil.example/",
        "https://sns.eu-west-1.amazonaws.com:8443/",
        "https://[broken",
        "",
    ):
        with pytest.raises(ForgedCallError):
            await from_ses(amazon, an_sns_call(amazon[0], "", **fields, SubscribeURL=wrong))


@pytest.mark.parametrize(
    "change",
    [
        {"Message": '{"notificationType": "Complaint"}'},
        {"TopicArn": "arn:aws:sns:eu-west-1:1:other"},
        {"SigningCertURL": "https://evil.example/x.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/x.txt"},
        {"SignatureVersion": "3"},
        {"Signature": ""},
        {"Signature": "AAAA"},
        {"Type": "UnsubscribeConfirmation"},
        {"Timestamp": "2026-01-04T04:00:00.000Z"},
    ],
)
async def test_an_sns_call_that_was_changed_is_refused(
    amazon: tuple[rsa.RSAPrivateKey, bytes], change: dict[str, str]
) -> None:
    with pytest.raises(ForgedCallError):
        await from_ses(amazon, {**an_sns_call(amazon[0], {}), **change})


async def test_an_old_call_is_refused_though_its_signature_is_right(
    amazon: tuple[rsa.RSAPrivateKey, bytes],
) -> None:
    with pytest.raises(ForgedCallError, match="old"):
        await from_ses(amazon, an_sns_call(amazon[0], {}, Timestamp="2026-01-04T04:00:00.000Z"))


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
