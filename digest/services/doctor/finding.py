"""What the doctor's checks find. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from digest.services.dns import Lookup


class State(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `line` is what to add to DNS or to the settings, "" when there is nothing."""

    check: str
    state: State
    says: str
    line: str = ""


def unknown(check: str, answer: Lookup) -> Finding:
    """Return what a look-up without an answer finds: nothing, and never that all is well."""
    return Finding(check, State.UNKNOWN, f"{answer.name} could not be looked up: {answer.failed}.")


def worst(found: Sequence[Finding]) -> State:
    """Return the worst state; unknown is no fault."""
    states = {one.state for one in found}
    return State.BAD if State.BAD in states else State.WARN if State.WARN in states else State.GOOD
