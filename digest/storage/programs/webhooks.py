"""Webhooks and their messages in the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import MailingList, Webhook, WebhookMessage
from digest.storage import tries

LEASE = timedelta(minutes=2)
"""A message that somebody sends is nobody else's for so long."""


async def add(session: AsyncSession, webhook: Webhook) -> Webhook:
    """Keep a new webhook, or a changed one."""
    session.add(webhook)
    await session.flush()
    return webhook


async def by_name(session: AsyncSession, name: str) -> Webhook | None:
    """Return the webhook of a name, or None."""
    return (await session.exec(select(Webhook).where(Webhook.name == name))).first()


async def every(session: AsyncSession) -> list[tuple[Webhook, str]]:
    """Return all webhooks by name, with the slugs of their lists; an empty slug: all lists."""
    query = (
        select(Webhook, MailingList.slug)
        .outerjoin(MailingList, col(MailingList.id) == col(Webhook.list_id))
        .order_by(Webhook.name)
    )
    return [(webhook, slug or "") for webhook, slug in (await session.exec(query)).all()]


async def waiting(session: AsyncSession) -> dict[int, int]:
    """Return how many messages wait, by webhook."""
    query = (
        select(WebhookMessage.webhook_id, func.count())
        .where(col(WebhookMessage.next_try_at).is_not(None))
        .group_by(col(WebhookMessage.webhook_id))
    )
    return dict((await session.exec(query)).all())


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the messages that should be sent now, who waits longest first."""
    return await tries.due(session, WebhookMessage, now, limit)


async def take(
    session: AsyncSession, message_id: int, now: datetime
) -> tuple[WebhookMessage, Webhook] | None:
    """Take a due message for sending. None: it is not due, or somebody else has it."""
    message = await tries.lease(session, WebhookMessage, message_id, now, LEASE)
    webhook = await session.get(Webhook, message.webhook_id) if message else None
    return (message, webhook) if message and webhook else None


async def settle(
    session: AsyncSession,
    message_id: int,
    *,
    status: int | None,
    error: str,
    delivered_at: datetime | None,
    next_try_at: datetime | None,
) -> None:
    """Write how a try ended."""
    await session.exec(
        update(WebhookMessage)
        .where(col(WebhookMessage.id) == message_id)
        .values(status=status, error=error, delivered_at=delivered_at, next_try_at=next_try_at)
    )


async def stop(session: AsyncSession, webhook_id: int, why: str) -> None:
    """Post nothing to a webhook any more; what waits for it is tried no more."""
    await session.exec(update(Webhook).where(col(Webhook.id) == webhook_id).values(stopped=why))
    await session.exec(
        update(WebhookMessage)
        .where(col(WebhookMessage.webhook_id) == webhook_id, col(WebhookMessage.next_try_at).is_not(None))
        .values(next_try_at=None, error=why)
    )


async def log_of(
    session: AsyncSession, webhook_id: int, limit: int, below: int | None = None
) -> Sequence[WebhookMessage]:
    """Return a webhook's messages, newest first; `below` goes on where a page ended."""
    query = select(WebhookMessage).where(WebhookMessage.webhook_id == webhook_id)
    if below is not None:
        query = query.where(col(WebhookMessage.id) < below)
    return (await session.exec(query.order_by(col(WebhookMessage.id).desc()).limit(limit))).all()


async def again(session: AsyncSession, webhook_id: int, now: datetime, ids: Sequence[int] | None) -> int:
    """Have messages sent again (None: all that were not delivered); returns how many."""
    changed = update(WebhookMessage).where(col(WebhookMessage.webhook_id) == webhook_id)
    if ids is None:
        changed = changed.where(col(WebhookMessage.delivered_at).is_(None))
    else:
        changed = changed.where(col(WebhookMessage.id).in_(ids))
    done = await session.exec(changed.values(next_try_at=now, attempts=0, delivered_at=None))
    return done.rowcount


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Forget the messages of long ago that wait for nothing."""
    await session.exec(
        delete(WebhookMessage).where(
            col(WebhookMessage.at) < before, col(WebhookMessage.next_try_at).is_(None)
        )
    )
