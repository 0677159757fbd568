"""Keys: made on first use, taken over from older versions, rotated. See docs/howto/keys.md."""

import secrets as random_bytes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import ConfigError, InputError
from digest.keys import KeyRing, Keys, Purpose, arranged, fingerprint
from digest.model import Secret
from digest.services.app import App
from digest.settings import Settings
from digest.storage import secrets
from digest.storage.articles import sources
from digest.storage.database.engine import Database

log = structlog.get_logger()

HANDOVER = timedelta(minutes=10)
"""How long a new key is known before it seals anything: every process looks for new ones each minute."""
SEEN_EVERY = timedelta(days=1)
"""How often it is noted that the settings still name a key."""
ONCE_SHARED = (Purpose.SUPPRESSION, Purpose.RETURN_PATHS, Purpose.HUBS)
"""What older versions sealed with the key of links."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A key as `digest keys list` shows it."""

    purpose: str
    fingerprint: str
    origin: str
    created_at: datetime
    state: str


async def open_ring(database: Database, chosen: Settings, now: datetime) -> KeyRing:
    """Return the keys of this database, those made that are missing.

    Raises:
        ConfigError: `web.secret` is one that leaked, or is missing although addresses were hashed with it.
    """
    return KeyRing(await _read(database, chosen, now))


async def refresh(app: App) -> None:
    """Take in the keys that another process has made."""
    app.keys.take(await _read(app.database, app.settings, app.clock.now()))


async def rotate(app: App, purpose: Purpose, *, leaked: bool) -> datetime:
    """Make a new key; returns from when on it is used. What the old ones sealed goes on being read, unless
    they leaked.

    Raises:
        InputError: it is the key that hashes addresses, which must stay.
        ConfigError: the settings name the key.
    """
    if purpose is Purpose.SUPPRESSION:
        raise InputError(
            "The key of the suppression list stays: its hashes cannot be made anew without the addresses.",
            remedy="A new one would forget who must never be mailed.",
        )
    if purpose is Purpose.LINKS and _named(app.settings) is not None:
        raise ConfigError(
            "web.secret is set, and it is what seals links.",
            remedy="Set it to another, or to none: the former one goes on opening what was mailed.",
        )
    now = app.clock.now()
    used_from = now if leaked or purpose is Purpose.SESSIONS else now + HANDOVER
    async with app.database.begin() as session:
        await secrets.alone(session)
        await secrets.retire(session, purpose, used_from, leaked=leaked)
        fresh = random_bytes.token_bytes(32)
        await secrets.add(session, purpose, fresh, origin=secrets.MADE, now=now, used_from=used_from)
        if purpose is Purpose.HUBS:
            await sources.ask_hubs_again(session)
    log.info("key.rotated", purpose=purpose.value, key=fingerprint(fresh), leaked=leaked)
    await refresh(app)
    return used_from


async def remember(database: Database, value: bytes, now: datetime) -> None:
    """Take a former `web.secret` that this database never saw: what it sealed is read again, whom it hashed
    is known.
    """
    async with database.begin() as session:
        await secrets.alone(session)
        for purpose in (Purpose.LINKS, *ONCE_SHARED):
            await secrets.add(session, purpose, value, origin=secrets.REMEMBERED, now=now, retired_at=now)


async def kept(app: App) -> list[Kept]:
    """Return all keys, by purpose, the newest first; never their values."""
    now, signing = app.clock.now(), _named(app.settings)
    overlap = timedelta(days=app.settings.keys.overlap_days)
    async with app.database.begin() as session:
        stored = await secrets.every(session)
    found = []
    for purpose in Purpose:
        mine = [one for one in stored if one.purpose == purpose]
        keys = _arranged(purpose, mine, now, overlap, signing)
        for one in reversed(mine):
            state = _state(one, keys, now, overlap)
            found.append(
                Kept(purpose.value, secrets.as_key(one).fingerprint, one.origin, one.created_at, state)
            )
    return found


def _state(row: Secret, keys: Keys, now: datetime, overlap: timedelta) -> str:
    value = bytes.fromhex(row.value)
    if row.leaked:
        return "leaked; opens nothing"
    if value == keys.current:
        return "in use"
    if row.used_from is not None and row.used_from > now:
        return f"in use from {row.used_from:%Y-%m-%d %H:%M} UTC"
    if row.purpose == Purpose.SUPPRESSION:
        return "still compared with"
    if value in keys.oldest:
        return "only lets people leave"
    if row.retired_at is None:
        return "for when web.secret is unset"
    return f"opens what it sealed until {row.retired_at + overlap:%Y-%m-%d}"


