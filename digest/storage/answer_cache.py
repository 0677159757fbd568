"""Answers of a language model, kept by the hash of the question."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col

from digest.clock import Clock
from digest.model import CachedAnswer
from digest.storage.database.engine import Database

KEPT = timedelta(days=30)
"""Editions ask the same question within hours; an older answer is asked for anew."""


class StoredAnswers:
    """The cache of a summarizer, in the database that all processes share."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def get(self, key: str) -> str | None:
        """Return the answer kept under the key, None when there is none."""
        async with self._database.begin() as session:
            known = await session.get(CachedAnswer, key)
            return known.answer if known else None

    async def put(self, key: str, answer: str) -> None:
        """Keep an answer; one that is there already stays."""
        async with self._database.begin() as session:
            if await session.get(CachedAnswer, key) is None:
                session.add(CachedAnswer(key=key, answer=answer, created_at=self._clock.now()))

    async def forget(self, before: datetime) -> int:
        """Drop the answers that were kept before an instant; returns how many."""
        async with self._database.begin() as session:
            gone = await session.exec(delete(CachedAnswer).where(col(CachedAnswer.created_at) < before))
        return gone.rowcount

    async def expire(self) -> int:
        """Drop the answers that are too old; returns how many."""
        return await self.forget(self._clock.now() - KEPT)
