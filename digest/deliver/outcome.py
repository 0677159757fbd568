"""What a server said about one message."""

import re
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What an outcome means for the recipient and for the rest of the send."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    """Refused for now."""
    PERMANENT = "permanent"
    """Refused for good; says nothing certain about the address."""
    ADDRESS = "address"
    """There is no such address (5.1.x at RCPT)."""
    MAILBOX_FULL = "mailbox_full"
    POLICY = "policy"
    """The server objects to the sender, its reputation or its authentication."""
    MESSAGE = "message"
    """The message is too large for the server, whoever it is for."""
    RATE = "rate"
    """Too fast, or the server is closing."""
    UTF8 = "utf8"
    """The server does not take addresses outside ASCII."""
    LOST = "lost"
    """The whole message was on the wire and no reply came: it may have been accepted."""
    UNTRIED = "untried"
    """Nothing of it was on the wire: no server could be reached."""
    UNSAFE = "unsafe"
    """Never put on the wire: its address or its bytes cannot be sent."""


class Outcome(NamedTuple):
    """A verdict with the server's own words. `code` is None when no reply came, or none was asked for."""

    kind: Kind
    code: int | None
    reply: str

    @property
    def answer(self) -> str:
        """The code and the server's words, as far as there are any."""
        return f"{self.code or ''} {self.reply}".strip()

    def without(self, address: str) -> "Outcome":
        """Return the same without an address in the server's words: what is kept of them outlives the
        person.
        """
        return self if "@" not in self.reply else self._replace(reply=without_address(self.reply, address))


ADDRESS_MARK = "‹address›"
"""What stands in kept words where a person's address stood."""


def without_address(words: str, address: str) -> str:
    """Return words with a mark where an address stood, in whatever case."""
    return re.sub(re.escape(address), ADDRESS_MARK, words, flags=re.IGNORECASE)