async def _read(database: Database, chosen: Settings, now: datetime) -> Mapping[Purpose, Keys]:
    signing = _named(chosen)
    async with database.begin() as session:
        stored = await secrets.every(session)
    if not _is_complete(stored, signing, now):
        async with database.begin() as session:
            await secrets.alone(session)
            await _complete(session, signing, now)
            stored = await secrets.every(session)
    overlap = timedelta(days=chosen.keys.overlap_days)
    return {one: _arranged(one, stored, now, overlap, signing) for one in Purpose}


def _named(chosen: Settings) -> bytes | None:
    return chosen.web.secret.get_secret_value().encode() if chosen.web.secret else None


def _arranged(
    purpose: Purpose, stored: Sequence[Secret], now: datetime, overlap: timedelta, signing: bytes | None
) -> Keys:
    mine = [secrets.as_key(one) for one in stored if one.purpose == purpose]
    if purpose is Purpose.LINKS:
        return arranged(mine, now, overlap, signing)
    if purpose is Purpose.SUPPRESSION:
        return arranged(mine, now, timedelta(days=36_500))
    return arranged(mine, now, overlap)


def _is_complete(stored: Sequence[Secret], signing: bytes | None, now: datetime) -> bool:
    """Say whether nothing is to be made, taken over or noted."""
    has_key = {one.purpose for one in stored if one.retired_at is None}
    needed = set(Purpose) - ({Purpose.LINKS} if signing is not None else set())
    if needed - has_key or (signing is not None and not _was_seen(stored, signing, now)):
        return False
    return not (_is_older(stored) and _not_taken_over(stored))


def _was_seen(stored: Sequence[Secret], signing: bytes, now: datetime) -> bool:
    """Say whether the key that the settings name is known, and was noted not long ago."""
    mine = [one for one in stored if one.purpose == Purpose.LINKS and bytes.fromhex(one.value) == signing]
    if any(one.leaked for one in mine):
        raise ConfigError("web.secret is a key that was said to have leaked.", remedy="Set another, or none.")
    return any(one.retired_at is None or now - one.retired_at < SEEN_EVERY for one in mine)


def _is_older(stored: Sequence[Secret]) -> bool:
    """Say whether this database held people when one key still served all purposes."""
    return any(one.name == secrets.OLDER for one in stored)


def _not_taken_over(stored: Sequence[Secret]) -> list[tuple[Purpose, bytes]]:
    """Return what an older version's keys are missing for, those that `web.secret` named before the
    others.
    """
    shared = [
        one
        for one in stored
        if one.purpose == Purpose.LINKS and one.origin in {secrets.SHARED, secrets.NAMED}
    ]
    shared.sort(key=lambda one: one.origin != secrets.NAMED)
    known = {(one.purpose, one.value) for one in stored}
    return [
        (purpose, bytes.fromhex(one.value))
        for purpose in ONCE_SHARED
        for one in shared
        if (purpose.value, one.value) not in known
    ]


async def _complete(session: AsyncSession, signing: bytes | None, now: datetime) -> None:
    stored = await secrets.every(session)
    if signing is not None and not _was_seen(stored, signing, now):
        await secrets.add(session, Purpose.LINKS, signing, origin=secrets.NAMED, now=now, retired_at=now)
        same = [one.name for one in stored if one.value == signing.hex() and one.retired_at is not None]
        await secrets.seen(session, same, now)
        stored = await secrets.every(session)
    has_key = {one.purpose for one in stored if one.retired_at is None}
    hashed = any(one.purpose == Purpose.SUPPRESSION for one in stored)
    unknown = not hashed and await secrets.anybody_suppressed(session)
    for purpose, value in _not_taken_over(stored) if unknown or _is_older(stored) else ():
        # The first one goes on hashing, so that what was hashed and what will be are alike.
        goes_on = purpose is Purpose.SUPPRESSION and purpose not in has_key
        await secrets.add(
            session, purpose, value, origin=secrets.SHARED, now=now, retired_at=None if goes_on else now
        )
        has_key |= {purpose} if goes_on else set()
    if unknown and Purpose.SUPPRESSION not in has_key:
        raise ConfigError(
            "The addresses that must never be mailed were hashed with web.secret, which is not set here.",
            remedy="Set it as it was, or tell the former one to `digest keys remember`.",
        )
    missing = set(Purpose) - has_key - ({Purpose.LINKS} if signing is not None else set())
    await secrets.add_made(session, {one: random_bytes.token_bytes(32) for one in missing}, now)
