"""Editions that wait for people: approving and stopping them, and who is mailed about them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, exists, literal
from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.model import ApprovalMail, ApprovalMailKind, Edition, EditionState, WebhookEvent
from digest.model.editions.edition_moves import Move
from digest.storage import outbox, tries
from digest.storage.editions.states import moving

UNAPPROVED = "unapproved"
"""Code of editions that are held because their time came and nobody had approved them."""


async def approve(
    session: AsyncSession, edition_id: int, version: int, state: EditionState, **values: Any
) -> bool:
    """Approve an edition as it stands in that version and state. False: somebody was quicker, or changed
    it.
    """
    return await _moved(
        session,
        Move.APPROVE,
        col(Edition.id) == edition_id,
        col(Edition.version) == version,
        col(Edition.state) == state,
        **values,
    )


async def stop(session: AsyncSession, edition_id: int, by: str) -> bool:
    """Take an approval back while the edition has not begun. False: it has, or is not approved."""
    nobody: dict[str, Any] = {"approved_by": "", "approved_at": None, "starts_at": None}
    return await _moved(session, Move.STOP, col(Edition.id) == edition_id, stopped_by=by, **nobody)


async def hold_unapproved(session: AsyncSession, edition_id: int, now: datetime, reason: str) -> bool:
    """Hold an edition whose time has come. False: it was approved, stopped or put off meanwhile."""
    values = {"held_reason": reason, "held_code": UNAPPROVED}
    held = await _moved(session, Move.HOLD, col(Edition.id) == edition_id, *_waits_past(now), **values)
    await outbox.note_editions(session, WebhookEvent.HELD, [edition_id] if held else [], now)
    return held


async def _moved(session: AsyncSession, move: Move, *where: ColumnElement[bool], **values: Any) -> bool:
    done = await session.exec(moving(move, *where, **values).execution_options(synchronize_session=False))
    return done.rowcount == 1


async def put_off(
    session: AsyncSession, edition_id: int, due_at: datetime, starts_at: datetime, deadline: datetime
) -> bool:
    """Set when an edition goes out that has not begun; an approved one begins at `starts_at`. False: it
    began.
    """
    this, begins = col(Edition.id) == edition_id, Edition.__table__.c.starts_at  # type: ignore[attr-defined]
    approved = (col(Edition.state) == EditionState.APPROVED, literal(starts_at, begins.type))
    times = {"starts_at": case(approved, else_=begins), "due_at": due_at, "send_deadline": deadline}
    return await _moved(session, Move.PUT_OFF, this, **times)


def _waits_past(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Edition.state) == EditionState.DRAFT,
        col(Edition.due_at) <= now,
        col(Edition.stopped_by) == "",
    )


async def unapproved(session: AsyncSession, now: datetime) -> list[int]:
    """Return the editions whose time has come and that nobody approved or stopped."""
    query = select(Edition.id).where(*_waits_past(now)).order_by(col(Edition.id))
    return [one for one in (await session.exec(query)).all() if one is not None]


async def unasked(
    session: AsyncSession, kind: ApprovalMailKind, before: datetime | None = None
) -> list[Edition]:
    """Return the editions about which nobody was mailed in that way yet.

    For "held" those that were held unapproved; else those that wait for approval, with `before` those alone
    whose time comes until then.
    """
    of_kind = exists().where(col(ApprovalMail.edition_id) == col(Edition.id), col(ApprovalMail.kind) == kind)
    if kind is ApprovalMailKind.HELD:
        which = [col(Edition.state) == EditionState.HELD, col(Edition.held_code) == UNAPPROVED]
    else:
        which = [col(Edition.state) == EditionState.DRAFT, col(Edition.due_at).is_not(None)]
    if before is not None:
        which.append(col(Edition.due_at) <= before)
    query = select(Edition).where(*which, ~of_kind).order_by(col(Edition.id)).limit(100)
    return list((await session.exec(query)).all())


async def ask(
    session: AsyncSession,
    edition_id: int,
    account_ids: Collection[int],
    kind: ApprovalMailKind,
    now: datetime,
) -> None:
    """Keep that these people are to be mailed about an edition."""
    session.add_all(
        ApprovalMail(edition_id=edition_id, account_id=one, kind=kind, created_at=now, next_try_at=now)
        for one in account_ids
    )
    await session.flush()


async def due_mails(session: AsyncSession, now: datetime, limit: int) -> list[int]:
    """Return the ids of the mails that are to go now, who waits longest first."""
    return await tries.due(session, ApprovalMail, now, limit)


async def take_mail(
    session: AsyncSession, mail_id: int, now: datetime, waits: Sequence[timedelta]
) -> ApprovalMail | None:
    """Take a mail for sending; it is due again after its next wait, or never. None: somebody else has it."""
    return await tries.take(session, ApprovalMail, mail_id, now, waits)


async def mailed(session: AsyncSession, mail_id: int) -> None:
    """Note that a mail was taken by the server."""
    await session.exec(update(ApprovalMail).where(col(ApprovalMail.id) == mail_id).values(next_try_at=None))
