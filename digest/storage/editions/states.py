"""Moving editions from state to state: the only statements that do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, case, exists, literal, or_, update
from sqlalchemy.sql.dml import Update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from digest.errors import InputError, NotFoundError
from digest.model import Batch, Edition
from digest.model.editions.edition_moves import Move, MoveRule, rules_of, state_after, targets_of, why_not

SERVER_OBJECTS = "server"
"""Code of editions that are paused because the mail server objects to the sender."""


def moving(move: Move, *where: ColumnElement[bool], **values: Any) -> Update:
    """Return the statement that moves all editions for which the move is open; others stay as they are."""
    return update(Edition).where(open_to(move), *where).values(state=_target(move), **values)


def _target(move: Move) -> ColumnElement[Any]:
    kind = Edition.__table__.c.state.type  # type: ignore[attr-defined]
    targets = [literal(one, kind) for one in targets_of(move)]
    ways = ((col(Edition.state) == rule.source, literal(rule.target, kind)) for rule in rules_of(move))
    return targets[0] if len(targets) == 1 else case(*ways)


def in_time(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition under which an edition may still go out: its deadline is not passed
    (`model.editions.lateness.is_late`).
    """
    return col(Edition.send_deadline) >= now


def batch_in_time(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition under which a batch may still go out: its edition may, or its readers' hour came
    later (`model.editions.lateness.latest`).
    """
    return or_(in_time(now), col(Batch.send_deadline) >= now)


def past_deadline(now: datetime) -> ColumnElement[bool]:
    """Return the condition under which it is too late for all that waits of an edition."""
    in_time_still = exists().where(
        col(Batch.edition_id) == col(Edition.id),
        col(Batch.done).is_(other=False),
        col(Batch.send_deadline) >= now,
    )
    return and_(col(Edition.send_deadline) < now, ~in_time_still)


def finished_late() -> ColumnElement[bool]:
    """Return the condition under which an edition's last mail went out after the last of its deadlines."""
    later = exists().where(
        col(Batch.edition_id) == col(Edition.id), col(Batch.send_deadline) >= col(Edition.finished_at)
    )
    return and_(col(Edition.finished_at) > col(Edition.send_deadline), ~later)


def open_to(move: Move) -> ColumnElement[bool]:
    """Return the condition under which a move is open to an edition."""
    return or_(*(_open(rule) for rule in rules_of(move)))


def _open(rule: MoveRule) -> ColumnElement[bool]:
    here = col(Edition.state) == rule.source
    if rule.started is None:
        return here
    started = col(Edition.started_at)
    return and_(here, started.is_not(None) if rule.started else started.is_(None))


def pause(
    connection: Connection,
    edition_id: int,
    reason: str,
    code: str = SERVER_OBJECTS,
    about: Mapping[str, str] | None = None,
) -> None:
    """Pause an edition that is being sent, with the reason; `code` and `about` tell it to programs."""
    values = {"held_reason": reason, "held_code": code, "held_about": dict(about or {})}
    connection.execute(moving(Move.PAUSE, col(Edition.id) == edition_id, **values))


async def move_one(session: AsyncSession, edition_id: int, move: Move, **values: Any) -> Edition:
    """Move one edition and return it.

    Raises:
        InputError: it is gone, or the move is not open from where it is.
    """
    edition = await session.get(Edition, edition_id, populate_existing=True)
    if edition is None:
        raise NotFoundError("The edition is gone.")
    take(edition, move)
    for name, value in values.items():
        setattr(edition, name, value)
    session.add(edition)
    await session.flush()
    return edition


def take(edition: Edition, move: Move) -> None:
    """Move an edition that is in hand, not yet written.

    Raises:
        InputError: the move is not open from where it is.
    """
    after = state_after(edition.state, move, started=edition.started_at is not None)
    if after is None:
        raise InputError(
            f"Edition {edition.number} is {edition.state.value}: {why_not(edition.state, move)}."
        )
    edition.state = after
