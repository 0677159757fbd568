"""What became of a post to a channel, of whatever kind. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class PostOutcome(StrEnum):
    """What became of a post."""

    DONE = "done"
    WAIT = "wait"
    REFUSED = "refused"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class PostReply:
    """What a channel answered: the message's number when it is done (0: it gave none), how many seconds to
    wait, or why not.

    Refused: this message never. Broken: the channel takes nothing of ours any more.
    """

    outcome: PostOutcome
    message: int = 0
    seconds: float | None = None
    words: str = ""
