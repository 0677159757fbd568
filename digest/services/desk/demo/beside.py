"""What the invented newsroom has beside its mail: channels with their ledgers, and opened links."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import (
    Channel,
    ChannelKind,
    ChannelPost,
    ClickCount,
    Edition,
    EditionState,
    MailingList,
    PostState,
)
from digest.model.rows import row_id

POSTED = 12
FAILED_AT = 3
LINKS = 14
DAYS_OPENED = (9, 4, 1)
"""Of so many who open a link, by the days after its edition."""


async def plant(session: AsyncSession, mailing_list: MailingList, now: datetime) -> None:
    """Give a list two channels of Telegram's, which nothing is posted to without a bot, and opened links."""
    query = (
        select(Edition)
        .where(Edition.list_id == mailing_list.id, Edition.state == EditionState.FINISHED)
        .order_by(col(Edition.number).desc())
    )
    editions = (await session.exec(query)).all()
    news = _channel(mailing_list, "قناة القرّاء", "@mujaz_example", now)
    editors = _channel(mailing_list, "غرفة التحرير", "-1001234567890", now)
    editors.editions = editors.alerts = False
    editors.approvals, editors.paused_at = True, now - timedelta(days=2)
    session.add_all([news, editors])
    await session.flush()
    posts = [_post(row_id(news), one, at) for at, one in enumerate(editions[:POSTED])]
    session.add_all(reversed(posts))  # the newest has the largest number
    mailing_list.count_clicks = True
    session.add(mailing_list)
    session.add_all(_clicks(editions, now))


def _channel(mailing_list: MailingList, name: str, target: str, now: datetime) -> Channel:
    return Channel(
        name=name,
        kind=ChannelKind.TELEGRAM,
        list_id=row_id(mailing_list),
        target=target,
        created_at=now - timedelta(days=40),
    )


def _post(channel_id: int, edition: Edition, at: int) -> ChannelPost:
    began = edition.started_at or edition.created_at
    has_failed = at == FAILED_AT
    return ChannelPost(
        channel_id=channel_id,
        edition_id=row_id(edition),
        state=PostState.FAILED if has_failed else PostState.SENT,
        parts=[] if has_failed else [{"message": 100 + at * 2 + part, "mark": ""} for part in range(2)],
        revision=1 if at == 1 else 0,
        created_at=began,
        attempts=6 if has_failed else 1,
        posted_at=None if has_failed else began + timedelta(seconds=20),
        error="Telegram answered 502" if has_failed else "",
    )


def _clicks(editions: Sequence[Edition], now: datetime) -> list[ClickCount]:
    """The first links of an edition are opened most, and on its own day."""
    found = []
    for edition in editions:
        for after, share in enumerate(DAYS_OPENED):
            day = edition.local_date + timedelta(days=after)
            if day > now.date():
                continue
            found += [
                ClickCount(
                    edition_id=row_id(edition),
                    link=link,
                    day=day,
                    clicks=share * (LINKS - link) + (edition.number * 7 + link * 3) % 11 + 1,
                )
                for link in range(LINKS)
            ]
    return found
