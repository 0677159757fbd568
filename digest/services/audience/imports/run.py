"""Import a file of people into a list, or only say what would come of it; and take an import back.

Nobody is confirmed whom the file, or this database, knows to have left, bounced or been blocked.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import BinaryIO

from sqlalchemy import Connection

from digest.errors import InputError, NotFoundError
from digest.model import CustomField, ImportRun, MailingList, SubscriptionState, SuppressionReason
from digest.model.rows import row_id
from digest.services.app import App, ProgressReporter, SilentProgress
from digest.services.audience.imports import extras
from digest.services.audience.imports.columns import Columns
from digest.services.audience.imports.reading import PeopleFile, Person, people_file, person_in
from digest.services.audience.imports.staging import CHUNK, Staging
from digest.services.audience.imports.states import FileState
from digest.storage.audience import import_extras, own_fields
from digest.storage.audience import imports as stored
from digest.storage.audience.imports import NOBODY, Known

SHOWN = 20
REASONS = {
    FileState.BOUNCED: SuppressionReason.IMPORTED_BOUNCED,
    FileState.BLOCKED: SuppressionReason.IMPORTED_BLOCKED,
}


class ImportOutcome(StrEnum):
    """What became of a row. Every row of the file is one of these."""

    ADDED = "added"
    KNOWN = "known"
    DOUBLED = "doubled"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    UNCONFIRMED = "unconfirmed"
    REJECTED = "rejected"


Refusal = Callable[[int, str, list[str]], None]
"""Hears of a row that was refused: its line, why, and its cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do. `counts` add up to `rows`; `first_errors` are (line, reason)."""

    columns: Columns
    counts: Mapping[ImportOutcome, int]
    rows: int
    named: int = 0
    first_errors: tuple[tuple[int, str], ...] = ()
    import_id: int | None = None


@dataclass(slots=True)
class _Tally:
    counts: Counter[ImportOutcome] = field(default_factory=Counter)
    errors: list[tuple[int, str]] = field(default_factory=list)
    rows: int = 0
    named: int = 0
    people: int = 0
    written: int = 0


def decided(person: Person, known: Known) -> ImportOutcome:
    """Say what becomes of a person, by what the file says and what is known here (pure).

    Whoever confirmed here by the form is not ended by what another program remembers, unless that is a bounce
    or a block.
    """
    if person.state >= FileState.BOUNCED:
        return ImportOutcome.SUPPRESSED
    if person.state is FileState.LEFT:
        confirmed_here = known.state is SubscriptionState.CONFIRMED and known.how == "form"
        return ImportOutcome.KNOWN if confirmed_here and not known.suppressed else ImportOutcome.LEFT
    if known.suppressed:
        return ImportOutcome.SUPPRESSED
    if known.state is SubscriptionState.LEFT:
        return ImportOutcome.LEFT
    if known.state is SubscriptionState.CONFIRMED:
        return ImportOutcome.KNOWN
    return ImportOutcome.UNCONFIRMED if person.state is FileState.UNCONFIRMED else ImportOutcome.ADDED


async def import_file(
    app: App,
    mailing_list: MailingList,
    file: BinaryIO,
    *,
    name: str,
    wanted: Mapping[str, str] | None = None,
    dry_run: bool = False,
    known: Callable[[Columns], None] = lambda _columns: None,
    refused: Refusal = lambda _line, _why, _cells: None,
    report: ProgressReporter | None = None,
) -> Imported:
    """Import a file; nothing is written before it was read to its end. `known` hears which column is what,
    `refused` of each row that was not taken, `report` how many octets were read ("read") and how many people
    written ("write").

    Raises:
        InputError: it is no table of people, or cannot be read to its end.
    """
    async with app.database.read() as session:
        own = await own_fields.of_list(session, row_id(mailing_list))
    found = await asyncio.to_thread(people_file, file, wanted, own)
    known(found.columns)
    tally, report = _Tally(), report or SilentProgress()
    with Staging() as staging:
        await asyncio.to_thread(_stage, found, staging, tally, refused, partial(_report_read, file, report))
        tally.people = staging.count()
        tally.counts[ImportOutcome.DOUBLED] = tally.rows - tally.counts[ImportOutcome.REJECTED] - tally.people
        run = None
        if not dry_run and tally.people:
            run = await app.database.write(
                partial(stored.begin, list_id=row_id(mailing_list), file=name, now=app.clock.now())
            )
        for people in staging.chunks():
            await app.database.write(
                partial(
                    _write,
                    app=app,
                    mailing_list=mailing_list,
                    run=run,
                    people=people,
                    tally=tally,
                    own=found.own,
                )
            )
            tally.written += len(people)
            report.step("write", tally.written, tally.people)
    if run is not None:
        await app.database.write(partial(stored.finish, run_id=row_id(run), counts=_plain(tally.counts)))
    return Imported(
        columns=found.columns,
        counts=tally.counts,
        rows=tally.rows,
        named=tally.named,
        first_errors=tuple(tally.errors),
        import_id=run.id if run else None,
    )


def _plain(counts: Mapping[ImportOutcome, int]) -> dict[str, int]:
    return {outcome.value: count for outcome, count in counts.items() if count}


def _report_read(file: BinaryIO, report: ProgressReporter) -> None:
    place = file.seek(0, 1)
    size = file.seek(0, 2)
    file.seek(place)
    report.step("read", place, size)


def _stage(
    found: PeopleFile, staging: Staging, tally: _Tally, refused: Refusal, report: Callable[[], None]
) -> None:
    people: list[Person] = []
    for line, cells in found.rows:
        tally.rows += 1
        try:
            people.append(person_in(cells, found.columns, found.own))
        except InputError as error:
            tally.counts[ImportOutcome.REJECTED] += 1
            if len(tally.errors) < SHOWN:
                tally.errors.append((line, str(error)))
            refused(line, str(error), cells)
        if len(people) >= CHUNK:
            staging.add(people)
            people.clear()
            report()
    staging.add(people)


def _write(
    connection: Connection,
    *,
    app: App,
    mailing_list: MailingList,
    run: ImportRun | None,
    people: Sequence[Person],
    tally: _Tally,
    own: Mapping[str, CustomField],
) -> None:
    """Decide on some people and write what follows; without a run, only decide."""
    list_id = row_id(mailing_list)
    by_email = {one.email: one for one in people}
    hashes = {email: app.keys.suppression_hashes(email) for email in by_email}
    known = stored.known(connection, list_id, hashes)
    outcomes = {email: decided(one, known.get(email, NOBODY)) for email, one in by_email.items()}
    tally.counts.update(outcomes.values())
    names: dict[int, str] = {
        stands.subscriber_id: by_email[email].name
        for email, stands in known.items()
        if stands.subscriber_id is not None
        and not stands.name
        and by_email[email].name
        and not stands.suppressed
    }
    tally.named += len(names)
    if run is None:
        return
    stored.fill_names(connection, names)
    stored.suppress(
        connection,
        run,
        {hashes[one.email][0]: REASONS[one.state] for one in by_email.values() if one.state in REASONS},
    )
    gone = {ImportOutcome.LEFT, ImportOutcome.SUPPRESSED}
    ended = [
        subscriber_id
        for email, outcome in outcomes.items()
        if outcome in gone
        and (subscriber_id := known.get(email, NOBODY).subscriber_id) is not None
        and by_email[email].state >= FileState.LEFT
        and known.get(email, NOBODY).state in {SubscriptionState.CONFIRMED, SubscriptionState.PENDING}
    ]
    stored.end(connection, list_id, run, ended)
    _add(connection, mailing_list, run, people=by_email, known=known, outcomes=outcomes)
    extras.keep(connection, mailing_list, run, people, own)


def _add(
    connection: Connection,
    mailing_list: MailingList,
    run: ImportRun,
    *,
    people: Mapping[str, Person],
    known: Mapping[str, Known],
    outcomes: Mapping[str, ImportOutcome],
) -> None:
    """Add who is new: to be mailed, or as one who left. The address of one who must never be mailed is not
    kept.
    """
    list_id = row_id(mailing_list)
    kept = {
        email: known.get(email, NOBODY)
        for email, outcome in outcomes.items()
        if outcome is ImportOutcome.ADDED
        or (outcome is ImportOutcome.LEFT and not known.get(email, NOBODY).suppressed)
    }
    fresh = [email for email, stands in kept.items() if stands.subscriber_id is None]
    rows = [(email, people[email].name, secrets.token_hex(16)) for email in fresh]
    ids = stored.add_people(connection, rows, locale=mailing_list.language, now=run.at)
    of = {
        email: subscriber_id
        for email, stands in kept.items()
        if (subscriber_id := ids.get(email, stands.subscriber_id)) is not None
    }
    added = [email for email in kept if outcomes[email] is ImportOutcome.ADDED]
    pending = [of[one] for one in added if kept[one].state is SubscriptionState.PENDING]
    stored.confirm_pending(connection, list_id, run, pending)
    new = [of[one] for one in added if kept[one].state is None]
    stored.add_subscriptions(connection, list_id, run, new, SubscriptionState.CONFIRMED)
    left = [of[one] for one in kept if outcomes[one] is ImportOutcome.LEFT and kept[one].state is None]
    stored.add_subscriptions(connection, list_id, run, left, SubscriptionState.LEFT)


async def imports_of(app: App, mailing_list: MailingList) -> list[ImportRun]:
    """Return what was imported into a list, the newest first."""
    return await app.database.write(partial(import_extras.runs, list_id=row_id(mailing_list)))


async def undo(app: App, import_id: int) -> tuple[ImportRun, dict[str, int]]:
    """Take back an import: those it added go, those it ended come back, what it suppressed may be mailed
    again.

    Who has confirmed or left by themselves since then stays so; names that it filled in stay.

    Raises:
        InputError: there is no such import, or it was undone already.
    """

    def work(connection: Connection) -> tuple[ImportRun, dict[str, int]]:
        run = stored.by_id(connection, import_id)
        if run is None:
            raise NotFoundError(f"There is no import {import_id}.")
        if run.undone_at is not None:
            raise InputError(f"Import {import_id} was undone on {run.undone_at:%Y-%m-%d %H:%M} UTC already.")
        return run, stored.undo(connection, run, app.clock.now())

    return await app.database.write(work)
