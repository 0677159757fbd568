"""The words that people are found by: whose are to be made, kept, and looked up."""

from collections.abc import Mapping, Sequence

from sqlalchemy import CTE, ColumnElement, delete, func, insert, intersect
from sqlalchemy import select as core_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import PersonWord, Subscriber, UnindexedPerson
from digest.model.rows import known_id

LAST = "\U0010ffff"
"""Comes after everything that a word goes on with."""


def begins(word: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return what holds of a word that begins so: a range of the index."""
    return col(PersonWord.word) >= word, col(PersonWord.word) < word + LAST


async def any_unindexed(session: AsyncSession) -> bool:
    """Say whether somebody's words are to be made."""
    return (await session.exec(select(UnindexedPerson.subscriber_id).limit(1))).first() is not None


async def unindexed(session: AsyncSession, limit: int) -> list[tuple[int, str, str]]:
    """Return (id, name, address) of people whose words are to be made."""
    query = (
        core_select(col(Subscriber.id), col(Subscriber.name), col(Subscriber.email))
        .join(UnindexedPerson, col(UnindexedPerson.subscriber_id) == col(Subscriber.id))
        .order_by(col(UnindexedPerson.subscriber_id))
        .limit(limit)
        .with_for_update(of=UnindexedPerson, skip_locked=True)
    )
    return [(known_id(row[0]), row[1], row[2]) for row in await (await session.connection()).execute(query)]


async def keep(session: AsyncSession, words: Mapping[int, Sequence[str]]) -> None:
    """Keep people's words in place of those they had."""
    connection = await session.connection()
    ids = list(words)
    await connection.execute(delete(PersonWord).where(col(PersonWord.subscriber_id).in_(ids)))
    rows = [{"word": word, "subscriber_id": one} for one, every in words.items() for word in every]
    if rows:
        await connection.execute(insert(PersonWord), rows)
    await connection.execute(delete(UnindexedPerson).where(col(UnindexedPerson.subscriber_id).in_(ids)))


async def frequency(session: AsyncSession, word: str, most: int) -> int:
    """Return how many words begin so, counted up to `most`."""
    some = core_select(col(PersonWord.subscriber_id)).where(*begins(word)).limit(most).subquery()
    return int(
        (await (await session.connection()).execute(core_select(func.count()).select_from(some))).scalar_one()
    )


async def with_word(session: AsyncSession, word: str) -> list[int]:
    """Return the ids of all people with a word that begins so, the newest first."""
    query = core_select(col(PersonWord.subscriber_id)).where(*begins(word))
    found = {int(row[0]) for row in await (await session.connection()).execute(query)}
    return sorted(found, reverse=True)


def with_words(words: Sequence[str], before: int | None) -> CTE:
    """Return the ids of all people who have a word that begins with each, older than `before`; set against
    each other, so that nobody is asked one by one.
    """
    older = [] if before is None else [col(PersonWord.subscriber_id) < before]
    each = [core_select(col(PersonWord.subscriber_id)).where(*begins(one), *older) for one in words]
    # Once, and not for each person that it is compared with.
    return intersect(*each).cte("met").prefix_with("MATERIALIZED")


def has_word(word: str) -> ColumnElement[bool]:
    """Return what holds of a subscriber who has a word that begins so; asked person by person."""
    # No EXISTS: a planner would make a join of it, and read all who have the word.
    one = (
        core_select(col(PersonWord.subscriber_id))
        .where(col(PersonWord.subscriber_id) == col(Subscriber.id), *begins(word))
        .limit(1)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    return one.is_not(None)
