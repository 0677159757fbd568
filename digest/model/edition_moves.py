"""How an edition's state may change: one table, for the commands, the scheduler and the SQL alike."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from digest.model.edition import EditionState as State


class Move(StrEnum):
    """What is done to an edition."""

    COMPOSE = "compose"
    APPROVE = "approve"
    START = "start"
    PAUSE = "pause"
    HOLD = "hold"
    SUSPECT = "suspect"
    RESUME = "resume"
    FINISH = "finish"
    REOPEN = "reopen"
    SETTLE = "settle"
    CANCEL = "cancel"


class Rule(NamedTuple):
    """One way that is open. `started`: only for editions whose audience is frozen, or only for others; None: for both."""

    move: Move
    source: State
    target: State
    started: bool | None = None


RULES: tuple[Rule, ...] = (
    # Composed, not approved: nobody is planned, and its content may still change.
    Rule(Move.COMPOSE, State.DRAFT, State.DRAFT),
    Rule(Move.COMPOSE, State.HELD, State.HELD, started=False),
    Rule(Move.APPROVE, State.DRAFT, State.APPROVED),
    Rule(Move.APPROVE, State.HELD, State.APPROVED, started=False),
    # The audience is frozen, and batches go out.
    Rule(Move.START, State.APPROVED, State.SENDING),
    Rule(Move.FINISH, State.SENDING, State.FINISHED),
    # A person, a server's objection, or too many bounces.
    Rule(Move.PAUSE, State.SENDING, State.PAUSED),
    Rule(Move.RESUME, State.PAUSED, State.SENDING),
    Rule(Move.RESUME, State.HELD, State.SENDING, started=True),
    # Late, too little to say, or not to be rendered.
    Rule(Move.HOLD, State.DRAFT, State.HELD),
    Rule(Move.HOLD, State.APPROVED, State.HELD),
    Rule(Move.HOLD, State.SENDING, State.HELD),
    # The database went back in time: what a person had paused may have been let go since.
    Rule(Move.SUSPECT, State.APPROVED, State.HELD),
    Rule(Move.SUSPECT, State.SENDING, State.HELD),
    Rule(Move.SUSPECT, State.PAUSED, State.HELD),
    Rule(Move.SETTLE, State.HELD, State.FINISHED),
    # Those who failed are tried again.
    Rule(Move.REOPEN, State.FINISHED, State.SENDING),
    Rule(Move.CANCEL, State.DRAFT, State.CANCELLED),
    Rule(Move.CANCEL, State.APPROVED, State.CANCELLED),
    Rule(Move.CANCEL, State.SENDING, State.CANCELLED),
    Rule(Move.CANCEL, State.PAUSED, State.CANCELLED),
    Rule(Move.CANCEL, State.HELD, State.CANCELLED),
)
"""A finished edition is only reopened, a cancelled one stays so."""


def rules_of(move: Move) -> Iterator[Rule]:
    """Yield the ways that a move has, in the table's order."""
    return (rule for rule in RULES if rule.move is move)


def state_after(state: State, move: Move, *, started: bool) -> State | None:
    """Return the state that a move leads to, or None when it is not open from there."""
    return next(
        (rule.target for rule in rules_of(move) if rule.source is state and rule.started in {None, started}),
        None,
    )


def target_of(move: Move) -> State:
    """Return the state that a move leads to, wherever it is open."""
    return next(rules_of(move)).target if move is not Move.COMPOSE else State.HELD


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
