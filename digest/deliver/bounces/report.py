"""What a returned mail says. Pure values."""

from dataclasses import dataclass
from enum import StrEnum

from digest.errors import InputError


class UnreadableMailError(InputError):
    """A returned mail broke a limit or its reader: it is to be put aside for a person, and the next one to be
    read.
    """


class Event(StrEnum):
    """What sort of thing is reported."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    DELIVERED = "delivered"


class Weight(StrEnum):
    """How much a bounce says against the address."""

    HARD = "hard"
    """The address does not exist, or its mailbox is shut for good."""
    SOFT = "soft"
    """For now: full, slow, down. Counts nothing."""
    BLOCK = "block"
    """The receiver objects to the sender. Never counts against the address."""
    UNKNOWN = "unknown"
    """It failed for good and nobody says why; counts like a hard one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReport:
    """One address that something is said about.

    `address` is empty for a complaint that hides it. `code` is an enhanced status code such as 5.1.1, or "".
    `words` are the receiver's own, for people to read. `message_id` is the one of our message, with its angle
    brackets, or "". `read_by` says which reader found it.
    """

    event: Event
    address: str
    weight: Weight = Weight.UNKNOWN
    code: str = ""
    words: str = ""
    message_id: str = ""
    read_by: str = ""
