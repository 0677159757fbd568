"""Articles in the store."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, update
from sqlalchemy.exc import OperationalError, StatementError
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from digest.model import Article
from digest.text.words.normalise import fold

CHUNK = 400
"""How many values one IN list takes; SQLite's limit is far above, plans stay small."""


SAME_TITLE = 0.5
"""The share of common words from which two titles under one GUID are one item that was edited, not a GUID
used again.
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept, with ids, and what the database refused (a poison item), with its reason."""

    new: tuple[Article, ...]
    refused: tuple[tuple[Article, str], ...] = ()


async def save_new(session: AsyncSession, articles: Sequence[Article]) -> Saved:
    """Keep those articles that are not known by address, GUID or content within their source.

    Within one call, too, the first of several with one identity is kept. A GUID alone does not make two
    articles one: feeds use it again for another article, which then has another title. The cost grows with
    the call, not the archive.
    """
    flawed = [(article, flaw) for article in articles if (flaw := _flaw(article))]
    articles = [article for article in articles if not _flaw(article)]
    known = await _known(session, articles)
    new = []
    for article in articles:
        if not known.has(article):
            known.add(article.source_id, article.url_key, article.guid, article.content_hash, article.title)
            new.append(article)
    try:
        async with session.begin_nested():
            session.add_all(new)
            await session.flush()
        return Saved(tuple(new), tuple(flawed))
    except StatementError as error:
        if isinstance(error, OperationalError) or not new:
            raise
        kept, refused = await _one_by_one(session, new)
        return Saved(tuple(kept), (*flawed, *refused))


def _flaw(article: Article) -> str | None:
    """Why no database can keep an article: it holds half a character, or a zero byte, which PostgreSQL
    refuses.
    """
    texts = (article.title, article.url_key, article.guid, article.url, article.byline, article.source_name)
    text = "\n".join([*(one or "" for one in texts), *article.paragraphs])
    try:
        text.encode()
    except UnicodeEncodeError:
        return "half a character"
    return "a zero byte" if "\x00" in text else None


async def _one_by_one(
    session: AsyncSession, articles: Sequence[Article]
) -> tuple[list[Article], list[tuple[Article, str]]]:
    """Keep what can be kept when one of several cannot; return (kept, refused)."""
    kept: list[Article] = []
    refused: list[tuple[Article, str]] = []
    for article in articles:
        fresh = Article.of_fields(**article.model_dump(exclude={"id"}))
        try:
            async with session.begin_nested():
                session.add(fresh)
                await session.flush()
            kept.append(fresh)
        except StatementError as error:
            if isinstance(error, OperationalError):
                raise
            refused.append((article, type(error).__name__))
    return kept, refused


class _Known:
    """What the store, and this call so far, knows of sources' articles."""

    def __init__(self) -> None:
        self._keys: set[tuple[int | None, str]] = set()
        self._texts: set[tuple[int | None, str]] = set()
        self._guids: dict[tuple[int | None, str], list[str]] = {}
        self._pages: set[tuple[int | None, str, str]] = set()

    def add(self, source: int | None, key: str, guid: str | None, content: str, title: str) -> None:
        self._keys.add((source, key))
        self._texts.add((source, content))
        if "#" not in key:
            self._pages.add((source, key, fold(title or "")))
        if guid:
            self._guids.setdefault((source, guid), []).append(title)

    def has(self, article: Article) -> bool:
        source = article.source_id
        if (source, article.url_key) in self._keys:
            return True
        # A title without a text may come again tomorrow and be news.
        if article.paragraphs and (source, article.content_hash) in self._texts:
            return True
        # What was alone on its page is known there by the page's address; with others beside it, it has one
        # of its own.
        page, mark, _ = article.url_key.partition("#")
        if mark and (source, page, fold(article.title or "")) in self._pages:
            return True
        titles = self._guids.get((source, article.guid or ""), [])
        return any(_alike(article.title, title) for title in titles)


def _alike(one: str, other: str) -> bool:
    first, second = set(fold(one).split()), set(fold(other).split())
    return len(first & second) >= SAME_TITLE * max(len(first | second), 1)


async def _known(session: AsyncSession, articles: Sequence[Article]) -> _Known:
    known = _Known()
    for source_id in {article.source_id for article in articles}:
        own = [article for article in articles if article.source_id == source_id]
        for column, values in (
            (col(Article.url_key), {key for article in own for key in _keys(article)}),
            (col(Article.guid), {article.guid for article in own if article.guid}),
            (col(Article.content_hash), {article.content_hash for article in own if article.paragraphs}),
        ):
            for chunk in _chunks(values):
                query = select(Article.url_key, Article.guid, Article.content_hash, Article.title).where(
                    col(Article.source_id) == source_id, column.in_(chunk)
                )
                for row in (await session.exec(query)).all():
                    known.add(source_id, *row)
    return known


