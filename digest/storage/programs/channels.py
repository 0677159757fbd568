"""Channels and their ledger in the store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Channel, ChannelPost, Edition, MailingList, PostState
from digest.storage import tries

LEASE = timedelta(minutes=5)
"""A post that somebody makes is nobody else's for so long."""


async def add(session: AsyncSession, channel: Channel) -> Channel:
    """Keep a new channel, or a changed one."""
    session.add(channel)
    await session.flush()
    return channel


async def by_name(session: AsyncSession, name: str) -> Channel | None:
    """Return the channel of a name, or None."""
    return (await session.exec(select(Channel).where(Channel.name == name))).first()


async def every(session: AsyncSession) -> list[tuple[Channel, str]]:
    """Return all channels by name, with the slugs of their lists."""
    query = select(Channel, MailingList.slug).join(MailingList, col(MailingList.id) == col(Channel.list_id))
    return [(one, slug) for one, slug in (await session.exec(query.order_by(Channel.name))).all()]


async def books(session: AsyncSession) -> dict[int, dict[str, int]]:
    """Return how many posts stand in each state, by channel."""
    query = select(ChannelPost.channel_id, ChannelPost.state, func.count()).group_by(
        col(ChannelPost.channel_id), col(ChannelPost.state)
    )
    found: dict[int, dict[str, int]] = {}
    for channel_id, state, count in (await session.exec(query)).all():
        found.setdefault(channel_id, {})[PostState(state).value] = count
    return found


async def due(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the posts that should be made now, who waits longest first; those to paused channels wait."""
    return await tries.due(session, ChannelPost, now, limit, _is_open())


def _is_open() -> ColumnElement[bool]:
    return exists().where(col(Channel.id) == col(ChannelPost.channel_id), col(Channel.paused_at).is_(None))


async def take(
    session: AsyncSession, post_id: int, now: datetime
) -> tuple[ChannelPost, Channel, Edition, MailingList] | None:
    """Take a due post, with all that it is about. None: it is not due, or somebody else has it."""
    if await tries.lease(session, ChannelPost, post_id, now, LEASE, _is_open(), error="") is None:
        return None
    query = (
        select(ChannelPost, Channel, Edition, MailingList)
        .join(Channel, col(Channel.id) == col(ChannelPost.channel_id))
        .join(Edition, col(Edition.id) == col(ChannelPost.edition_id))
        .join(MailingList, col(MailingList.id) == col(Channel.list_id))
        .where(col(ChannelPost.id) == post_id)
    )
    return (await session.exec(query)).one()


async def keep_parts(session: AsyncSession, post_id: int, parts: Sequence[dict[str, Any]]) -> None:
    """Keep what stands in the channel by now."""
    await session.exec(update(ChannelPost).where(col(ChannelPost.id) == post_id).values(parts=list(parts)))


async def settle(
    session: AsyncSession,
    post_id: int,
    *,
    state: PostState,
    error: str,
    posted_at: datetime | None,
    next_try_at: datetime | None,
    revision: int,
) -> None:
    """Write how a try ended, unless it was corrected meanwhile: then it stays due."""
    await session.exec(
        update(ChannelPost)
        .where(col(ChannelPost.id) == post_id, col(ChannelPost.revision) == revision)
        .values(state=state, error=error, posted_at=posted_at, next_try_at=next_try_at)
    )


async def breaks(session: AsyncSession, channel_id: int, why: str) -> None:
    """Post nothing to a channel any more; what waits for it has failed."""
    await session.exec(update(Channel).where(col(Channel.id) == channel_id).values(broken=why))
    await session.exec(
        update(ChannelPost)
        .where(col(ChannelPost.channel_id) == channel_id, col(ChannelPost.state) == PostState.WAITING)
        .values(state=PostState.FAILED, next_try_at=None, error=why)
    )


async def corrected(session: AsyncSession, list_id: int, number: int, now: datetime) -> None:
    """Have the posts of an edition changed, because something in it was corrected."""
    mine = select(Edition.id).where(Edition.list_id == list_id, Edition.number == number)
    of_readers = select(Channel.id).where(col(Channel.approvals).is_(other=False))
    await session.exec(
        update(ChannelPost)
        .where(
            col(ChannelPost.edition_id).in_(mine),
            col(ChannelPost.channel_id).in_(of_readers),
            col(ChannelPost.state) != PostState.FAILED,
        )
        .values(
            state=PostState.WAITING,
            revision=col(ChannelPost.revision) + 1,
            attempts=0,
            next_try_at=now,
        )
    )


async def again(session: AsyncSession, channel_id: int, now: datetime, post_id: int | None = None) -> int:
    """Have posts made again that failed, and those now that wait for another try: all, or one; returns how
    many.

    What somebody is making at this moment, its lease says so, is left alone.
    """
    waits = and_(
        col(ChannelPost.state) == PostState.WAITING,
        col(ChannelPost.error) != "",
        col(ChannelPost.next_try_at) > now,
    )
    chosen = [] if post_id is None else [col(ChannelPost.id) == post_id]
    done = await session.exec(
        update(ChannelPost)
        .where(
            col(ChannelPost.channel_id) == channel_id,
            or_(col(ChannelPost.state) == PostState.FAILED, waits),
            *chosen,
        )
        .values(state=PostState.WAITING, attempts=0, next_try_at=now, error="")
    )
    return done.rowcount


async def of_list(session: AsyncSession, list_id: int) -> list[Channel]:
    """Return a list's channels by name."""
    return list(
        (await session.exec(select(Channel).where(Channel.list_id == list_id).order_by(Channel.name))).all()
    )


async def log_of(session: AsyncSession, channel_id: int, limit: int) -> list[tuple[ChannelPost, int]]:
    """Return a channel's posts with the numbers of their editions, newest first."""
    query = (
        select(ChannelPost, Edition.number)
        .join(Edition, col(Edition.id) == col(ChannelPost.edition_id))
        .where(ChannelPost.channel_id == channel_id)
        .order_by(col(ChannelPost.id).desc())
        .limit(limit)
    )
    return [(post, number) for post, number in (await session.exec(query)).all()]
