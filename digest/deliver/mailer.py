"""What a mailer is."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from digest.deliver.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Job:
    """One message to one recipient. `build` makes its bytes, CRLF lines, when its turn comes."""

    subscriber_id: int
    sender: str
    recipient: str
    build: Callable[[], bytes]


class Mailer(Protocol):
    """Sends messages over SMTP."""

    async def send(self, jobs: AsyncIterator[Job], settle: Callable[[Job, Outcome], None]) -> None:
        """Send jobs over several connections, pulling each when a connection is free.

        `settle` is called exactly once for every job pulled, the moment its outcome is known.

        Raises:
            TemporaryDeliveryError: not one connection could be made; no job was pulled.
        """

    async def check(self) -> str:
        """Connect, greet, log in and quit; return the server's greeting.

        Raises:
            DeliveryError: what failed, in one sentence that says what to do.
        """
