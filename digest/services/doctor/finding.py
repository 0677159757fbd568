"""What the doctor's checks find. Pure values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from digest.services.dns import Lookup


class FindingState(StrEnum):
    """How a check came out."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `line` is what to add to DNS or to the settings, "" when there is nothing.

    `says_ar` is the sentence in Arabic, of what the desk shows; "" for checks that only the command makes.
    """

    check: str
    state: FindingState
    says: str
    line: str = ""
    says_ar: str = ""


def unknown(check: str, answer: Lookup) -> Finding:
    """Return what a look-up without an answer finds: nothing, and never that all is well."""
    return Finding(check, FindingState.UNKNOWN, f"{answer.name} could not be looked up: {answer.failed}.")


def worst(found: Sequence[Finding]) -> FindingState:
    """Return the worst state; unknown is no fault."""
    states = {one.state for one in found}
    return (
        FindingState.BAD
        if FindingState.BAD in states
        else FindingState.WARN
        if FindingState.WARN in states
        else FindingState.GOOD
    )
