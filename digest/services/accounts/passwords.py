"""Passwords: what is good enough, and argon2id (RFC 9106) in a thread."""

import asyncio
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from digest.errors import RefusedError

LONGEST = 1_000
_HASHER = PasswordHasher()
_AT_ONCE = 2
"""Each takes 64 MB: a crowd of logins must not take the machine's memory from the mail."""
_queues: dict[int, asyncio.Semaphore] = {}


def checked_password(password: str, least: int, *known: str) -> str:
    """Return a new password in its one spelling.

    `known` is what others may know of the person: the address, the name.

    Raises:
        RefusedError: too short, too long, of one letter alone, or what everybody knows.
    """
    spelled = _spelled(password)
    if len(spelled) < least:
        raise RefusedError("password_short", f"The password has {len(spelled)} letters and needs {least}.")
    if len(spelled) > LONGEST:
        raise RefusedError("password_long", f"The password has more than {LONGEST} letters.")
    folded = spelled.casefold()
    if len(set(folded)) < 4 or any(one and folded == one.casefold() for one in known):
        raise RefusedError("password_plain", "The password can be guessed.", remedy="Choose another.")
    return spelled


async def hash_password(password: str) -> str:
    """Return the hash of a password, with its salt and its costs."""
    async with _queued():
        return await asyncio.to_thread(_HASHER.hash, _spelled(password))


async def is_right(password: str, stored: str | None) -> bool:
    """Say whether a password is the one of a hash. None: there is no such account; it takes as long."""
    async with _queued():
        return await asyncio.to_thread(_verified, _spelled(password), stored)


def is_outdated(stored: str) -> bool:
    """Say whether a hash was made with other costs than those of today."""
    return _HASHER.check_needs_rehash(stored)


def _verified(password: str, stored: str | None) -> bool:
    try:
        return _HASHER.verify(stored or _nobodys(), password[:LONGEST]) and stored is not None
    except VerificationError:
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("nobody's")


def _queued() -> asyncio.Semaphore:
    loop = id(asyncio.get_running_loop())
    if loop not in _queues:
        _queues.clear()
        _queues[loop] = asyncio.Semaphore(_AT_ONCE)
    return _queues[loop]


def _spelled(password: str) -> str:
    """The same keys pressed on another machine give the same password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