def _keys(article: Article) -> set[str]:
    """An article's key, and the address of its page."""
    return {article.url_key, article.url_key.partition("#")[0]}


async def known_keys(session: AsyncSession, source_id: int, keys: Iterable[str]) -> set[str]:
    """Return those of these `url_key`s that the source's stored articles have."""
    found: set[str] = set()
    for chunk in _chunks(keys):
        query = select(Article.url_key).where(
            col(Article.source_id) == source_id, col(Article.url_key).in_(chunk)
        )
        found.update((await session.exec(query)).all())
    return found


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(set(values))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _when() -> ColumnElement[datetime]:
    """`Article.when` in SQL."""
    published, seen = col(Article.published_at), col(Article.first_seen_at)
    return case((and_(published.is_not(None), published < seen), published), else_=seen)


async def in_window(
    session: AsyncSession, start: datetime, end: datetime, *, source_ids: Collection[int] | None = None
) -> list[Article]:
    """Return the articles whose `when` is in [start, end), oldest first; of those sources only, when
    given.
    """
    query = _within(start, end, source_ids)
    return list((await session.exec(query.order_by(_when(), col(Article.id)))).all())


async def came_since(session: AsyncSession, instant: datetime) -> bool:
    """Say whether any article came in after an instant."""
    query = select(Article.id).where(col(Article.first_seen_at) > instant).limit(1)
    return (await session.exec(query)).first() is not None


async def latest_of(session: AsyncSession, source_id: int, limit: int) -> list[Article]:
    """Return the articles that a source brought last, newest first."""
    query = select(Article).where(Article.source_id == source_id)
    newest = query.order_by(col(Article.first_seen_at).desc(), col(Article.id).desc()).limit(limit)
    return list((await session.exec(newest)).all())


async def of_address(session: AsyncSession, url: str, limit: int) -> list[Article]:
    """Return the articles that have an address, newest first; several sources may have brought one."""
    query = select(Article).where(or_(col(Article.url) == url, col(Article.url_key) == url))
    newest = query.order_by(col(Article.first_seen_at).desc(), col(Article.id).desc()).limit(limit)
    return list((await session.exec(newest)).all())


async def titles_since(session: AsyncSession, since: datetime, limit: int) -> list[tuple[int, str]]:
    """Return the ids and titles of the articles first seen since, newest first."""
    query = select(Article.id, Article.title).where(col(Article.first_seen_at) >= since)
    newest = query.order_by(col(Article.first_seen_at).desc()).limit(limit)
    return [(found or 0, title) for found, title in (await session.exec(newest)).all()]


async def newest_id(session: AsyncSession) -> int:
    """Return the id of the article that came last; 0 when there is none."""
    return (await session.exec(select(func.max(Article.id)))).one() or 0


async def by_urls(
    session: AsyncSession,
    urls: Iterable[str],
    start: datetime,
    end: datetime,
    *,
    source_ids: Collection[int] | None = None,
) -> list[Article]:
    """Return those articles of `in_window` that have one of these addresses; no other one's text is read.

    Several sources may have brought one address.
    """
    found: list[Article] = []
    for chunk in _chunks(urls):
        query = _within(start, end, source_ids).where(col(Article.url).in_(chunk))
        found += (await session.exec(query)).all()
    return sorted(found, key=lambda article: (article.when, article.id))


def _within(start: datetime, end: datetime, source_ids: Collection[int] | None) -> SelectOfScalar[Article]:
    # `when` is never later than `first_seen_at`: the first condition lets the index do most of the work.
    query = select(Article).where(col(Article.first_seen_at) >= start, _when() >= start, _when() < end)
    return query if source_ids is None else query.where(col(Article.source_id).in_(source_ids))


async def by_ids(session: AsyncSession, ids: Collection[int]) -> dict[int, Article]:
    """Return the articles that are still there, by id."""
    found: dict[int, Article] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        rows = (await session.exec(select(Article).where(col(Article.id).in_(chunk)))).all()
        found |= {article.id: article for article in rows if article.id is not None}
    return found


async def known_marks(session: AsyncSession, marks: Iterable[str]) -> set[str]:
    """Return those of these addresses and content hashes that a stored article has."""
    found: set[str] = set()
    for chunk in _chunks(marks):
        for column in (col(Article.url), col(Article.content_hash)):
            rows = (await session.exec(select(column).where(column.in_(chunk)))).all()
            found.update(one for one in rows if one)
    return found


async def drop_text_before(session: AsyncSession, instant: datetime) -> int:
    """Empty the text of articles first seen before; what identifies them stays. Returns how many were
    emptied.
    """
    done = await session.exec(
        update(Article)
        .where(col(Article.first_seen_at) < instant, col(Article.text_dropped).is_(other=False))
        .values(paragraphs=[], headings=[], image_alt=None, text_dropped=True)
    )
    return done.rowcount
