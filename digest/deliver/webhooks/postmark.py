"""Postmark: a login in the webhook's address, one event a call."""

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime

from digest.deliver.bounces.parse.classify import classify
from digest.deliver.bounces.report import Event, Weight
from digest.deliver.webhooks.common import (
    ForgedCallError,
    ProviderEvent,
    bracketed,
    instant,
    member,
    parsed,
    words,
)

PROVIDER = "postmark"
WEIGHTS = {
    "HardBounce": Weight.HARD,
    "BadEmailAddress": Weight.HARD,
    "ManuallyDeactivated": Weight.HARD,
    "SpamNotification": Weight.BLOCK,
    "Blocked": Weight.BLOCK,
    "DMARCPolicy": Weight.BLOCK,
    "SMTPApiError": Weight.BLOCK,
    "TemplateRenderingFailed": Weight.BLOCK,
    "VirusNotification": Weight.BLOCK,
    "Unknown": Weight.UNKNOWN,
}
"""Types that say something for good; all others are temporary or answers of programs."""


def check_login(headers: Mapping[str, str], login: str) -> None:
    """Make sure that a call brings the login; `headers` have lower-case names.

    Raises:
        ForgedCallError: it does not.
    """
    asked = b"Basic " + base64.b64encode(login.encode())
    if not login or not hmac.compare_digest(headers.get("authorization", "").encode(), asked):
        raise ForgedCallError("The call brings no login of ours.")


def read(body: bytes, headers: Mapping[str, str], *, login: str, now: datetime) -> tuple[ProviderEvent, ...]:
    """Check a call and read it; events that are of no concern give nothing. `headers` have lower-case names.

    `login` is USER:PASSWORD as it stands in the webhook's address.

    Raises:
        ForgedCallError: the login is wrong.
        InputError: the call cannot be read.
    """
    check_login(headers, login)
    content = parsed(body)
    kind = member(content, "RecordType")
    about = bracketed(member(content, "Metadata", "message_id"))
    if kind == "SpamComplaint":
        event, weight, code = Event.COMPLAINT, Weight.HARD, ""
    elif kind == "Bounce":
        event, named = Event.BOUNCE, words(member(content, "Type"))
        code = classify("", words(member(content, "Details")), "failed")[1]
        weight = WEIGHTS.get(named, Weight.SOFT)
        if named == "AutoResponder":
            return ()
    elif kind == "Delivery":
        event, weight, code = Event.DELIVERED, Weight.SOFT, ""
    else:
        return ()
    return (
        ProviderEvent(
            provider=PROVIDER,
            event=event,
            weight=weight,
            code=code,
            address=words(member(content, "Email") or member(content, "Recipient")),
            message_id=about,
            at=instant(member(content, "BouncedAt") or member(content, "DeliveredAt"), now),
            words=words(member(content, "Details")),
        ),
    )
