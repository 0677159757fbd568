"""Rows of work that is tried until it is done: which are due, and taking one of them.

A row is due when its `next_try_at` has come; None: it is done, or given up. Who takes it moves its next try
ahead in the same statement, so that nobody else has it as well, and a process that dies leaves it due again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import AccountLink, Alarm, ApprovalMail, ChannelPost, Notice, WebhookMessage

Row = TypeVar("Row", AccountLink, Alarm, ApprovalMail, ChannelPost, Notice, WebhookMessage)


def again_at(tries: int, waits: Sequence[timedelta], now: datetime) -> datetime | None:
    """Return when work is tried again that was tried so often before; None: not any more."""
    return now + waits[tries] if tries < len(waits) else None


async def due(
    session: AsyncSession, table: type[Row], now: datetime, limit: int, *also: ColumnElement[bool]
) -> list[int]:
    """Return the ids of the rows that are to be tried now, who waits longest first."""
    query = (
        select(table.id)
        .where(col(table.next_try_at) <= now, *also)
        .order_by(col(table.next_try_at), col(table.id))
        .limit(limit)
    )
    return [one for one in (await session.exec(query)).all() if one is not None]


async def take(
    session: AsyncSession,
    table: type[Row],
    row: int,
    now: datetime,
    waits: Sequence[timedelta],
    *also: ColumnElement[bool],
    **values: Any,
) -> Row | None:
    """Take a row that is due for its next try, which comes after the next of these waits, or never. None: it
    is not due, or somebody else has it. `values` are written with it.
    """
    known = await session.get(table, row)
    again = again_at(known.attempts, waits, now) if known else None
    return await _taken(session, table, row, now, again, *also, **values)


async def lease(
    session: AsyncSession,
    table: type[Row],
    row: int,
    now: datetime,
    life: timedelta,
    *also: ColumnElement[bool],
    **values: Any,
) -> Row | None:
    """Take a row that is due for so long; who took it then writes when it is tried again. None: it is not
    due, or somebody else has it. `values` are written with it.
    """
    return await _taken(session, table, row, now, now + life, *also, **values)


async def _taken(
    session: AsyncSession,
    table: type[Row],
    row: int,
    now: datetime,
    again: datetime | None,
    *also: ColumnElement[bool],
    **values: Any,
) -> Row | None:
    taken = await session.exec(
        update(table)
        .where(col(table.id) == row, col(table.next_try_at) <= now, *also)
        .values(next_try_at=again, attempts=col(table.attempts) + 1, **values)
    )
    return await session.get(table, row, populate_existing=True) if taken.rowcount == 1 else None
