"""Drop what is too old to be kept of people: addresses they came from, words of servers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    BounceEvent,
    ConsentEvent,
    Delivery,
    Edition,
    EditionState,
    Notice,
    Subscription,
)

BY_OTHERS = ("import", "undo-import", "admin", "sample")
"""How somebody comes or goes without an address (IP) of the network being kept: a file's name is."""
OVER = (EditionState.FINISHED, EditionState.CANCELLED)


async def drop_ips(session: AsyncSession, before: datetime) -> int:
    """Drop the addresses (IP) that consent came from; returns of how many rows."""
    events = await session.exec(
        update(ConsentEvent)
        .where(
            col(ConsentEvent.at) < before,
            col(ConsentEvent.came_from) != "",
            col(ConsentEvent.how).not_in(BY_OTHERS),
        )
        .values(came_from="")
    )
    asked = col(Subscription.requested_at)
    held = await session.exec(
        update(Subscription)
        .where(
            asked < before,
            or_(col(Subscription.confirmed_at).is_(None), col(Subscription.confirmed_at) < before),
            col(Subscription.consent_from) != "",
            col(Subscription.consent_how).not_in(BY_OTHERS),
        )
        .values(consent_from="")
    )
    return events.rowcount + held.rowcount


async def drop_bounce_words(session: AsyncSession, before: datetime) -> int:
    """Drop the words of returned mail and complaints; what they led to stays. Returns of how many."""
    done = await session.exec(
        update(BounceEvent).where(col(BounceEvent.at) < before, col(BounceEvent.words) != "").values(words="")
    )
    return done.rowcount


async def editions_with_words(session: AsyncSession, before: datetime) -> Sequence[int]:
    """Return the ids of editions that are over since then, and of which servers' words are still kept."""
    query = (
        select(Edition.id)
        .where(
            col(Edition.created_at) < before,
            col(Edition.words_dropped).is_(other=False),
            col(Edition.state).in_(OVER),
        )
        .order_by(col(Edition.id))
    )
    return [one for one in (await session.exec(query)).all() if one is not None]


async def drop_notice_replies(session: AsyncSession, before: datetime) -> int:
    """Drop what servers said of single mails, as confirmations. Returns of how many."""
    done = await session.exec(
        update(Notice).where(col(Notice.created_at) < before, col(Notice.reply) != "").values(reply="")
    )
    return done.rowcount


async def drop_replies(session: AsyncSession, edition_id: int) -> int:
    """Drop what servers said of an edition's mail; codes, states and tries stay. Returns of how many
    mails.
    """
    done = await session.exec(
        update(Delivery).where(col(Delivery.edition_id) == edition_id).values(reply="", history=[])
    )
    await session.exec(update(Edition).where(col(Edition.id) == edition_id).values(words_dropped=True))
    return done.rowcount
