"""`digest tool bounce`: a mail or a provider's notification becomes events; what cannot be read says so."""

import base64
import json
from typing import Any

import pytest

from digest.deliver.pipe import answer
from tests.unit.deliver.bounces.returned import READER, complaint, plain, returned


def asked(content: bytes, **fields: Any) -> dict[str, Any]:
    return answer({"id": "7", "base64": base64.b64encode(content).decode(), **fields})


def test_a_returned_mail_becomes_events() -> None:
    bounce = {"event": "bounce", "weight": "hard", "address": READER}
    assert asked(returned("postfix", "5.1.1", "550 5.1.1 no such user")) == {"id": "7", "events": [bounce]}
    assert asked(complaint())["events"] == [{"event": "complaint", "weight": "", "address": READER}]
    assert asked(plain("Out of office", "I am away", sender=READER)) == {"id": "7", "events": []}


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_notification_of_amazons_becomes_events(wrapped: bool) -> None:
    recipients = [
        {"emailAddress": READER, "status": "5.1.1", "diagnosticCode": "smtp; 552 5.2.2 mailbox full"}
    ]
    told: dict[str, Any] = {
        "notificationType": "Bounce",
        "bounce": {"bounceType": "Permanent", "bouncedRecipients": recipients},
    }
    content = {"Type": "Notification", "Message": json.dumps(told)} if wrapped else told
    events = asked(json.dumps(content).encode(), provider="ses")["events"]
    assert events == [{"event": "bounce", "weight": "soft", "address": READER}]


@pytest.mark.parametrize(
    "item",
    [
        {"base64": "!"},
        {"base64": 7},
        {"base64": base64.b64encode(b"no JSON").decode(), "provider": "ses"},
        {"base64": "", "provider": "pigeon"},
    ],
)
def test_what_cannot_be_read_says_so(item: dict[str, Any]) -> None:
    assert "cannot be read" in answer({"id": 3, **item})["error"]


def test_nothing_is_reported_by_nothing() -> None:
    assert answer({"id": None}) == {"id": None, "events": []}
