"""What became of the sign-ups of a day, in the store."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import SignupDay
from digest.storage.database.dialects import insert_for

Step = Literal["asked", "by_page", "by_reply", "declined"]


async def count(session: AsyncSession, list_id: int, day: date, step: Step) -> None:
    """Count one sign-up of that day further, in one statement."""
    begun = {"asked": 0, "by_page": 0, "by_reply": 0, "declined": 0, step: 1}
    made = insert_for(session, SignupDay).values(list_id=list_id, day=day, **begun)
    await session.exec(
        made.on_conflict_do_update(
            index_elements=["list_id", "day"], set_={step: getattr(SignupDay, step) + 1}
        )
    )


async def of_list(session: AsyncSession, list_id: int, since: date) -> Sequence[SignupDay]:
    """Return a list's days from then on, newest first; a day without a sign-up is left out."""
    query = select(SignupDay).where(SignupDay.list_id == list_id, col(SignupDay.day) >= since)
    return (await session.exec(query.order_by(col(SignupDay.day).desc()))).all()
