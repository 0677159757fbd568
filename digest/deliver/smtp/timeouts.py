"""How long a reply may take to come. Pure."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for each step. The defaults are the least that RFC 5321 §4.5.3.2 asks a client to wait.

    A reply must be whole within its time: one that comes letter by letter wins none.
    """

    connect: float = 300
    command: float = 300
    data: float = 120
    body: float = 600

    @classmethod
    def within(cls, seconds: float, connect: float) -> Self:
        """Return the RFC's times, all cut to `seconds` a command, twice that for the end of a message."""
        usual = cls()
        return cls(
            connect=min(usual.connect, connect),
            command=min(usual.command, seconds),
            data=min(usual.data, seconds),
            body=min(usual.body, 2 * seconds),
        )

    def of(self, stage: str) -> float:
        """Return the seconds for the reply to a stage of the conversation."""
        return self.body if stage == "body" else self.data if stage == "data" else self.command
