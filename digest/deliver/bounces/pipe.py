"""`digest tool bounce`: a returned mail to what it reports."""

import base64
import binascii
from typing import Any

from digest.deliver.bounces.read import read
from digest.deliver.bounces.report import Event


def answer(item: dict[str, Any]) -> dict[str, Any]:
    """Return the events of one line, or why it cannot be read."""
    try:
        content = base64.b64decode(item.get("base64") or "", validate=False)
    except (binascii.Error, TypeError, ValueError) as error:
        return {"id": item.get("id"), "error": f"base64 cannot be read: {error}"}
    events = [
        {
            "event": one.event.value,
            "weight": "" if one.event is Event.COMPLAINT else one.weight.value,
            "address": one.address,
        }
        for one in read(content)
    ]
    return {"id": item.get("id"), "events": events}
