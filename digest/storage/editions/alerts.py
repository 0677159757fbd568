"""Alerts in the store: what was found and decided, and who looks for them now."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Alert, AlertVerdict, AlertWatch, MailingList
from digest.storage.articles.articles import newest_id

LEASE = timedelta(minutes=2)
WAITING = frozenset({AlertVerdict.SOON, AlertVerdict.NIGHT})
"""What may still go out when its time has come."""
LONGEST_WAIT = timedelta(hours=24)


async def watching(session: AsyncSession) -> list[int]:
    """Return the lists that alert their readers by themselves."""
    query = select(MailingList.id).where(
        col(MailingList.enabled).is_(other=True), col(MailingList.alerts).is_(other=True)
    )
    return [one for one in (await session.exec(query.order_by(col(MailingList.id)))).all() if one is not None]


async def unlooked(session: AsyncSession, now: datetime) -> list[int]:
    """Return those of the lists that alert for which articles came since the last look, or an alert waits for
    its time.
    """
    lists = await watching(session)
    if not lists:
        return []
    newest = await newest_id(session)
    seen = {row.list_id: row.seen_to for row in (await session.exec(select(AlertWatch))).all()}
    waits = select(Alert.list_id).where(
        col(Alert.verdict).in_(WAITING), col(Alert.found_at) > now - LONGEST_WAIT
    )
    waiting = set((await session.exec(waits)).all())
    return [one for one in lists if seen.get(one, 0) < newest or one in waiting]


async def claim(session: AsyncSession, list_id: int, now: datetime) -> int | None:
    """Become the one who looks for a list's alerts, until the lease ends; returns the fence, None: somebody
    else does.

    A lease that ends later than one can was given by a wrong clock, and is void.
    """
    if await session.get(AlertWatch, list_id) is None:
        session.add(AlertWatch(list_id=list_id))
        await session.flush()
    lease = col(AlertWatch.lease_until)
    taken = await session.exec(
        update(AlertWatch)
        .where(col(AlertWatch.list_id) == list_id, or_(lease.is_(None), lease < now, lease > now + LEASE))
        .values(lease_until=now + LEASE, fence=col(AlertWatch.fence) + 1)
        .returning(col(AlertWatch.fence))
        .execution_options(synchronize_session=False)
    )
    row = taken.first()
    return None if row is None else int(row[0])


async def holds(session: AsyncSession, list_id: int, fence: int) -> bool:
    """Say whether a claim is still the newest one; nobody else can claim before the transaction ends."""
    query = select(AlertWatch).where(AlertWatch.list_id == list_id).with_for_update()
    watch = (await session.exec(query.execution_options(populate_existing=True))).first()
    return watch is not None and watch.fence == fence


async def release(session: AsyncSession, list_id: int, fence: int, seen_to: int | None) -> None:
    """Give a claim back; articles up to that id were looked at (None: no more than before)."""
    seen = {} if seen_to is None else {"seen_to": seen_to}
    await session.exec(
        update(AlertWatch)
        .where(col(AlertWatch.list_id) == list_id, col(AlertWatch.fence) == fence)
        .values(lease_until=None, **seen)
    )


async def latest(session: AsyncSession, list_id: int, since: datetime) -> list[Alert]:
    """Return what was decided since, newest first."""
    query = select(Alert).where(Alert.list_id == list_id, col(Alert.decided_at) > since)
    return list(
        (await session.exec(query.order_by(col(Alert.decided_at).desc(), col(Alert.id).desc()))).all()
    )


async def keep(session: AsyncSession, alerts: Sequence[Alert]) -> None:
    """Keep what was decided on stories, over what was decided on them before; that one went out stays."""
    for alert in alerts:
        query = select(Alert).where(Alert.list_id == alert.list_id, Alert.topic == alert.topic)
        known = (await session.exec(query)).first()
        if known is None:
            session.add(alert)
        elif known.verdict is not AlertVerdict.SENT:
            for name in (
                "headline",
                "cause",
                "is_big",
                "outlets",
                "verdict",
                "marks",
                "decided_at",
                "edition_id",
            ):
                setattr(known, name, getattr(alert, name))
            session.add(known)
    await session.flush()


async def forget_before(session: AsyncSession, instant: datetime) -> None:
    """Forget what was decided before."""
    await session.exec(delete(Alert).where(col(Alert.decided_at) < instant))
