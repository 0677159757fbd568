"""Logos of lists in the store."""

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ListLogo


async def keep(session: AsyncSession, logo: ListLogo) -> None:
    """Keep a logo; one that is kept already stays."""
    if await session.get(ListLogo, logo.name) is None:
        session.add(logo)
        await session.flush()


async def content(session: AsyncSession, name: str) -> bytes | None:
    """Return a logo's PNG, or None."""
    return (await session.exec(select(ListLogo.content).where(ListLogo.name == name))).first()
