"""Record outcomes in groups and keep the lease alive."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from queue import SimpleQueue
from typing import Any

import structlog
from sqlalchemy import Connection

from digest.errors import StoreError
from digest.model import Edition, MailingList, OnUnknown
from digest.model.editions.lateness import is_late, latest
from digest.services.app import App
from digest.services.sending.gate import Gate, window
from digest.services.sending.patience import STORE_RETRY_SECONDS
from digest.storage.editions import states
from digest.storage.ledger import batches, group_commits, outcomes
from digest.storage.ledger.batches import Claim
from digest.storage.ledger.outcomes import ClaimStatus, Result
from digest.storage.ledger.writer import group_commit

log = structlog.get_logger()

STOP_SECONDS = 20
"""How long a process that is told to stop waits for the replies to what is on the wire."""
TIMELY_SECONDS = 0.01
"""How often lease and deadline are looked at while messages go out: both are of seconds."""
LINGER_SECONDS = 0.002
"""How long a group waits for more outcomes: a commit costs the same for one as for many."""


@dataclass(slots=True)
class BatchRun:
    """A batch that this process holds.

    `stopped`: nothing more goes on the wire, what is there is recorded. `lost`: another worker has the batch.
    """

    app: App
    claim: Claim
    edition: Edition
    mailing_list: MailingList
    on_progress: Callable[[int], None]
    gate: Gate
    read_at: float = field(default_factory=time.monotonic)
    """When its readers were last seen in the store, on the clock that only goes forward."""
    outage_seconds: float = inf
    """How long the store may be away before this process gives up; a service has no end."""
    hashes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By which each member could be suppressed, from the claim."""
    stopped: bool = False
    lost: bool = False
    leaving: bool = False
    objection: str = ""
    left: datetime | None = None
    """When those may go whom the pace held back; None: nobody was."""
    complained: set[str] = field(default_factory=set)
    """Receivers that said it was too fast."""
    tally: Counter[str] = field(default_factory=Counter)
    _timely_at: float = -inf
    """When lease and deadline were last looked at, on the clock that counts evenly."""

    @property
    def hold(self) -> bool:
        """Whether recipients are marked before the wire."""
        return self.mailing_list.on_unknown is OnUnknown.HOLD

    def may_go_on(self) -> bool:
        """Whether another message may go out: not from a worker that slept past its lease."""
        steady = self.app.clock.steady()
        if not self.stopped and not self.lost and 0 <= steady - self._timely_at < TIMELY_SECONDS:
            return True
        now = self.app.clock.now()
        ended = self.stopped or self.lost or now >= self.claim.lease_until
        deadline = latest(self.edition.send_deadline, self.claim.send_deadline)
        if ended or is_late(deadline, now):
            return False
        self._timely_at = steady
        return True


class Recorder:
    """Commits outcomes in groups, one at a time; told of each in the loop's thread, which waits for nothing.

    A group goes when half of what may be unrecorded has gathered (on SQLite two thirds), or LINGER_SECONDS
    after its first. Its places at the gate are free after its commit.
    """

    def __init__(self, sending: BatchRun) -> None:
        self._sending = sending
        self._loop = asyncio.get_running_loop()
        # SQLite's commits cost the sender's own time: few large ones are better.
        self._enough = window(sending.app.settings.mail) * (4 if sending.app.database.embedded else 3) // 6
        self._gathered: list[Result] = []
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._commit = group_commit(sending.app.database, self._work.put)
        self._timer: asyncio.TimerHandle | None = None
        self._writing = self._over = False
        self._thread = asyncio.create_task(asyncio.to_thread(self._serve))
        self._thread.add_done_callback(self._died)

    def put(self, result: Result) -> None:
        """Take an outcome."""
        self._gathered.append(result)
        if self._writing:
            return
        if len(self._gathered) >= self._enough:
            self._begin()
        elif self._timer is None:
            self._timer = self._loop.call_later(LINGER_SECONDS, self._begin)

    async def finish(self) -> None:
        """Wait until all is recorded.

        Raises:
            StoreError: this process is to end, and the store stays away.
        """
        self._over = True
        if not self._writing:
            self._begin()
        try:
            await self._thread
        finally:
            self._commit.close()

    def _begin(self) -> None:
        """Write what has gathered, at once where it goes. An empty group, at the end, ends the thread."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._thread.done():
            return  # nobody would end what is begun
        group, self._gathered = self._gathered, []
        self._writing = True
        sending = self._sending
        if not group:
            self._work.put(None)
        elif sending.lost:
            self._loop.call_soon(self._written, group, ClaimStatus.LOST)
        elif sending.objection or not self._commit.begin(
            group_commits.outcomes(
                sending.app.database.dialect, sending.claim, group, sending.app.clock.now()
            ),
            lambda status: self._ended(group, status),
        ):
            self._work.put(lambda: self._record_group(group))

    def _died(self, thread: asyncio.Task[None]) -> None:
        """Stop the sending when nobody records any more; `finish` raises what went wrong."""
        if not thread.cancelled() and thread.exception():
            self._sending.stopped = self._over = True
            self._sending.gate.leave(window(self._sending.app.settings.mail))

    def _serve(self) -> None:
        while work := self._work.get():
            work()

    def _record_group(self, group: list[Result]) -> None:
        status = record(self._sending, group)
        self._loop.call_soon_threadsafe(self._written, group, status)

    def _ended(self, group: list[Result], status: ClaimStatus | None) -> None:
        if status is None:
            self._work.put(lambda: self._record_group(group))
        else:
            self._written(group, status)

    def _written(self, group: list[Result], status: ClaimStatus) -> None:
        self._writing = False
        if self._over or len(self._gathered) >= self._enough:
            self._begin()
        elif self._gathered:
            self._timer = self._loop.call_later(LINGER_SECONDS, self._begin)
        _recorded(self._sending, group, status)


def record(sending: BatchRun, results: list[Result]) -> ClaimStatus:
    """Record outcomes, in a thread. A server's objection pauses the edition in the same transaction."""
    objection = sending.objection and f"the server objects to the sender: {sending.objection}"
    claim, now = sending.claim, sending.app.clock.now()

    def fast(connection: Any, dialect: str) -> ClaimStatus | None:
        return group_commits.commit(connection, dialect, group_commits.outcomes(dialect, claim, results, now))

    def write(connection: Connection) -> ClaimStatus:
        status = outcomes.record(connection, claim, results, now)
        if objection and status is ClaimStatus.HELD:
            states.pause(connection, claim.edition_id, objection)
            return ClaimStatus.STOPPED
        return status

    return with_retry(sending, None if objection else fast, write)


