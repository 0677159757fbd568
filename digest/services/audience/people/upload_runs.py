"""Uploaded files of people imported beside the pages, and imports taken back."""

from datetime import timedelta

from digest.errors import NotFoundError, RefusedError
from digest.model import ImportRun, MailingList, PeopleUpload, UploadState
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.audience.imports import run as importing
from digest.services.audience.people.uploads import counts_of, imported, of_list
from digest.storage.audience import lists
from digest.storage.audience.people import uploads as stored
from digest.storage.audience.people.uploads import UploadHead

TASK = "import_people"
GIVEN_UP = timedelta(hours=6)
"""No import takes so long: whoever ran it is gone."""
SHOWN = 50


async def begin(app: App, mailing_list: MailingList, upload_id: int) -> bool:
    """Have a file imported beside the pages. False: it was begun before.

    Raises:
        InputError: as `of_list`.
        RefusedError: it was not tried yet.
    """
    head = await of_list(app, mailing_list, upload_id)
    if head.state is UploadState.NEW and not head.rows:
        raise RefusedError("try_first", "Try it first.")
    async with app.database.begin() as session:
        moved = await stored.move(session, upload_id, UploadState.NEW, UploadState.WAITING)
    if moved:
        await app.queue.enqueue(TASK, upload_id)
    return moved


async def run(app: App, upload_id: int) -> bool:
    """Import a file that waits for it; False: it does not any more."""
    async with app.database.begin() as session:
        if not await stored.move(
            session, upload_id, UploadState.WAITING, UploadState.RUNNING, started_at=app.clock.now()
        ):
            return False
        one = await session.get(PeopleUpload, upload_id)
        mailing_list = await lists.by_id(session, one.list_id) if one else None
    if mailing_list is None:
        return False
    head = await of_list(app, mailing_list, upload_id)
    try:
        done, refused = await imported(app, mailing_list, head, dry_run=False)
    except BaseException:
        async with app.database.begin() as session:
            await stored.change(session, upload_id, state=UploadState.FAILED)
        raise
    async with app.database.begin() as session:
        await stored.change(
            session,
            upload_id,
            state=UploadState.DONE,
            counts=counts_of(done),
            rows=done.rows,
            refused=refused,
            import_id=done.import_id,
            content=b"",
        )
    await app.queue.enqueue("count_lists", 0)
    return True


async def history(app: App, mailing_list: MailingList) -> tuple[list[UploadHead], list[ImportRun]]:
    """Return the uploads of a list that are kept, and its imports, the newest first."""
    async with app.database.read() as session:
        return await stored.heads(session, row_id(mailing_list)), await stored.runs(
            session, row_id(mailing_list), SHOWN
        )


async def undo(app: App, mailing_list: MailingList, import_id: int) -> tuple[ImportRun, dict[str, int]]:
    """Take an import of a list back; as `importing.undo`.

    Raises:
        InputError: as `importing.undo`, or it is another list's.
    """
    async with app.database.read() as session:
        one = await session.get(ImportRun, import_id)
    if one is None or one.list_id != mailing_list.id:
        raise NotFoundError(f"The list {mailing_list.slug} has no import {import_id}.")
    if one.undone_at is not None:
        raise RefusedError("undone_before", f"Import {import_id} was undone already.")
    done = await importing.undo(app, import_id)
    await app.queue.enqueue("count_lists", 0)
    return done


async def due(app: App, most: int) -> list[int]:
    """Return the numbers of uploads that wait to be imported."""
    async with app.database.read() as session:
        return await stored.waiting(session, most)


async def forget_old(app: App) -> None:
    """Drop files whose time is over, and give up imports that nobody runs any more."""
    now = app.clock.now()
    async with app.database.begin() as session:
        await stored.give_up(session, now - GIVEN_UP)
        await stored.drop_old(session, now)
