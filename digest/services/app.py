"""What every use case is given."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from digest.clock import Clock
from digest.collect.fetch.http import Http
from digest.deliver.mailer import Mailer
from digest.keys import KeyRing
from digest.render.links import Links
from digest.render.renderer import EditionRenderer
from digest.services.schedule.steadiness import ClockWatch
from digest.settings import Settings
from digest.storage.database.engine import Database
from digest.storage.database.mark_file import MarkFile
from digest.summarize.protocol import Summarizer

if TYPE_CHECKING:
    from digest.deliver.dkim.signer import Signer


class Queue(Protocol):
    """Gets work done soon: at once in this process, or by some worker on some machine."""

    async def enqueue(self, task: str, row_id: int) -> None:
        """Ask for `TASKS[task]` on the row. Asking twice for the same is harmless."""

    async def enqueue_with(self, session: AsyncSession, task: str, row_ids: Sequence[int]) -> None:
        """Ask for a task on many rows when the session's transaction commits; rolled back, nobody was
        asked.
        """


class ProgressReporter(Protocol):
    """Hears how long work goes on."""

    def step(self, stage: str, done: int, total: int) -> None:
        """Say that `done` of `total` of a stage are behind us."""

    def note(self, text: str) -> None:
        """Say one line that a person should see now."""


class SilentProgress:
    """A report that nobody reads."""

    def step(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The parts that use cases work with. Built once by `bootstrap`, never changed; `keys` alone takes in
    newer ones.
    """

    settings: Settings
    database: Database
    http: Http
    summarizer: Summarizer
    renderer: EditionRenderer
    mailer: Mailer
    links: Links
    keys: KeyRing
    clock: Clock
    queue: Queue
    signer: "Signer | None" = None
    """Signs what goes out; None: the SMTP server does, or nobody."""
    random: Callable[[], float]
    """A number from 0 to 1 for jitter; tests give a constant."""
    mark: MarkFile | None = None
    """Tells a restored or copied database from the one that sent; None: nothing is compared."""
    clock_watch: ClockWatch = field(default_factory=ClockWatch)
