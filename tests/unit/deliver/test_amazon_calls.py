"""Amazon's calls: the signed ones in one form, the forged ones refused."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks import ses
from digest.deliver.webhooks.common import ForgedCallError, ProviderEvent
from tests.builders import NOW
from tests.unit.deliver.provider_calls import OURS, READER, summary

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
