"""What the pages of sources keep."""

from collections.abc import Awaitable, Callable

from sqlmodel import select

from digest.model import AuditEntry, Source
from digest.services.app import App

Log = Callable[[], Awaitable[list[AuditEntry]]]


async def kept(app: App) -> list[Source]:
    async with app.database.read() as session:
        return list((await session.exec(select(Source).order_by(Source.id))).all())  # type: ignore[arg-type]


async def has(app: App, *rows: object) -> None:
    async with app.database.begin() as session:
        session.add_all(rows)
