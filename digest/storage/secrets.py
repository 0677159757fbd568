"""Keys that all processes on one database share."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Secret


async def ensure(session: AsyncSession, name: str, fresh: bytes, now: datetime) -> bytes:
    """Return the key of that name; the first caller's `fresh` bytes become it."""
    known = await session.get(Secret, name)
    if known is None:
        known = Secret(name=name, value=fresh.hex(), created_at=now)
        session.add(known)
        await session.flush()
    return bytes.fromhex(known.value)
