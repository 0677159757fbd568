"""Decide about editions held after a database was restored or copied."""

import asyncio
from dataclasses import dataclass
from datetime import date

from digest.errors import EditionHeldError, InputError
from digest.model import Edition, EditionContent, EditionKind, EditionState, MailingList
from digest.model.editions.lateness import deadline_after, is_late
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.copies import watch
from digest.services.editions.lifecycle.approval import Issue, approve
from digest.services.editions.lifecycle.making import make_due
from digest.services.editions.lifecycle.resuming import resume
from digest.services.sending import deliveries
from digest.storage import instances
from digest.storage.audience import lists
from digest.storage.editions.approving import UNAPPROVED
from digest.storage.editions.editions import LATE, WHY_LATE
from digest.storage.ledger import settling
from digest.storage.ledger.deliveries import Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspected:
    """An edition that is held because it may have gone out, with its list and its books."""

    mailing_list: MailingList
    edition: Edition
    books: Balance

    def line(self) -> str:
        """Say in a line which edition it is and how it stands."""
        edition = self.edition
        stands = self.books.line() if edition.started_at else "not begun in this database"
        return f"{self.mailing_list.slug} {edition.number} of {edition.local_date.isoformat()}: {stands}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreEvidence:
    """What was noticed, in a sentence (empty: nothing), and what is held for it, oldest first."""

    noticed: str
    held: tuple[Suspected, ...] = ()


async def verify(app: App) -> RestoreEvidence:
    """Look at the database, its mark and the embedded mailbox; editions that are due are made, and held, so
    that all are named.
    """
    noticed = await watch.look(app, thorough=True)
    if not noticed:
        return RestoreEvidence(noticed="")
    async with app.database.begin() as session:
        known = {one.id: one for one in await lists.all_lists(session)}
    for mailing_list in known.values():
        while await make_due(app, row_id(mailing_list)) is not None:
            pass
        await _name_again(app, mailing_list, noticed)
    async with app.database.begin() as session:
        held = await instances.suspected(session)
    return RestoreEvidence(
        noticed=noticed,
        held=tuple(
            [
                Suspected(
                    mailing_list=known[one.list_id],
                    edition=one,
                    books=await deliveries.balance(app, row_id(one)),
                )
                for one in held
                if one.state is EditionState.HELD
            ]
        ),
    )


async def _name_again(app: App, mailing_list: MailingList, noticed: str) -> None:
    """Hold the editions that the mark names and the database does not know: made by hand, and sent since."""
    mark = await asyncio.to_thread(app.mark.read) if app.mark else None
    for name in mark.editions if mark else ():
        slug, kind, day, number = name.split(" ")
        if slug != mailing_list.slug or kind == EditionKind.BREAKING.value:
            continue
        held = EditionContent(
            list_slug=slug,
            list_name=mailing_list.name,
            language=mailing_list.language,
            number=int(number),
            kind=kind,
            local_date=date.fromisoformat(day),
            window_start=app.clock.now(),
            window_end=app.clock.now(),
            sections=(),
        )
        deadline = deadline_after(app.clock.now(), mailing_list.misfire_hours)
        await approve(
            app,
            mailing_list,
            Issue(content=held, deadline=deadline, held_reason=noticed, held_code=instances.COPY),
        )


async def count_as_sent(app: App) -> RestoreEvidence:
    """Take it that all that is held went out: who waits is skipped, nobody is mailed. Returns what was
    counted so.

    Raises:
        InputError: nothing was noticed.
    """
    evidence = await _noticed(app)
    now = app.clock.now()
    async with app.database.begin() as session:
        for one in evidence.held:
            await settling.settle(session, row_id(one.edition), now)
        await settling.drop_notices(session, now)
    await watch.accept(app)
    return evidence


async def go_on(app: App) -> tuple[RestoreEvidence, tuple[str, ...]]:
    """Take it that nothing went out since the copy: let what is held go on. Returns it, and what could not go
    on and why.

    What is past its deadline stays held, as always.

    Raises:
        InputError: nothing was noticed.
    """
    evidence = await _noticed(app)
    await watch.accept(app)
    refused = []
    for one in evidence.held:
        try:
            await _let_go(app, one.edition)
        except (InputError, EditionHeldError) as error:
            late = is_late(one.edition.send_deadline, app.clock.now())
            code = LATE if late else UNAPPROVED if one.edition.due_at and not one.edition.approved_at else ""
            async with app.database.begin() as session:
                await instances.keep_held(session, row_id(one.edition), str(error), code)
            refused.append(f"{one.mailing_list.slug} {one.edition.number}: {error}")
    return evidence, tuple(refused)


async def _let_go(app: App, edition: Edition) -> None:
    if is_late(edition.send_deadline, app.clock.now()):
        raise EditionHeldError(WHY_LATE)
    if edition.due_at is not None and edition.started_at is None and not edition.approved_at:
        raise EditionHeldError("nobody has approved it yet")
    await resume(app, edition)


async def _noticed(app: App) -> RestoreEvidence:
    evidence = await verify(app)
    if not evidence.noticed:
        raise InputError(
            "Nothing says that this database was taken back or copied.",
            remedy="There is nothing to decide; `digest editions list` shows how the editions stand.",
        )
    return evidence
