"""How an edition's state may change: one table, for the commands, the scheduler and the SQL alike."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from digest.model.editions.edition import EditionState as State


class Move(StrEnum):
    """What is done to an edition."""

    COMPOSE = "compose"
    APPROVE = "approve"
    STOP = "stop"
    PUT_OFF = "put_off"
    ASK = "ask"
    START = "start"
    PAUSE = "pause"
    HOLD = "hold"
    SUSPECT = "suspect"
    RESUME = "resume"
    FINISH = "finish"
    REOPEN = "reopen"
    SETTLE = "settle"
    CANCEL = "cancel"


class MoveRule(NamedTuple):
    """One way that is open. `started`: only for editions whose audience is frozen, or only for others; None:
    for both.
    """

    move: Move
    source: State
    target: State
    started: bool | None = None


RULES: tuple[MoveRule, ...] = (
    # Composed, not approved: nobody is planned, and its content may still change.
    MoveRule(Move.COMPOSE, State.DRAFT, State.DRAFT),
    MoveRule(Move.COMPOSE, State.HELD, State.HELD, started=False),
    MoveRule(Move.APPROVE, State.DRAFT, State.APPROVED),
    MoveRule(Move.APPROVE, State.HELD, State.APPROVED, started=False),
    # It had too little to say, and has enough by now: people are asked to approve it.
    MoveRule(Move.ASK, State.HELD, State.DRAFT, started=False),
    # Within the cooling-off, somebody thinks better of it.
    MoveRule(Move.STOP, State.APPROVED, State.DRAFT, started=False),
    # It goes out at another time.
    MoveRule(Move.PUT_OFF, State.DRAFT, State.DRAFT, started=False),
    MoveRule(Move.PUT_OFF, State.APPROVED, State.APPROVED, started=False),
    # The audience is frozen, and batches go out.
    MoveRule(Move.START, State.APPROVED, State.SENDING),
    MoveRule(Move.FINISH, State.SENDING, State.FINISHED),
    # A person, a server's objection, or too many bounces.
    MoveRule(Move.PAUSE, State.SENDING, State.PAUSED),
    MoveRule(Move.RESUME, State.PAUSED, State.SENDING),
    MoveRule(Move.RESUME, State.HELD, State.SENDING, started=True),
    # Late, too little to say, or not to be rendered.
    MoveRule(Move.HOLD, State.DRAFT, State.HELD),
    MoveRule(Move.HOLD, State.APPROVED, State.HELD),
    MoveRule(Move.HOLD, State.SENDING, State.HELD),
    # The database went back in time: what a person had paused may have been let go since.
    MoveRule(Move.SUSPECT, State.DRAFT, State.HELD),
    MoveRule(Move.SUSPECT, State.APPROVED, State.HELD),
    MoveRule(Move.SUSPECT, State.SENDING, State.HELD),
    MoveRule(Move.SUSPECT, State.PAUSED, State.HELD),
    MoveRule(Move.SETTLE, State.HELD, State.FINISHED),
    # Those who failed are tried again.
    MoveRule(Move.REOPEN, State.FINISHED, State.SENDING),
    MoveRule(Move.REOPEN, State.SENDING, State.SENDING),
    MoveRule(Move.REOPEN, State.PAUSED, State.PAUSED),
    MoveRule(Move.CANCEL, State.DRAFT, State.CANCELLED),
    MoveRule(Move.CANCEL, State.APPROVED, State.CANCELLED),
    MoveRule(Move.CANCEL, State.SENDING, State.CANCELLED),
    MoveRule(Move.CANCEL, State.PAUSED, State.CANCELLED),
    MoveRule(Move.CANCEL, State.HELD, State.CANCELLED),
)
"""A finished edition is only reopened, a cancelled one stays so."""


def rules_of(move: Move) -> Iterator[MoveRule]:
    """Yield the ways that a move has, in the table's order."""
    return (rule for rule in RULES if rule.move is move)


def state_after(state: State, move: Move, *, started: bool) -> State | None:
    """Return the state that a move leads to, or None when it is not open from there."""
    return next(
        (rule.target for rule in rules_of(move) if rule.source is state and rule.started in {None, started}),
        None,
    )


def targets_of(move: Move) -> frozenset[State]:
    """Return the states that a move leads to."""
    return frozenset(rule.target for rule in rules_of(move))


def why_not(state: State, move: Move) -> str:
    """Say in a sentence's end why a move is not open from a state."""
    reasons = {
        State.FINISHED: "it went out; nobody waits in it",
        State.CANCELLED: "it was cancelled, and that is for good",
        State.DRAFT: "it is not approved yet",
        State.APPROVED: "it has not begun",
        State.HELD: "it is held already",
        State.PAUSED: "it is paused",
        State.SENDING: "it is being sent",
    }
    return f"{reasons[state]}, so that it cannot be {PAST[move]}"


PAST = {
    Move.COMPOSE: "composed anew",
    Move.APPROVE: "approved",
    Move.STOP: "stopped",
    Move.PUT_OFF: "put off",
    Move.ASK: "put before people",
    Move.START: "started",
    Move.PAUSE: "paused",
    Move.HOLD: "held",
    Move.SUSPECT: "held",
    Move.RESUME: "resumed",
    Move.FINISH: "finished",
    Move.REOPEN: "reopened",
    Move.SETTLE: "counted as sent",
    Move.CANCEL: "cancelled",
}
