"""Editions that people approve: approving, stopping, putting off, and what becomes of one that nobody
approved.
"""

from datetime import datetime, timedelta

import structlog

from digest.errors import EditionHeldError, InputError, NotFoundError, RefusedError
from digest.model import Edition, EditionContent, MailingList, WebhookEvent
from digest.model.editions.edition_moves import Move, state_after, why_not
from digest.model.editions.lateness import deadline_after, put_further
from digest.model.rows import row_id
from digest.services.app import App
from digest.services.copies import watch as copies
from digest.services.editions.lifecycle.approval import Issue, keep_content, proofread, start
from digest.services.schedule.approving import begins_at, goes_unapproved
from digest.storage import outbox
from digest.storage.audience import lists
from digest.storage.editions import approving, editions

log = structlog.get_logger()

BY_ITSELF = ""
"""Who approves an edition that goes out without anybody's approval."""
FARTHEST = timedelta(days=7)
"""An edition is put off so long at most: its news is old then."""


async def approve_draft(
    app: App,
    edition: Edition,
    by: str,
    *,
    version: int | None = None,
    at_once: bool = False,
) -> Edition:
    """Approve a composed edition; it begins at its time, after the list's cooling-off. The first of several
    wins.

    `version` is the one that was looked at; None: what stands there now. `at_once`: it does not wait for its
    time. Nobody is planned before it begins.

    Raises:
        RefusedError: somebody approved it before (approved_already), or changed it (changed_since); or it
            cannot be approved from where it is (move).
        EditionHeldError: it cannot be rendered, or the database went back in time.
    """
    if sentence := await copies.look(app):
        raise EditionHeldError(sentence)
    mailing_list = await _list_of(app, edition)
    _require(edition, Move.APPROVE)
    if version is not None and version != edition.version:
        raise _changed(edition)
    content = EditionContent.model_validate(edition.content)
    issue, subject = await proofread(
        app, mailing_list, Issue(content=content, deadline=edition.send_deadline)
    )
    if issue.held_reason:
        raise EditionHeldError(f"Edition {edition.number} cannot go out: {issue.held_reason}")
    now = app.clock.now()
    cooling_off = timedelta(minutes=mailing_list.cooling_off_minutes if by else 0)
    begins = begins_at(edition.due_at, now, cooling_off, at_once=at_once)
    async with app.database.begin() as session:
        is_mine = await approving.approve(
            session,
            row_id(edition),
            edition.version,
            edition.state,
            approved_by=by,
            approved_at=now,
            starts_at=begins,
            stopped_by="",
            held_reason=None,
            held_code="",
            send_deadline=put_further(edition.send_deadline, begins, mailing_list.misfire_hours),
        )
        found = await editions.by_id(session, row_id(edition))
        if found is None:
            raise NotFoundError(f"Edition {edition.number} is gone.")
        await session.refresh(found)
        if not is_mine:
            _require(found, Move.APPROVE)
            raise _changed(found)
        await keep_content(session, mailing_list, found, content, subject)
        await outbox.note_editions(session, WebhookEvent.APPROVED, [row_id(found)], now)
    log.info("edition.approved", list=mailing_list.slug, number=edition.number, begins=begins.isoformat())
    return found


def _require(edition: Edition, move: Move) -> None:
    if state_after(edition.state, move, started=edition.started_at is not None) is not None:
        return
    if move is Move.APPROVE and edition.approved_by:
        raise RefusedError(
            "approved_already", f"Edition {edition.number} was approved by {edition.approved_by}."
        )
    raise RefusedError(
        "move", f"Edition {edition.number} is {edition.state.value}: {why_not(edition.state, move)}."
    )


def _changed(edition: Edition) -> RefusedError:
    return RefusedError(
        "changed_since",
        f"Edition {edition.number} was changed meanwhile.",
        remedy="Look at it as it stands now, and approve that.",
    )


async def stop(app: App, edition: Edition, by: str) -> Edition:
    """Take an approval back before the edition begins. It waits for an approval again, and does not go out
    by itself.

    Raises:
        RefusedError: it began, or is not approved (move).
    """
    async with app.database.begin() as session:
        done = await approving.stop(session, row_id(edition), by)
        found = await editions.by_id(session, row_id(edition))
        if found is None:
            raise NotFoundError(f"Edition {edition.number} is gone.")
        await session.refresh(found)
    if not done:
        _require(found, Move.STOP)
    return found


async def put_off(app: App, edition: Edition, due_at: datetime) -> Edition:
    """Set when an edition goes out that has not begun; one that is approved stays so, after the cooling-off.

    Raises:
        InputError: the time is past, or more than a week away.
        RefusedError: it began, or is held or cancelled (move).
    """
    mailing_list, now = await _list_of(app, edition), app.clock.now()
    if not now <= due_at <= now + FARTHEST:
        raise RefusedError(
            "due_at", "An edition goes out within a week from now.", remedy="Give a time to come."
        )
    begins = begins_at(due_at, now, timedelta(minutes=mailing_list.cooling_off_minutes), at_once=False)
    deadline = deadline_after(due_at, mailing_list.misfire_hours)
    async with app.database.begin() as session:
        done = await approving.put_off(session, row_id(edition), due_at, begins, deadline)
        found = await editions.by_id(session, row_id(edition))
        if found is None:
            raise NotFoundError(f"Edition {edition.number} is gone.")
        await session.refresh(found)
    if not done:
        raise RefusedError("move", f"Edition {edition.number} is {found.state.value}; it has no time to set.")
    return found


async def close(app: App, edition_id: int) -> bool:
    """See to an edition whose time has come and that nobody approved: send it or hold it, as its list says.
    False: there is none.
    """
    now = app.clock.now()
    async with app.database.begin() as session:
        if edition_id not in await approving.unapproved(session, now):
            return False
        edition = await editions.by_id(session, edition_id)
    if edition is None:
        return False
    if not goes_unapproved(await _list_of(app, edition), stopped_by=""):  # who was stopped is not among them
        reason = "its time came, and nobody had approved it"
        async with app.database.begin() as session:
            held = await approving.hold_unapproved(session, edition_id, now, reason)
        log.warning("edition.unapproved", edition=edition_id, held=held)
        return held
    try:
        await start(app, await approve_draft(app, edition, BY_ITSELF, version=edition.version, at_once=True))
    except InputError:
        return False  # a person was quicker
    except EditionHeldError as error:
        async with app.database.begin() as session:
            await approving.hold_unapproved(session, edition_id, now, str(error))
    return True


async def _list_of(app: App, edition: Edition) -> MailingList:
    async with app.database.begin() as session:
        found = await lists.by_id(session, edition.list_id)
    if found is None:
        raise NotFoundError(f"The list of edition {edition.number} is gone.")
    return found


def may_be_approved(edition: Edition) -> bool:
    """Say whether an edition waits for an approval, or was held without one, before it began."""
    began = edition.started_at is not None
    return edition.due_at is not None and state_after(edition.state, Move.APPROVE, started=began) is not None
