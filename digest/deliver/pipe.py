"""`digest tool bounce`: a returned mail, or what a provider reports, to its events."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from digest.deliver.bounces.parse.read import read
from digest.deliver.bounces.report import BounceReport, Event

NO_TIME = datetime.fromtimestamp(0, UTC)
"""What stands for the time of a notification that names none: the answer tells no time."""


def answer(item: dict[str, Any]) -> dict[str, Any]:
    """Return the events of one line, or why it cannot be read. `provider` ses: the bytes are a notification
    as JSON.
    """
    try:
        content = base64.b64decode("".join((item.get("base64") or "").split()), validate=True)
        events = [*map(_event, _reports(content, item.get("provider")))]
    except (binascii.Error, AttributeError, ValueError, RecursionError) as error:
        return {"id": item.get("id"), "error": f"It cannot be read: {error}"}
    return {"id": item.get("id"), "events": events}


def _reports(content: bytes, provider: object) -> Iterable[BounceReport]:
    if not provider:
        return read(content)
    if provider != "ses":
        raise ValueError("the provider is none of: ses")
    # Only calls of providers need these, which are slow to load.
    from digest.deliver.webhooks import ses
    from digest.deliver.webhooks.common import member

    document = json.loads(content)
    inner = member(document, "Message")
    notices = ses.notices(json.loads(inner) if isinstance(inner, str) else document, NO_TIME)
    return [one.report() for one in notices if one.event is not Event.DELIVERED]


def _event(report: BounceReport) -> dict[str, str]:
    weight = "" if report.event is Event.COMPLAINT else report.weight.value
    return {"event": report.event.value, "weight": weight, "address": report.address}