def mark(sending: BatchRun, ids: list[int]) -> ClaimStatus:
    """Mark recipients as in doubt before they go on the wire; for a thread."""
    claim, now = sending.claim, sending.app.clock.now()
    return with_retry(
        sending,
        lambda connection, dialect: group_commits.commit(
            connection, dialect, group_commits.marks(dialect, claim, ids, now)
        ),
        lambda connection: outcomes.mark(connection, claim, ids, now),
    )


def with_retry(
    sending: BatchRun,
    fast: Callable[[Any, str], ClaimStatus | None] | None,
    write: Callable[[Connection], ClaimStatus],
) -> ClaimStatus:
    """Write, the quick way where it goes, however long the store is away; for a thread.

    What the server accepted is not forgotten while this process lives.

    Raises:
        StoreError: this process is to end, or has waited long enough, and the store stays away.
    """
    begun = time.monotonic()
    database = sending.app.database
    while True:
        try:
            status = (database.group(fast) if fast else None) or database.write_here(write)
        except StoreError as error:
            database.outage.failed(error)
            waited = time.monotonic() - begun
            if waited > sending.outage_seconds or (sending.leaving and waited > STOP_SECONDS):
                raise
            time.sleep(STORE_RETRY_SECONDS)
        else:
            database.outage.over()
            return status


def _recorded(sending: BatchRun, results: list[Result], status: ClaimStatus) -> None:
    sending.gate.leave(len(results))
    if status is ClaimStatus.STOPPED and sending.objection and not sending.stopped:
        log.error("edition.paused", edition=sending.edition.id, reason=sending.objection)
    apply_status(sending, status)
    if status is not ClaimStatus.LOST:
        count(sending, results)


def count(sending: BatchRun, results: list[Result]) -> None:
    """Count what was recorded."""
    sending.tally.update(result.status.value for result in results)
    sending.on_progress(len(results))


def apply_status(sending: BatchRun, status: ClaimStatus) -> None:
    """Act on how this process stands to its batch."""
    if status is ClaimStatus.LOST and not sending.lost:
        sending.lost = True
        log.warning("batch.lost", edition=sending.edition.id, batch=sending.claim.batch_id)
    elif status is ClaimStatus.STOPPED:
        sending.stopped = True


async def heartbeat(sending: BatchRun) -> None:
    """Renew the lease three times in its length. Without the store it runs out, and nothing more is sent."""
    seconds = sending.app.settings.run.lease_seconds
    while not sending.lost:
        await asyncio.sleep(seconds / 3)
        try:
            now = sending.app.clock.now()
            lease = timedelta(seconds=seconds)
            renewed = await sending.app.database.at_once(batches.renew, sending.claim, now, lease)
        except StoreError as error:
            sending.app.database.outage.failed(error)
            continue
        if renewed is None:
            apply_status(sending, ClaimStatus.LOST)
        else:
            sending.claim = renewed
