"""Articles in the store."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Article

CHUNK = 400
"""How many values one IN list takes; SQLite's limit is far above, plans stay small."""


async def save_new(session: AsyncSession, articles: Sequence[Article]) -> list[Article]:
    """Keep those articles that are not known by URL, GUID or content within their source; returns them with ids.

    Within one call, too, the first of several with one identity is kept. The cost grows with the call, not the archive.
    """
    known = await _known(session, articles)
    new = []
    for article in articles:
        marks = _marks(article)
        if not marks & known:
            known |= marks
            new.append(article)
    session.add_all(new)
    await session.flush()
    return new


Mark = tuple[int | None, str, str]


def _marks(article: Article) -> set[Mark]:
    marks: set[Mark] = {(article.source_id, "url_key", article.url_key)}
    if article.guid:
        marks.add((article.source_id, "guid", article.guid))
    if article.content_hash:
        marks.add((article.source_id, "content_hash", article.content_hash))
    return marks


async def _known(session: AsyncSession, articles: Sequence[Article]) -> set[Mark]:
    marks = set[Mark]().union(*(_marks(article) for article in articles))
    known: set[Mark] = set()
    for name in ("url_key", "guid", "content_hash"):
        column = getattr(Article, name)
        for source_id in {mark[0] for mark in marks}:
            values = sorted(mark[2] for mark in marks if mark[1] == name and mark[0] == source_id)
            for start in range(0, len(values), CHUNK):
                chunk = values[start : start + CHUNK]
                query = select(column).where(col(Article.source_id) == source_id, col(column).in_(chunk))
                known |= {(source_id, name, value) for value in (await session.exec(query)).all()}
    return known


def _when() -> ColumnElement[datetime]:
    """`Article.when` in SQL."""
    published, seen = col(Article.published_at), col(Article.first_seen_at)
    return case((and_(published.is_not(None), published < seen), published), else_=seen)


async def in_window(
    session: AsyncSession, start: datetime, end: datetime, *, source_ids: Collection[int] | None = None
) -> list[Article]:
    """Return the articles whose `when` is in [start, end), oldest first; of those sources only, when given."""
    # `when` is never later than `first_seen_at`: the first condition lets the index do most of the work.
    query = select(Article).where(col(Article.first_seen_at) >= start, _when() >= start, _when() < end)
    if source_ids is not None:
        query = query.where(col(Article.source_id).in_(source_ids))
    return list((await session.exec(query.order_by(_when(), col(Article.id)))).all())


async def by_ids(session: AsyncSession, ids: Collection[int]) -> dict[int, Article]:
    """Return the articles that are still there, by id."""
    found: dict[int, Article] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = (await session.exec(select(Article).where(col(Article.id).in_(chunk)))).all()
        found |= {article.id: article for article in rows if article.id is not None}
    return found


async def drop_text_before(session: AsyncSession, instant: datetime) -> int:
    """Empty the text of articles first seen before; what identifies them stays. Returns how many were emptied."""
    done = await session.exec(
        update(Article)
        .where(col(Article.first_seen_at) < instant, col(Article.text_dropped).is_(other=False))
        .values(paragraphs=[], headings=[], image_alt=None, text_dropped=True)
    )
    return done.rowcount
