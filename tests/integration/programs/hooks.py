"""A webhook that is set up, and what a receiver makes of its messages."""

import base64
import hashlib
import hmac
from typing import Any

from digest.model import WebhookEvent
from digest.services.app import App
from digest.services.programs import webhooks
from tests.integration.programs.listener import Listener


async def hook(app: App, listener: Listener, *events: WebhookEvent, **more: Any) -> str:
    made = await webhooks.add(
        app, "site", f"http://{listener.host}/hook", [one.value for one in events], **more
    )
    return made.secret


def verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Whether a receiver believes a message, by its own reckoning."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    wanted = base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")
