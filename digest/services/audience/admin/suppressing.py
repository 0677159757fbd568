"""Suppressing by an admin's hand: block an address, take a list of them in, take one off again."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from digest.errors import InputError, NotFoundError
from digest.model import Suppression, SuppressionReason, SuppressionRemoval
from digest.services.app import App
from digest.services.audience.imports.addresses import address_in
from digest.services.audience.imports.decoding import encoding_of, lines
from digest.services.audience.imports.reading import people_file
from digest.storage.audience import subscribers, suppressions
from digest.text.addresses.email_address import normalised

CHUNK = 2000
LONGEST_NOTE = 300
SHOWN = 20
_HASH = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"\S+@\S+")


class ListKind(StrEnum):
    """What stands in an imported list: addresses, SHA-256 of addresses, or hashes that `list` gave out."""

    ADDRESSES = "addresses"
    SHA256 = "sha256"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class SuppressionsTaken:
    """What became of an imported list. `errors` are (line, reason), the first ones."""

    added: int
    known: int
    refused: int
    errors: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SuppressionHistory:
    """How an address stands: why it is suppressed now (None: it is not), and what was taken off before."""

    now: Suppression | None
    removed: tuple[SuppressionRemoval, ...]


async def require_mailable(app: App, address: str) -> None:
    """Refuse an address that must never be mailed; every single mail that is no reader's asks this.

    Raises:
        InputError: it must never be mailed, or is no address.
    """
    email = normalised(address)
    async with app.database.read() as session:
        banned = await suppressions.suppression_of(session, app.keys.suppression_hashes(email))
    if banned is not None:
        raise InputError(
            f"{email} must never be mailed ({banned.reason}).",
            remedy="`digest suppress remove ADDRESS --reason WHY` lets it be mailed again.",
        )


async def block(app: App, address: str, note: str = "") -> bool:
    """Never mail an address again, because an admin says so. False: it was suppressed before, and stays so.

    Raises:
        InputError: it is no address, or the note is too long or names an address.
    """
    email, words = normalised(address), _note(note)
    async with app.database.begin() as session:
        if await suppressions.suppression_of(session, app.keys.suppression_hashes(email)) is not None:
            return False
        hashed = app.keys.suppression_hash(email)
        return await suppressions.suppress(
            session, hashed, SuppressionReason.ADMIN, app.clock.now(), note=words
        )


async def history_of(app: App, address: str) -> SuppressionHistory:
    """Say how an address, or a hash that `list` gave out, stands.

    Raises:
        InputError: it is neither.
    """
    hashes = _hashes(app, address)
    async with app.database.read() as session:
        return SuppressionHistory(
            await suppressions.suppression_of(session, hashes),
            tuple(await suppressions.removals(session, hashes)),
        )


async def unblock(app: App, address: str, why: str) -> str | None:
    """Let an address (or a hash) be mailed again, and record why. Returns what else stops mail to it, or
    None.

    Lists that its owner left stay left.

    Raises:
        InputError: it is not suppressed, or no reason is given.
    """
    words = _note(why)
    if not words:
        raise InputError(
            "A suppression is taken off only with a reason.",
            remedy='Write --reason "who asked for it, and when".',
        )
    hashes = _hashes(app, address)
    async with app.database.begin() as session:
        if not await suppressions.lift(session, hashes, app.clock.now(), words):
            raise NotFoundError(f"{address} is not suppressed.")
        person = await subscribers.by_email(session, normalised(address)) if "@" in address else None
        return person.disabled_reason if person else None


async def counted(app: App) -> Mapping[str, int]:
    """Return how many addresses are suppressed for each reason."""
    async with app.database.read() as session:
        return await suppressions.counts(session)


async def listed(app: App, reason: str | None = None, limit: int | None = None) -> list[Suppression]:
    """Return the suppressions, the newest first."""
    async with app.database.read() as session:
        return [one async for one in suppressions.every(session, reason, limit)]


async def take_list(app: App, file: BinaryIO, kind: ListKind, *, note: str = "") -> SuppressionsTaken:
    """Suppress every address, or hash, of a file. What cannot be read is counted and refused.

    Raises:
        InputError: the file holds none at all.
    """
    words = _note(note)
    tally: Counter[str] = Counter()
    errors: list[tuple[int, str]] = []
    read = _addresses(app, file) if kind is ListKind.ADDRESSES else _plain_hashes(app, file, kind)
    while some := await asyncio.to_thread(_chunk, read, tally, errors):
        async with app.database.begin() as session:
            added = await suppressions.suppress_all(
                session, some, SuppressionReason.LISTED, app.clock.now(), note=words
            )
        tally["added"] += added
        tally["known"] += len(some) - added
    if not (tally["added"] or tally["known"]):
        raise InputError(
            f"No {'address' if kind is ListKind.ADDRESSES else 'hash'} stands in the file.",
            remedy="One a line, or a table with a column of addresses; --hashes says that they are hashes.",
        )
    return SuppressionsTaken(tally["added"], tally["known"], tally["refused"], tuple(errors))


Line = tuple[int, str | InputError]
"""A line's number, and the hash that it stands for or why it stands for none."""


def _chunk(read: Iterator[Line], tally: Counter[str], errors: list[tuple[int, str]]) -> list[str]:
    found: dict[str, None] = {}
    for number, said in read:
        if isinstance(said, InputError):
            tally["refused"] += 1
            if len(errors) < SHOWN:
                errors.append((number, str(said)))
            continue
        found[said] = None
        if len(found) >= CHUNK:
            break
    return list(found)


def _addresses(app: App, file: BinaryIO) -> Iterator[Line]:
    found = people_file(file)
    for number, cells in found.rows:
        at = found.columns.email
        try:
            email, _ = address_in(cells[at] if len(cells) > at else "")
            yield number, app.keys.suppression_hash(email)
        except InputError as error:
            yield number, error


def _plain_hashes(app: App, file: BinaryIO, kind: ListKind) -> Iterator[Line]:
    file.seek(0)
    for number, line in enumerate(_lines(file), 1):
        found = _HASH.search(line.lower())
        word = (
            found[0]
            if found and kind is ListKind.OWN
            else line.partition(",")[0].strip(" \ufeff\"'\r\n").lower()
        )
        if not word:
            continue
        if _HASH.fullmatch(word):
            yield number, app.keys.suppression_of_plain(word) if kind is ListKind.SHA256 else word
        else:
            yield number, InputError(f"{word[:80]!r} is no SHA-256: 64 digits and letters from a to f.")


def _lines(file: BinaryIO) -> Iterable[str]:
    return lines(file, encoding_of(file))


def _hashes(app: App, address: str) -> tuple[str, ...]:
    word = address.strip().lower()
    return (word,) if _HASH.fullmatch(word) else app.keys.suppression_hashes(normalised(address))


def _note(words: str) -> str:
    """A note outlives the person's erasure, so that it may name nobody's address."""
    note = " ".join(words.split())
    if len(note) > LONGEST_NOTE:
        raise InputError(f"The reason is {len(note)} letters long; {LONGEST_NOTE} are kept.")
    if _ADDRESS.search(note):
        raise InputError(
            "A reason that names an address would keep it after it was forgotten.",
            remedy="Say who asked without the address.",
        )
    return note
