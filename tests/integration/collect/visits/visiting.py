"""Sources that are kept and visited, and what is known of them then."""

from sqlmodel import select

from digest.model import Article, Source
from digest.model.news.source import SourceEvent
from digest.services.app import App
from digest.services.sources import polling
from digest.storage.articles import sources
from tests.builders import a_source


async def a_kept(app: App, location: str, **fields: object) -> int:
    async with app.database.begin() as session:
        return (await sources.add(session, a_source(location=location, **fields))).id or 0


async def visit(app: App, source_id: int) -> polling.Visit:
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
    assert source is not None
    return await polling.visit(app, source)


async def state(app: App, source_id: int) -> tuple[Source, list[SourceEvent]]:
    async with app.database.begin() as session:
        source = await session.get(Source, source_id)
        assert source is not None
        return source, await sources.history(session, source_id)


async def titles(app: App) -> list[str]:
    async with app.database.begin() as session:
        return [one.title for one in (await session.exec(select(Article).order_by(Article.id))).all()]
