"""An uploaded file of people: kept for a while, its columns proposed and chosen, tried."""

import asyncio
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from digest.errors import InputError, NotFoundError, RefusedError, StoreError
from digest.model import CustomField, MailingList, PeopleUpload, UploadState
from digest.model.rows import row_id
from digest.services.app import App, SilentProgress
from digest.services.audience.imports import run as importing
from digest.services.audience.imports.columns import NONE, ROLES, Columns
from digest.services.audience.imports.reading import people_file
from digest.services.audience.imports.run import Imported
from digest.services.audience.people.refused_lines import RefusedLine, RefusedLines, read_lines
from digest.storage.audience import own_fields
from digest.storage.audience.people import uploads as stored
from digest.storage.audience.people.uploads import UploadHead
from digest.text.words.normalise import clean

LONGEST_NAME = 200
SAMPLE = 3
NOTED_EVERY = 1.0
"""Seconds after which it is written down how far an import is."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class UploadLook:
    """What a file holds: its columns' titles, some rows, and which column is what (by role or field key).

    `problem`: no column of addresses was found; empty: one was. `first` are lines that were refused.
    """

    head: UploadHead
    titles: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    roles: Mapping[int, str]
    own: Sequence[CustomField]
    problem: str
    first: tuple[RefusedLine, ...]


async def keep(app: App, mailing_list: MailingList, name: str, content: bytes) -> int:
    """Keep a file of people for a list; returns its number.

    Raises:
        RefusedError: it is empty.
    """
    if not content.strip():
        raise RefusedError("file_empty", "The file is empty.", remedy="Choose a file, or paste addresses.")
    now = app.clock.now()
    async with app.database.begin() as session:
        made = await stored.add(
            session,
            PeopleUpload(
                list_id=row_id(mailing_list),
                file=clean(name)[:LONGEST_NAME] or "people.csv",
                content=content,
                created_at=now,
                ends_at=now + timedelta(hours=app.settings.desk.upload_hours),
            ),
        )
    return row_id(made)


async def of_list(app: App, mailing_list: MailingList, upload_id: int) -> UploadHead:
    """Return an upload of a list.

    Raises:
        NotFoundError: there is none, or its time is over.
    """
    async with app.database.read() as session:
        found = await stored.head(session, row_id(mailing_list), upload_id)
    if found is None:
        raise NotFoundError(f"The list {mailing_list.slug} has no upload {upload_id} (any more).")
    return found


async def look(app: App, mailing_list: MailingList, upload_id: int) -> UploadLook:
    """Return what an upload holds, and what is proposed, or was chosen, for its columns.

    Raises:
        InputError: as `of_list`, or it is no table at all.
    """
    head = await of_list(app, mailing_list, upload_id)
    async with app.database.read() as session:
        content = await stored.content(session, upload_id)
        refused = await stored.refused(session, upload_id)
        own = await own_fields.of_list(session, row_id(mailing_list))
    columns, sample, problem = await asyncio.to_thread(_read, content, head.mapping, own)
    width = max([len(columns.titles), *(len(row) for row in sample)])
    titles = tuple(columns.title(at) for at in range(width))
    return UploadLook(
        head,
        titles,
        sample,
        {} if problem else roles_of(columns),
        own,
        problem,
        tuple(islice(read_lines(refused), SHOWN)),
    )


def _read(
    content: bytes, mapping: Mapping[str, str], own: Sequence[CustomField]
) -> tuple[Columns, tuple[tuple[str, ...], ...], str]:
    file, problem = io.BytesIO(content), ""
    try:
        found = people_file(file, mapping, own)
    except InputError as error:
        problem = error.message
        found = people_file(file, {"email": "1"}, own)
    rows = [
        tuple(cell[:60] for cell in cells) for (_, cells), _ in zip(found.rows, range(SAMPLE), strict=False)
    ]
    return found.columns, tuple(rows), problem


def roles_of(columns: Columns) -> dict[int, str]:
    """Return what each used column is, by position from 0 (pure)."""
    found = {columns.email: "email"}
    found |= dict.fromkeys(columns.names, "name")
    found |= dict.fromkeys([*columns.states, *(at for at, _ in columns.flags)], "state")
    return found | dict(columns.own)


async def choose(
    app: App, mailing_list: MailingList, upload_id: int, chosen: Mapping[int, str]
) -> Mapping[str, str]:
    """Keep which column is what, by position; returns it as the import takes it.

    What is as the file itself proposes is left to it: it then knows, too, what a column «unsubscribed at»
    means.

    Raises:
        InputError: as `of_list`, no column is said to hold addresses, or two are.
        RefusedError: it is imported already.
    """
    head = await of_list(app, mailing_list, upload_id)
    if head.state is not UploadState.NEW:
        raise RefusedError("import_begun", "It is imported already.")
    async with app.database.read() as session:
        content = await stored.content(session, upload_id)
        own = await own_fields.of_list(session, row_id(mailing_list))
    columns, _, problem = await asyncio.to_thread(_read, content, {}, own)
    proposed = {} if problem else roles_of(columns)
    wanted: dict[str, str] = {}
    for role in (*ROLES, *(one.key for one in own)):
        at = sorted(place for place, each in chosen.items() if each == role)
        if at != sorted(place for place, each in proposed.items() if each == role):
            wanted[role] = "+".join(str(place + 1) for place in at) or NONE
    addresses = [place for place, each in chosen.items() if each == "email"]
    if len(addresses) != 1:
        raise RefusedError("one_address_column", "One column holds the addresses.")
    async with app.database.begin() as session:
        await stored.change(session, upload_id, mapping=wanted, counts={}, rows=0, refused="")
    return wanted


async def dry_run(app: App, mailing_list: MailingList, upload_id: int) -> Imported:
    """Say what would come of an import; nothing is written but the counts and the lines refused.

    Raises:
        InputError: as `of_list`, or as `importing.import_file`.
    """
    head = await of_list(app, mailing_list, upload_id)
    done, refused = await imported(app, mailing_list, head, dry_run=True)
    async with app.database.begin() as session:
        await stored.change(
            session, upload_id, counts=counts_of(done), rows=done.rows, refused=refused, people=0
        )
    return done


async def imported(
    app: App, mailing_list: MailingList, head: UploadHead, *, dry_run: bool
) -> tuple[Imported, str]:
    """Import a file, or try it; returns what came of it, and the lines that were not taken, as they are
    kept.

    Raises:
        InputError: as `importing.import_file`.
    """
    async with app.database.read() as session:
        content = await stored.content(session, head.id)
    lines, report = RefusedLines(), WrittenPeople()
    noting = asyncio.create_task(_note_progress(app, head.id, report))
    try:
        done = await importing.import_file(
            app,
            mailing_list,
            io.BytesIO(content),
            name=head.file,
            wanted=head.mapping,
            dry_run=dry_run,
            refused=lines.refused,
            report=report,
        )
    finally:
        noting.cancel()
    return done, lines.written()


class WrittenPeople(SilentProgress):
    """Hears how many people were written."""

    def __init__(self) -> None:
        self.people = 0

    def step(self, stage: str, done: int, total: int) -> None:
        """Keep the number."""
        del total
        if stage == "write":
            self.people = done


async def _note_progress(app: App, upload_id: int, report: WrittenPeople) -> None:
    noted = 0
    while True:
        await asyncio.sleep(NOTED_EVERY)
        if report.people != noted:
            noted = report.people
            with suppress(StoreError):
                async with app.database.begin() as session:
                    await stored.change(session, upload_id, people=noted)


def counts_of(done: Imported) -> dict[str, int]:
    """Return what became of the rows, by the outcome's word; none of which there is none."""
    return {one.value: count for one, count in done.counts.items() if count}


async def refused_lines(app: App, mailing_list: MailingList, upload_id: int) -> Iterator[RefusedLine]:
    """Return the lines that were not taken, each with its reason.

    Raises:
        NotFoundError: as `of_list`.
    """
    await of_list(app, mailing_list, upload_id)
    async with app.database.read() as session:
        return read_lines(await stored.refused(session, upload_id))


async def drop(app: App, mailing_list: MailingList, upload_id: int) -> None:
    """Drop a file that is not imported yet.

    Raises:
        NotFoundError: as `of_list`.
        RefusedError: it is being imported.
    """
    head = await of_list(app, mailing_list, upload_id)
    if head.state in {UploadState.WAITING, UploadState.RUNNING}:
        raise RefusedError("import_begun", "It is being imported.")
    async with app.database.begin() as session:
        await stored.drop(session, upload_id)
