"""Run jobs in child processes and replace those that fail.

A child has a limit of memory and, for every job, one of processor time; what breaks a limit kills the child,
never the collector, and costs that job alone. Children live on between jobs, so that starting them is paid
once. Questions and answers are JSON: a child that was taken over cannot make its parent run anything.
"""

import asyncio
import contextlib
import json
import mmap
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog

from digest.collect.sandbox.answers import AnswerStream
from digest.collect.sandbox.protocol import HEAD, PLACE, SandboxJob, job_to, unpacked
from digest.errors import SourceError, SourceReason
from digest.settings import CollectSettings

log = structlog.get_logger()

GRACE_SECONDS = 30
"""How much longer than its processor time a job may take by the clock, on a machine that is busy."""
MOST_LOST = 3
"""Jobs of one row that may cost a child; then the rest of the row is given up."""
ROW_SECONDS = 6
"""How many times as long as one job a row of jobs may take by the clock."""
MOST_AT_ONCE = 64
MOST_BYTES_AT_ONCE = 8_000_000
"""Jobs, and bytes of them, that a child is handed at once; between two handfuls others have their turn."""


@dataclass(slots=True)
class _Child:
    """A child process. `before` is how many jobs it was done with when it was lent; in `place` it writes how
    many it has answered.
    """

    process: Process
    place: mmap.mmap | None
    before: int = 0

    def answered(self) -> int:
        """Return how many jobs it says to have answered; 0 where nobody can know."""
        return 0 if self.place is None else int.from_bytes(self.place[:], "little")

    async def end(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
        # The pipes' transports are closed with the process; waiting for it lets that happen in this loop.
        if self.process.stdin is not None:
            self.process.stdin.close()


class Children:
    """Some children that do jobs. They start with the first job and end with `close`.

    Where children cannot be started at all, jobs run in threads of this process, and that is logged once.
    """

    def __init__(self, settings: CollectSettings) -> None:
        self._settings = settings
        self._free: list[_Child] = []
        self._gate = asyncio.Semaphore(settings.readers)
        self._open = settings.readers > 0

    async def close(self) -> None:
        """End the children."""
        for child in self._free:
            await child.end()
        self._free.clear()

    async def answer(self, job: SandboxJob) -> Any:
        """Do a job.

        Raises:
            SourceError: it cannot be read, or reading it broke a limit.
        """
        (answer,) = await self.answers([job])
        if isinstance(answer, SourceError):
            raise answer
        return answer

    async def answers(self, jobs: Sequence[SandboxJob]) -> list[Any]:
        """Do a row of jobs, of one source; each gives its answer or a SourceError, in order.

        A job that breaks a limit costs itself alone, up to three in a row; what takes longer altogether than
        six jobs may is given up from there on.
        """
        done: list[Any] = []
        broken: dict[int, SourceError] = {}
        until = time.monotonic() + ROW_SECONDS * (self._settings.read_seconds + GRACE_SECONDS)
        while len(done) < len(jobs):
            start = len(done)
            if start in broken:
                done.append(broken[start])
                continue
            if len(broken) >= MOST_LOST or time.monotonic() > until:
                done += [broken.get(place) or _given_up(jobs[place]) for place in range(start, len(jobs))]
                break
            handful = _handful(jobs[: min(broken.keys() - range(start), default=len(jobs))], start)
            if not self._open:
                done += await asyncio.to_thread(_here, handful)
                continue
            async with self._gate, self._child() as child:
                if (
                    child is not None
                    and (place := await self._asked(child, handful, done, until)) is not None
                ):
                    broken[start + place] = self._too_costly(handful[place])
        return done

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[_Child | None]:
        """Lend a child; it comes back unless a job killed it."""
        child = self._free.pop() if self._free else await self._started()
        try:
            yield child
        except BaseException:
            if child is not None:
                await child.end()
            raise
        if child is not None and child.process.returncode is None and self._open:
            self._free.append(child)
        elif child is not None:
            await child.end()

    async def _started(self) -> _Child | None:
        place = _shared()
        limits = {
            "seconds": self._settings.read_seconds,
            "megabytes": self._settings.read_megabytes,
            "place": place,
        }
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-c",
                # The child finds the same code, wherever the parent was started from.
                "import json,sys; sys.path[:] = json.loads(sys.argv[1]); from digest.collect.sandbox.child import main; main(sys.argv[2])",
                json.dumps(sys.path),
                json.dumps(limits),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env={name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ},
                pass_fds=() if place is None else (place,),
            )
            return _Child(process, None if place is None else mmap.mmap(place, PLACE))
        except OSError as error:
            self._open = False
            log.warning("sandbox.unavailable", reason=str(error))
            return None
        finally:
            if place is not None:
                os.close(place)

    async def _asked(
        self, child: _Child, jobs: Sequence[SandboxJob], done: list[Any], until: float
    ) -> int | None:
        """Hand jobs to a child and put its answers behind those that are done.

        Returns the place among them of the job that broke a limit, None when none did. Then the child is
        dead, and those before it may have to be done again.
        """
        process, heard = child.process, 0
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            # Never waited for: a child that is waiting to be heard takes no more questions.
            process.stdin.writelines(
                job_to(one, last=one is jobs[-1], before=before)
                for before, one in zip((None, *jobs), jobs, strict=False)
            )
            answers = AnswerStream(process.stdout)
            for job in jobs:
                while (answer := answers.whole()) is None:
                    left = min(self._settings.read_seconds + GRACE_SECONDS, until - time.monotonic())
                    async with asyncio.timeout(max(left, 0)):
                        await answers.more()
                done.append(_judged(answer, job))
                heard += 1
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError, ValueError):
            await child.end()
            place = min(max(child.answered() - child.before, heard), len(jobs) - 1)
            log.info("sandbox.lost", url=jobs[place].url, code=process.returncode)
            return place
        child.before += len(jobs)
        return None

    def _too_costly(self, job: SandboxJob) -> SourceError:
        return SourceError(
            f"Reading it took more than {self._settings.read_seconds:g} seconds of processor time or "
            f"{self._settings.read_megabytes} MB of memory.",
            location=job.url,
            remedy="It was given up; other sources are not touched.",
            reason=SourceReason.TOO_COSTLY,
        )


