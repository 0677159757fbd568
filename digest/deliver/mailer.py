"""What a mailer is."""

from collections.abc import AsyncIterator, Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Protocol

from digest.deliver.outcome import Outcome

ANY_NUMBER: Mapping[str, int] = MappingProxyType({})


Content = bytes | list[bytes]
"""A message, whole or in pieces, which are put together only once, on the way to the wire."""


def whole(content: Content) -> bytes:
    """Return a message in one piece."""
    return content if isinstance(content, bytes) else b"".join(content)


class Job(NamedTuple):
    """One message to one recipient. `build` makes its bytes when its turn comes.

    `build_eight_bit` makes the shorter form for servers that announce 8BITMIME (RFC 6152); None: there is
    only one form, in ASCII. `ready` promises that both forms are CRLF lines, none of which begins with a dot,
    and end with CRLF; without the promise each message is looked through once, and put in order where it must
    be. `route` is the slug of the list, for settings that give a list a server of its own.
    """

    subscriber_id: int
    sender: str
    recipient: str
    build: Callable[[], Content]
    build_eight_bit: Callable[[], Content] | None = None
    ready: bool = False
    route: str = ""


class Mailer(Protocol):
    """Sends messages over SMTP."""

    async def send(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        most: Mapping[str, int] = ANY_NUMBER,
    ) -> None:
        """Send jobs over several connections, pulling each when a connection is free.

        `most` says by label how many jobs a server may be given; one that it does not name, any number.

        `settle` is called exactly once for every job pulled, the moment its outcome is known; also when the
        work is cancelled or `jobs` fails. A few jobs more than there are connections are pulled ahead. When
        every server has gone away in the middle, the jobs in hand are settled as untried, no more are pulled,
        and it returns.

        Raises:
            TemporaryDeliveryError: not one connection could be made; no job was pulled.
        """

    async def check(self) -> str:
        """Connect, greet, log in and quit; return the server's greeting.

        Raises:
            DeliveryError: what failed, in one sentence that says what to do.
        """


async def send_one(mailer: Mailer, job: Job) -> Outcome:
    """Send one message outside the ledger and return what the server said."""
    outcomes: list[Outcome] = []
    await mailer.send(_only(job), lambda _, outcome: outcomes.append(outcome))
    return outcomes[0]


async def _only(job: Job) -> AsyncIterator[Job]:
    yield job
