"""Distribute jobs from one iterator to per-server queues."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

from digest.deliver.mailer import Job
from digest.deliver.outcome import Kind, Outcome
from digest.deliver.smtp.balancing import ServerHealth, choose

TRIES = 2
"""How often a job may be given back by a broken connection before it is settled as temporarily refused."""


class Line:
    """The jobs that wait before one server. Connections take from it and are woken when it fills."""

    def __init__(self, intake: "Dispatcher", room: int) -> None:
        self._intake = intake
        self.room = room
        self.waiting: deque[Job] = deque()
        self._idle: deque[Callable[[], None]] = deque()

    @property
    def over(self) -> bool:
        """Whether there is no job and none will come."""
        return self._intake.ended and not self.waiting

    def take(self) -> Job | None:
        """Take the next job; None when there is none at the moment."""
        if not self.waiting:
            return None
        job = self.waiting.popleft()
        if len(self.waiting) <= self.room // 2:
            self._intake.make_room()
        return job

    def call_when_filled(self, wake: Callable[[], None]) -> None:
        """Call once, when there may be a job or the feed has ended."""
        if self.waiting or self._intake.ended:
            wake()
        else:
            self._idle.append(wake)

    def forget(self, wake: Callable[[], None]) -> None:
        """Do not call any more."""
        with suppress(ValueError):
            self._idle.remove(wake)

    def put(self, job: Job) -> None:
        """Add a job and wake one connection."""
        self.waiting.append(job)
        if self._idle:
            self._idle.popleft()()

    def wake_all(self) -> None:
        """Wake every connection."""
        idle, self._idle = self._idle, deque()
        for wake in idle:
            wake()

    async def filled(self) -> bool:
        """Wait for a job; False when none will come any more."""
        while not self.waiting:
            if self._intake.ended:
                return False
            came = asyncio.get_running_loop().create_future()

            def wake(came: asyncio.Future[None] = came) -> None:
                if not came.done():
                    came.set_result(None)

            self.call_when_filled(wake)
            try:
                await came
            finally:
                self.forget(wake)
        return True


class Dispatcher:
    """Pulls jobs from the feed and shares them out among the servers' lines.

    `health` is one a server; its owner changes it in place. `most` is how many jobs each may be given.
    Whatever happens, every job that was pulled is settled exactly once: by a connection, or by `close`.
    """

    def __init__(
        self,
        jobs: AsyncIterator[Job],
        settle: Callable[[Job, Outcome], None],
        health: list[ServerHealth],
        rooms: Sequence[int],
        now: Callable[[], float],
        *,
        most: Sequence[int | None] = (),
    ) -> None:
        self._most = most
        self._jobs = jobs
        self._settle = settle
        self._health = health
        self._given = [0] * len(health)
        self._now = now
        self._tries: dict[Job, int] = {}
        self._room: asyncio.Future[None] | None = None
        self.lines = [Line(self, room) for room in rooms]
        self.ended = False

    def settle(self, job: Job, outcome: Outcome) -> None:
        """Hand an outcome on."""
        if self._tries:
            self._tries.pop(job, None)
        self._settle(job, outcome.without(job.recipient))

    def give_back(self, job: Job, outcome: Outcome) -> None:
        """Put a job whose bytes never were on the wire in line again, or settle it when that was so
        before.
        """
        tries = self._tries.get(job, 0) + 1
        if tries < TRIES and self._place(job):
            self._tries[job] = tries
        else:
            self.settle(job, outcome)

    def make_room(self) -> None:
        """Let the feed go on."""
        if self._room is not None and not self._room.done():
            self._room.set_result(None)

    def move(self, place: int, outcome: Outcome) -> None:
        """Share out a line's jobs among the other servers; settle them when there is none."""
        moved, self.lines[place].waiting = self.lines[place].waiting, deque()
        for job in moved:
            if not self._place(job):
                self.settle(job, outcome)
        self.make_room()

    async def feed(self) -> None:
        """Pull jobs until there are none, or no server is up any more; then wake everybody to finish.

        Raises what the feed raises, after waking everybody.
        """
        try:
            while self._has_room() or await self._room_made():
                try:
                    job = await self._jobs.__anext__()
                except StopAsyncIteration:
                    break
                if not self._place(job):
                    self.settle(job, Outcome(Kind.UNTRIED, None, "No mail server can be reached."))
                    break
        finally:
            self.ended = True
            for line in self.lines:
                line.wake_all()
            if hasattr(self._jobs, "aclose"):
                await self._jobs.aclose()

    def close(self) -> None:
        """Settle what is still in line as untried."""
        self.ended = True
        for line in self.lines:
            while line.waiting:
                self.settle(line.waiting.popleft(), Outcome(Kind.UNTRIED, None, "The sending was stopped."))
            line.wake_all()

    def _place(self, job: Job) -> bool:
        if len(self.lines) == 1:
            if not self._health[0].up(self._now()):
                return False
            self.lines[0].put(job)
            return True
        place = choose(self._health, self._given, job.route, self._now(), self._most)
        if place is None:
            return False
        self._given[place] += 1
        self.lines[place].put(job)
        return True

    def _has_room(self) -> bool:
        now = self._now()
        if len(self.lines) == 1:
            return len(self.lines[0].waiting) < self.lines[0].room and self._health[0].up(now)
        rows = zip(self.lines, self._health, strict=True)
        full = [len(line.waiting) >= line.room for line, one in rows if one.up(now)]
        return bool(full) and not any(full)

    async def _room_made(self) -> bool:
        """Wait while any line that is used is full; False when no server is up."""
        while not self.ended:
            if self._has_room():
                return True
            now = self._now()
            if not any(one.up(now) for one in self._health):
                return False
            self._room = asyncio.get_running_loop().create_future()
            await self._room
        return False