def _shared() -> int | None:
    """Return a new piece of memory that can be shared, as an open file; None where there is none (not
    Linux).
    """
    if not hasattr(os, "memfd_create"):
        return None
    made = os.memfd_create("answered")
    os.ftruncate(made, PLACE)
    return made


def _judged(answer: dict[str, Any], job: SandboxJob) -> Any:
    if "error" in answer:
        return SourceError(answer["error"], location=job.url, remedy=answer.get("remedy", ""))
    return answer["value"]


def _handful(jobs: Sequence[SandboxJob], start: int) -> Sequence[SandboxJob]:
    """The jobs from a place on that a child is handed at once, at least one."""
    size = 0
    for place in range(start, min(len(jobs), start + MOST_AT_ONCE)):
        size += len(jobs[place].body)
        if size > MOST_BYTES_AT_ONCE and place > start:
            return jobs[start:place]
    return jobs[start : start + MOST_AT_ONCE]


def _given_up(job: SandboxJob) -> SourceError:
    return SourceError(
        "It was not read: what stands before it at the same source took too long.",
        location=job.url,
        reason=SourceReason.TOO_COSTLY,
    )


def _here(jobs: Sequence[SandboxJob]) -> list[Any]:
    return list(_each_here(jobs))


def _each_here(jobs: Sequence[SandboxJob]) -> Iterator[Any]:
    # Where children read, their parent holds no readers.
    from digest.collect.sandbox.jobs import answered
    from digest.collect.sandbox.protocol import job_from, packed

    for job in jobs:
        # By the same way, so that there is one.
        answer = unpacked(packed(answered(job_from(job_to(job))))[HEAD.size :])
        yield _judged(answer, job)
