"""What a server said about one message."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an outcome means for the recipient and for the rest of the send."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    ADDRESS = "address"
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    RATE = "rate"
    UTF8 = "utf8"
    LOST = "lost"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict with the server's own words. `code` is None when no reply came, or none was asked for."""

    kind: Kind
    code: int | None
    reply: str
