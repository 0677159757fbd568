"""Post the messages of webhooks: signed, again until they are taken, never to an address of this network."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from digest.model import Subscriber, WebhookMessage
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.programs.signed_posts import GONE, as_body, post_signed
from digest.storage.programs import webhooks as stored
from digest.storage.tries import again_at

log = structlog.get_logger()

SECONDS = 15.0
WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between tries, as Standard Webhooks advises; a tenth of each at most is added by chance."""


async def due(app: App, limit: int) -> list[int]:
    """Return the messages that should be sent now."""
    async with app.database.read() as session:
        return await stored.due(session, app.clock.now(), limit)


async def asked_at(app: App, number: int) -> datetime | None:
    """Return when what a message tells of happened; None: there is no such message."""
    async with app.database.read() as session:
        message = await session.get(WebhookMessage, number)
    return message.at if message else None


async def post(app: App, number: int) -> bool:
    """Post one message. False: there is none to post.

    What is not taken with 2xx is tried again, nine times within three days; 410 stops the webhook.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        taken = await stored.take(session, number, now)
        person_id = taken[0].subscriber_id if taken else None
        person = await session.get(Subscriber, person_id) if person_id is not None else None
    if taken is None:
        return False
    message, webhook = taken
    body = body_of(message, person)
    done = await post_signed(app, webhook.url, webhook.secret, message.message_id, body, seconds=SECONDS)
    again = None if done.is_taken else _next(app, message.attempts)
    async with app.database.begin() as session:
        await stored.settle(
            session,
            row_id(message),
            status=done.status,
            error=done.problem,
            delivered_at=app.clock.now() if done.is_taken else None,
            next_try_at=again,
        )
        if done.status == GONE:
            await stored.stop(session, row_id(webhook), "It answered 410: it wants no more messages.")
    if not done.is_taken:
        log.warning("webhook.waits", webhook=webhook.name, event_kind=message.event, reason=done.problem)
    return True


def _next(app: App, attempts: int) -> datetime | None:
    longer = 1 + app.random() / 10
    return again_at(attempts - 1, [one * longer for one in WAITS], app.clock.now())


def body_of(message: WebhookMessage, person: Subscriber | None) -> bytes:
    """Return what is posted: what happened, when, and to whom; of who was erased no more than the number."""
    data: dict[str, Any] = {"list": message.list_slug, **message.data}
    if message.subscriber_id is not None:
        data["subscriber"] = {"id": message.subscriber_id}
        if person is not None:
            data["subscriber"] |= {"email": person.email, "name": person.name}
    said = {"type": message.event, "timestamp": message.at.isoformat(), "data": data}
    return as_body(said)
