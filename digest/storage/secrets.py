"""Keys that all processes on one database share."""

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import Secret


async def ensure(session: AsyncSession, name: str, fresh: bytes, now: datetime) -> bytes:
    """Return the key of that name; the first caller's `fresh` bytes become it, also where several call at once."""
    known = await session.get(Secret, name)
    if known is not None:
        return bytes.fromhex(known.value)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    given = {"name": name, "value": fresh.hex(), "created_at": now}
    await session.exec(insert(Secret).values(given).on_conflict_do_nothing())
    # Another's, if it was there first: this waited until that was committed.
    return bytes.fromhex((await session.exec(select(Secret.value).where(Secret.name == name))).one())
