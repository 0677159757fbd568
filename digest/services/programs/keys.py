"""Keys of programs: made, shown once, listed, revoked."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from digest.errors import InputError, NotFoundError
from digest.model import ApiKey, MailingList, Scope
from digest.model.programs.scopes import OF_ALL_LISTS, scopes_of
from digest.model.rows import row_id
from digest.services.app import App
from digest.storage.audience import lists
from digest.storage.programs import keys as stored
from digest.storage.programs.keys import SEEN
from digest.text.names import require_name

START = "mujaz_"
SHOWN = 12
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that brought a key that holds: what it may do, and for which list (None: for all)."""

    key: ApiKey
    scopes: frozenset[Scope]
    mailing_list: MailingList | None

    @property
    def name(self) -> str:
        """How the audit log calls it."""
        return f"api:{self.key.name}"


def hash_of(key: str) -> str:
    """Return under what a key is kept: 256 random bits need no slow hash and no salt."""
    return sha256(key.encode()).hexdigest()


async def add(
    app: App, name: str, scopes: Collection[str], *, list_slug: str = "", days: int | None = None
) -> str:
    """Make a key and return it: nobody can read it again. `days` is how long it holds, None: until revoked.

    Raises:
        InputError: the name is none or taken, a scope is none or not to be had for one list, or there is no
            such list.
    """
    require_name(name, "a key")
    chosen = _checked(scopes, for_one_list=bool(list_slug))
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InputError(f"A key holds 1 to {MOST_DAYS} days.")
    now = app.clock.now()
    key = f"{START}{secrets.token_urlsafe(32)}"
    async with app.database.begin() as session:
        if await stored.by_name(session, name) is not None:
            raise InputError(f"There is a key {name!r} already.", remedy="Choose another name.")
        mailing_list = await lists.by_slug(session, list_slug) if list_slug else None
        await stored.add(
            session,
            ApiKey(
                name=name,
                key_hash=hash_of(key),
                start=key[:SHOWN],
                scopes=sorted(chosen),
                list_id=row_id(mailing_list) if mailing_list else None,
                created_at=now,
                expires_at=now + timedelta(days=days) if days is not None else None,
            ),
        )
    return key


def _checked(scopes: Collection[str], *, for_one_list: bool) -> frozenset[Scope]:
    chosen = scopes_of(scopes)
    unknown = sorted(set(scopes) - chosen)
    if unknown or not chosen:
        raise InputError(
            f"{', '.join(unknown)}: no such scope." if unknown else "A key without a scope opens nothing.",
            remedy=f"There are: {', '.join(Scope)}.",
        )
    if for_one_list and chosen & OF_ALL_LISTS:
        raise InputError(
            f"A key for one list cannot have {', '.join(sorted(chosen & OF_ALL_LISTS))}.",
            remedy="Leave them out, or make a key for all lists.",
        )
    return chosen


async def every(app: App) -> Sequence[tuple[ApiKey, str]]:
    """Return all keys with the slugs of their lists, newest first."""
    async with app.database.read() as session:
        return await stored.every(session)


async def revoke(app: App, name: str) -> ApiKey:
    """End a key at once; doing it twice changes nothing. Its name stays taken, so that the log is clear.

    Raises:
        NotFoundError: there is none of that name.
    """
    async with app.database.begin() as session:
        key = await stored.by_name(session, name)
        if key is None:
            raise NotFoundError(f"There is no key {name!r}.", remedy="`digest api keys list` shows them.")
        key.revoked_at = key.revoked_at or app.clock.now()
        session.add(key)
    return key


async def caller(app: App, key: str) -> Caller | None:
    """Return who brings a key; None: it is none, was revoked, or has expired."""
    now = app.clock.now()
    async with app.database.read() as session:
        found = await stored.by_hash(session, hash_of(key), now)
        mailing_list = await lists.by_id(session, found.list_id) if found and found.list_id else None
    if found is None:
        return None
    if _is_stale(found.last_used_at, now):
        async with app.database.begin() as session:
            await stored.note_use(session, row_id(found), now)
    return Caller(found, scopes_of(found.scopes), mailing_list)


def _is_stale(seen: datetime | None, now: datetime) -> bool:
    return seen is None or now - seen >= SEEN
