"""Keys that all processes on one database share."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.keys import Key, fingerprint
from digest.model import Secret, Suppression
from digest.storage.database.dialects import insert_for

LOCK = 7_041_914_064
"""Any number will do for PostgreSQL's advisory lock, as long as it stays the same and is no other's."""
MADE, SHARED, NAMED, REMEMBERED = "made", "shared", "web.secret", "remembered"
OLDER = "older"
"""The row that says: this database held people when one key still served all purposes."""


async def alone(session: AsyncSession) -> None:
    """Wait until no other process makes keys, and keep them from it until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        await session.exec(text("SELECT pg_advisory_xact_lock(:lock)"), params={"lock": LOCK})  # type: ignore[call-overload]


async def every(session: AsyncSession) -> list[Secret]:
    """Return all keys, and the marker of an older database if it is one, oldest first."""
    found = await session.exec(select(Secret).order_by(col(Secret.created_at), col(Secret.name)))
    return list(found.all())


async def add(
    session: AsyncSession,
    purpose: str,
    value: bytes,
    *,
    origin: str,
    now: datetime,
    used_from: datetime | None = None,
    retired_at: datetime | None = None,
) -> None:
    """Keep a key; one that is there already stays as it is."""
    row = _row(purpose, value, origin, now) | {"used_from": used_from, "retired_at": retired_at}
    await session.exec(insert_for(session, Secret).on_conflict_do_nothing(), params=row)


async def add_made(session: AsyncSession, made: Mapping[str, bytes], now: datetime) -> None:
    """Keep keys that were just made, by their purposes."""
    rows = [_row(purpose, value, MADE, now) for purpose, value in made.items()]
    if rows:
        await session.exec(insert_for(session, Secret).on_conflict_do_nothing(), params=rows)


def _row(purpose: str, value: bytes, origin: str, now: datetime) -> dict[str, Any]:
    return {
        "name": f"{purpose}.{fingerprint(value)}",
        "purpose": purpose,
        "value": value.hex(),
        "created_at": now,
        "origin": origin,
        "used_from": None,
        "retired_at": None,
        "leaked": False,
    }


async def retire(session: AsyncSession, purpose: str, at: datetime, *, leaked: bool) -> None:
    """Let the key in use end at an instant; `leaked`: and never believe it, nor those before it, again."""
    mine = col(Secret.purpose) == purpose
    await session.exec(update(Secret).where(mine, col(Secret.retired_at).is_(None)).values(retired_at=at))
    if leaked:
        await session.exec(update(Secret).where(mine).values(leaked=True))


async def seen(session: AsyncSession, names: Iterable[str], now: datetime) -> None:
    """Note that the settings still name these keys."""
    await session.exec(update(Secret).where(col(Secret.name).in_(list(names))).values(retired_at=now))


async def anybody_suppressed(session: AsyncSession) -> bool:
    """Say whether any address must never be mailed."""
    return (await session.exec(select(Suppression.address_hash).limit(1))).first() is not None


def as_key(row: Secret) -> Key:
    """Return a stored key as a value."""
    return Key(
        value=bytes.fromhex(row.value),
        created_at=row.created_at,
        used_from=row.used_from,
        retired_at=row.retired_at,
        named_by_settings=row.origin in {NAMED, REMEMBERED},
        leaked=row.leaked,
    )
