"""What conversations are made of, pipelined or plain."""

from dataclasses import dataclass, field
from enum import StrEnum

from digest.deliver.mailer import Job
from digest.deliver.outcome import Outcome
from digest.deliver.smtp.dispatch import Dispatcher, Line
from digest.deliver.smtp.envelope import Features, Parcel
from digest.deliver.smtp.timeouts import Timeouts


class Stage(StrEnum):
    """What a reply answers."""

    RSET = "rset"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"


class End(StrEnum):
    """Why a conversation is over. After the first two the connection is in order and may be quit."""

    DRY = "dry"
    LIMIT = "limit"
    CLOSING = "closing"
    BROKEN = "broken"


@dataclass(slots=True, eq=False)
class Transaction:
    """One job on its way. `on_the_wire`: all of its bytes are; without a reply nobody knows whether it was
    taken.
    """

    job: Job
    parcel: Parcel
    refused: Outcome | None = None
    on_the_wire: bool = False


@dataclass(slots=True)
class Conversation:
    """What a session needs to know besides its transport. `most` is how many messages one connection may
    carry.
    """

    features: Features
    timeouts: Timeouts
    intake: Dispatcher
    line: Line
    most: int = 100
    chunking: bool = False
    taken: int = field(default=0, init=False)
