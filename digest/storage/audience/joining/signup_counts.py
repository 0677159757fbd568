"""Counts of sign-ups by hour, in the store: shared by all processes."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import and_, delete, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import SignupCount
from digest.storage.database.dialects import insert_for


async def add(session: AsyncSession, subjects: Mapping[str, str], hour: datetime) -> dict[str, int]:
    """Count one more of each scope's subject, in one statement; returns the counts of that hour by scope."""
    # In one order for everybody, so that no two wait for each other's rows.
    rows = [
        {"scope": scope, "subject": subject, "hour": hour, "counted": 1}
        for scope, subject in sorted(subjects.items(), reverse=True)
    ]
    made = insert_for(session, SignupCount).values(rows)
    counted = made.on_conflict_do_update(
        index_elements=["scope", "subject", "hour"], set_={"counted": col(SignupCount.counted) + 1}
    ).returning(col(SignupCount.scope), col(SignupCount.counted))
    return {str(scope): int(number) for scope, number in (await session.exec(counted)).all()}


async def of_hour(session: AsyncSession, subjects: Mapping[str, str], hour: datetime) -> dict[str, int]:
    """Return the counts of an hour by scope; what was not counted then is left out."""
    wanted = or_(
        *(
            and_(col(SignupCount.scope) == scope, col(SignupCount.subject) == subject)
            for scope, subject in subjects.items()
        )
    )
    query = select(SignupCount.scope, SignupCount.counted).where(SignupCount.hour == hour, wanted)
    return {str(scope): int(number) for scope, number in (await session.exec(query)).all()}


async def any_at_least(session: AsyncSession, scope: str, since: datetime, least: int) -> bool:
    """Say whether anything of a scope was counted so often in an hour since then."""
    query = select(SignupCount.scope).where(
        SignupCount.scope == scope, col(SignupCount.hour) >= since, col(SignupCount.counted) >= least
    )
    return (await session.exec(query.limit(1))).first() is not None


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Drop the counts of hours before then."""
    await session.exec(delete(SignupCount).where(col(SignupCount.hour) < before))
