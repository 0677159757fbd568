"""Subscribers by an admin's hand: add, list, import, export, remove."""

import csv
import io
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from digest.deliver.outcome import without_address
from digest.errors import InputError
from digest.model import MailingList, Subscriber, Subscription, SubscriptionState
from digest.services.app import App
from digest.storage import erasure, lists, subscribers
from digest.text.email_address import normalised

ADDRESS_COLUMNS = ("email", "e-mail", "address", "mail", "البريد", "البريد الإلكتروني", "الايميل", "الإيميل")
NAME_COLUMNS = ("name", "full name", "الاسم", "الإسم")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `rejected` are (line number, reason)."""

    added: int
    known: int
    refused: int
    rejected: tuple[tuple[int, str], ...]


async def add(app: App, mailing: MailingList, address: str, *, name: str = "", how: str = "admin") -> bool:
    """Subscribe an address whose owner asked an admin for it. False when it was subscribed already.

    Raises:
        InputError: it is no address, it must never be mailed, or its owner left this list before.
    """
    email = normalised(address)
    now = app.clock.now()
    async with app.database.begin() as session:
        if await subscribers.suppression_of(session, app.keys.suppression_hashes(email)):
            raise InputError(
                f"{email} must never be mailed.", remedy="Its owner asked for that, or it bounced for good."
            )
        person = await subscribers.add(
            session, email, name=name, locale=mailing.language, key=secrets.token_hex(16), now=now
        )
        known = await subscribers.subscription(session, mailing.id or 0, person.id or 0)
        if known and known.state is SubscriptionState.LEFT:
            raise InputError(
                f"{email} left the list {mailing.slug}.", remedy="Only its owner can come back, by the form."
            )
        if known and known.state is SubscriptionState.CONFIRMED:
            return False
        await subscribers.save_subscription(
            session,
            Subscription(
                list_id=mailing.id or 0,
                subscriber_id=person.id or 0,
                state=SubscriptionState.CONFIRMED,
                requested_at=now,
                confirmed_at=now,
                consent_how=how,
            ),
        )
        return True


async def remove(app: App, address: str) -> None:
    """Forget a person: the address goes from every table, also from words that servers said, and a keyed hash keeps it from coming back by import.

    Raises:
        InputError: nobody has that address.
    """
    email = normalised(address)
    async with app.database.begin() as session:
        person = await subscribers.by_email(session, email)
        if person is None:
            raise InputError(
                f"Nobody has the address {email}.", remedy="`digest subscribers list` shows who is there."
            )
        await subscribers.suppress(session, app.keys.suppression_hash(email), "removed", app.clock.now())
        await erasure.scrub(session, person.id or 0, email, partial(without_address, address=email))
        await subscribers.remove(session, person.id or 0)


async def everyone(app: App, slug: str | None) -> list[tuple[Subscriber, Subscription]]:
    """Return all subscribers of a list, or of all lists, by address."""
    async with app.database.begin() as session:
        list_id = (await lists.by_slug(session, slug)).id if slug else None
        return await subscribers.everyone(session, list_id)


def read_rows(content: bytes) -> list[tuple[int, str, str]]:
    """Read a CSV of addresses: (line, address, name).

    UTF-8 with or without BOM, UTF-16 or windows-1256; separated by comma, semicolon or tab; with a header in English
    or Arabic, or without one when the first column holds addresses.

    Raises:
        InputError: no column of addresses can be found.
    """
    text = _decoded(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    if not rows:
        raise InputError(
            "The file is empty.", remedy="One address a line, or a CSV with a column named email."
        )
    header = [cell.strip().strip("\ufeff").lower() for cell in rows[0]]
    at = next((header.index(name) for name in ADDRESS_COLUMNS if name in header), None)
    named = next((header.index(name) for name in NAME_COLUMNS if name in header), None)
    start = 1
    if at is None:
        if "@" not in header[0]:
            raise InputError(
                f"No column of addresses among {', '.join(rows[0])}.",
                remedy="Name the column email or «البريد».",
            )
        at, start = 0, 0
        named = 1 if len(header) > 1 else None
    return [
        (number, row[at].strip(), row[named].strip() if named is not None and len(row) > named else "")
        for number, row in enumerate(rows[start:], start + 1)
        if len(row) > at and row[at].strip()
    ]


def _decoded(content: bytes) -> str:
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256", errors="replace")


async def import_csv(
    app: App, mailing: MailingList, content: bytes, *, file: str, dry_run: bool = False
) -> Imported:
    """Subscribe the addresses of a CSV. Those who left, or must never be mailed, are refused; a bad line stops nothing.

    Raises:
        InputError: the file has no column of addresses.
    """
    rejected: list[tuple[int, str]] = []
    rows: dict[str, str] = {}
    for line, address, name in read_rows(content):
        try:
            rows.setdefault(normalised(address), name)
        except InputError as error:
            rejected.append((line, str(error)))
    if dry_run:
        return Imported(len(rows), 0, 0, tuple(rejected))
    hashes = {email: app.keys.suppression_hashes(email) for email in rows}
    async with app.database.begin() as session:
        added, known, refused = await subscribers.import_rows(
            session,
            mailing.id or 0,
            [(email, name, secrets.token_hex(16), hashes[email]) for email, name in rows.items()],
            locale=mailing.language,
            how="import",
            origin=file,
            now=app.clock.now(),
        )
    return Imported(added, known, refused, tuple(rejected))


async def export_csv(app: App, slug: str | None) -> AsyncIterator[str]:
    """Yield the lines of a CSV with every subscriber; cells that a spreadsheet would run are quoted with an apostrophe."""
    yield _line(["email", "name", "state", "requested_at", "confirmed_at", "left_at", "consent"])
    for person, subscription in await everyone(app, slug):
        stamps = (subscription.requested_at, subscription.confirmed_at, subscription.left_at)
        yield _line(
            [
                person.email,
                person.name,
                subscription.state.value,
                *(stamp.isoformat() if stamp else "" for stamp in stamps),
                subscription.consent_how,
            ]
        )


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(
        [f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in cells]
    )
    return out.getvalue()
