"""Answers that are kept for requests asked twice, in the store."""

from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import KeptAnswer
from digest.storage.database.dialects import insert_for


async def claim(session: AsyncSession, answer: KeptAnswer) -> KeptAnswer | None:
    """Begin a request; returns the one of the same key that stands there already, None when there is none."""
    given = {
        name: getattr(answer, name)
        for name in (
            "api_key_id",
            "idempotency_key",
            "fingerprint",
            "status",
            "body",
            "location",
            "created_at",
        )
    }
    made = (
        insert_for(session, KeptAnswer).values(given).on_conflict_do_nothing().returning(col(KeptAnswer.id))
    )
    return None if (await session.exec(made)).first() is not None else await _of(session, answer)


async def _of(session: AsyncSession, answer: KeptAnswer) -> KeptAnswer | None:
    query = select(KeptAnswer).where(
        KeptAnswer.api_key_id == answer.api_key_id, KeptAnswer.idempotency_key == answer.idempotency_key
    )
    return (await session.exec(query)).first()


async def keep(
    session: AsyncSession, key_id: int, idempotency_key: str, *, status: int, body: str, location: str
) -> None:
    """Keep what a request was answered."""
    await session.exec(
        update(KeptAnswer)
        .where(col(KeptAnswer.api_key_id) == key_id, col(KeptAnswer.idempotency_key) == idempotency_key)
        .values(status=status, body=body, location=location)
    )


async def drop(session: AsyncSession, key_id: int, idempotency_key: str) -> None:
    """Forget a request, so that it can be asked again."""
    await session.exec(
        delete(KeptAnswer).where(
            col(KeptAnswer.api_key_id) == key_id, col(KeptAnswer.idempotency_key) == idempotency_key
        )
    )


async def forget_before(session: AsyncSession, before: datetime) -> None:
    """Forget the answers of long ago."""
    await session.exec(delete(KeptAnswer).where(col(KeptAnswer.created_at) < before))


async def forget_about(session: AsyncSession, address: str) -> None:
    """Forget the answers that name an address."""
    named = func.lower(col(KeptAnswer.body)).contains(address, autoescape=True)
    await session.exec(delete(KeptAnswer).where(named))
