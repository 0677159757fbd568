"""Events for programs, written in the transaction in which they happen: nothing is lost, nothing is made up.

Where no webhook is set up, an event costs one look at an empty table.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Channel,
    ChannelPost,
    Edition,
    EditionKind,
    MailingList,
    Subscription,
    Webhook,
    WebhookEvent,
    WebhookMessage,
)
from digest.model.rows import row_id

OF_CONSENT: Mapping[str, WebhookEvent] = {
    "confirmed": WebhookEvent.JOINED,
    "added": WebhookEvent.JOINED,
    "returned": WebhookEvent.JOINED,
    "left": WebhookEvent.LEFT,
    "stopped": WebhookEvent.BOUNCED,
}
"""What an event of consent means to programs; others they are not told of."""


async def note_consent(
    session: AsyncSession, subscription: Subscription, event: str, *, at: datetime, how: str
) -> None:
    """Tell programs that somebody joined, left, or gets no mail any more."""
    kind = OF_CONSENT.get(event)
    if kind is not None:
        await _note(
            session,
            kind,
            subscription.list_id,
            at,
            {"event": event, "how": how},
            subscriber_id=subscription.subscriber_id,
        )


async def note_editions(
    session: AsyncSession, kind: WebhookEvent, edition_ids: Sequence[int], at: datetime
) -> None:
    """Tell programs what happened to editions; of an alert only that it goes out."""
    if not edition_ids or not await _is_anybody_there(session):
        return
    found = await session.exec(
        select(Edition).where(col(Edition.id).in_(edition_ids)).execution_options(populate_existing=True)
    )
    for edition in found.all():
        is_alert = edition.kind is EditionKind.BREAKING
        if is_alert is (kind is WebhookEvent.ALERT):
            await _note(session, kind, edition.list_id, at, _of_edition(edition))


def _of_edition(edition: Edition) -> dict[str, Any]:
    return {
        "number": edition.number,
        "kind": edition.kind.value,
        "local_date": edition.local_date.isoformat(),
        "state": edition.state.value,
        "subject": edition.subject,
        "held_reason": edition.held_reason,
        "planned": edition.planned,
        "due_at": edition.due_at.isoformat() if edition.due_at else None,
    }


async def _is_anybody_there(session: AsyncSession) -> bool:
    return (await session.exec(select(Webhook.id).where(Webhook.stopped == "").limit(1))).first() is not None


async def _note(
    session: AsyncSession,
    kind: WebhookEvent,
    list_id: int,
    at: datetime,
    data: Mapping[str, Any],
    *,
    subscriber_id: int | None = None,
) -> None:
    query = select(Webhook.id, Webhook.events).where(
        Webhook.stopped == "", or_(col(Webhook.list_id).is_(None), col(Webhook.list_id) == list_id)
    )
    found = (await session.exec(query)).all()
    wanting = [one for one, events in found if one is not None and (not events or kind in events)]
    if not wanting:
        return
    slug = (await session.exec(select(MailingList.slug).where(MailingList.id == list_id))).one()
    message_id = new_message_id()
    session.add_all(
        WebhookMessage(
            webhook_id=webhook_id,
            message_id=message_id,
            event=kind.value,
            list_slug=slug,
            subscriber_id=subscriber_id,
            data=dict(data),
            at=at,
            next_try_at=at,
        )
        for webhook_id in wanting
    )
    await session.flush()


def new_message_id() -> str:
    """Return a name for a message: it is the same for every try, and no other message has it."""
    return f"msg_{secrets.token_hex(12)}"


async def note_posts(session: AsyncSession, edition: Edition, at: datetime) -> int:
    """Have an edition that starts posted to its list's channels; returns to how many.

    What is for some readers alone (a segment, weekly readers, who got an alert that was wrong) is not for a
    channel.
    """
    if edition.segment is not None or edition.for_weekly_readers or edition.corrects is not None:
        return 0
    is_alert = edition.kind is EditionKind.BREAKING
    wanted = col(Channel.alerts) if is_alert else col(Channel.editions)
    query = select(Channel.id).where(
        Channel.list_id == edition.list_id,
        Channel.broken == "",
        col(Channel.paused_at).is_(None),
        wanted.is_(other=True),
        col(Channel.approvals).is_(other=False),
    )
    found = [one for one in (await session.exec(query)).all() if one is not None]
    session.add_all(
        ChannelPost(channel_id=one, edition_id=row_id(edition), created_at=at, next_try_at=at)
        for one in found
    )
    await session.flush()
    return len(found)


async def note_awaiting(session: AsyncSession, edition: Edition, at: datetime) -> int:
    """Have the editors' channels told that an edition waits for an approval, once; returns how many are."""
    query = select(Channel.id).where(
        Channel.list_id == edition.list_id,
        Channel.broken == "",
        col(Channel.paused_at).is_(None),
        col(Channel.approvals).is_(other=True),
    )
    known = select(ChannelPost.channel_id).where(ChannelPost.edition_id == row_id(edition))
    query = query.where(col(Channel.id).not_in(known))
    found = [one for one in (await session.exec(query)).all() if one is not None]
    session.add_all(
        ChannelPost(channel_id=one, edition_id=row_id(edition), created_at=at, next_try_at=at)
        for one in found
    )
    await session.flush()
    return len(found)
