"""Signatures of providers' calls that were believed, in the store."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import HeardCall


async def use(session: AsyncSession, call: HeardCall) -> bool:
    """Keep a call's signature; False: it was used before, for another content."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    await session.exec(insert(HeardCall).values(**call.model_dump()).on_conflict_do_nothing())
    query = select(HeardCall.content).where(HeardCall.signature == call.signature)
    return (await session.exec(query)).one() == call.content


async def forget(session: AsyncSession, before: datetime) -> int:
    """Drop the signatures that are too old to be believed again; returns how many."""
    done = await session.exec(delete(HeardCall).where(col(HeardCall.at) < before))
    return done.rowcount
