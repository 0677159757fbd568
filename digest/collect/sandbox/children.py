"""Run jobs in child processes and replace those that fail.

A child has a limit of memory and, for every job, one of processor time; what breaks a limit kills the child,
never the collector, and costs that job alone. Children live on between jobs, so that starting them is paid
once. Questions and answers are JSON: a child that was taken over cannot make its parent run anything.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog

from digest.collect.sandbox.protocol import HEAD, SandboxJob, job_to, unpacked
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
LONGEST_ANSWER = 128_000_000


class Children:
    """Some children that do jobs. They start with the first job and end with `close`.

    Where children cannot be started at all, jobs run in threads of this process, and that is logged once.
    """

    def __init__(self, settings: CollectSettings) -> None:
        self._settings = settings
        self._free: list[Process] = []
        self._gate = asyncio.Semaphore(settings.readers)
        self._open = settings.readers > 0

    async def close(self) -> None:
        """End the children."""
        for child in self._free:
            await _end(child)
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
        lost = 0
        until = time.monotonic() + ROW_SECONDS * (self._settings.read_seconds + GRACE_SECONDS)
        while len(done) < len(jobs):
            if lost >= MOST_LOST or time.monotonic() > until:
                done += [_given_up(job) for job in jobs[len(done) :]]
                break
            handful = _handful(jobs, len(done))
            if not self._open:
                done += await asyncio.to_thread(_here, handful)
                continue
            try:
                async with self._gate, self._child(handful[0]) as child:
                    if child is not None:
                        await self._asked(child, handful, done, until)
            except SourceError as error:
                done.append(error)
                lost += 1
        return done

    @asynccontextmanager
    async def _child(self, job: SandboxJob) -> AsyncIterator[Process | None]:
        """Lend a child; it comes back unless the job killed it."""
        child = self._free.pop() if self._free else await self._started()
        try:
            yield child
        except BaseException as error:
            if child is not None and not isinstance(error, SourceError):
                await _end(child)
                child = None
            raise
        finally:
            if child is not None and child.returncode is None and self._open:
                self._free.append(child)
            elif child is not None:
                await _end(child)
                log.info("sandbox.lost", url=job.url, code=child.returncode)

    async def _started(self) -> Process | None:
        limits = {"seconds": self._settings.read_seconds, "megabytes": self._settings.read_megabytes}
        try:
            return await asyncio.create_subprocess_exec(
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
            )
        except OSError as error:
            self._open = False
            log.warning("sandbox.unavailable", reason=str(error))
            return None

    async def _asked(self, child: Process, jobs: Sequence[SandboxJob], done: list[Any], until: float) -> None:
        """Hand jobs to a child and put its answers behind those that are done.

        Raises:
            SourceError: the job that is not answered broke a limit; the child is dead.
        """
        assert child.stdin is not None
        assert child.stdout is not None
        at = jobs[0]
        try:
            # Never waited for: a child that is waiting to be heard takes no more questions.
            child.stdin.writelines(map(job_to, jobs))
            for at in jobs:
                left = min(self._settings.read_seconds + GRACE_SECONDS, until - time.monotonic())
                async with asyncio.timeout(max(left, 0)):
                    done.append(_judged(await _heard(child.stdout), at))
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError, ValueError) as error:
            await _end(child)
            raise SourceError(
                f"Reading it took more than {self._settings.read_seconds:g} seconds of processor time or "
                f"{self._settings.read_megabytes} MB of memory.",
                location=at.url,
                remedy="It was given up; other sources are not touched.",
                reason=SourceReason.TOO_COSTLY,
            ) from error


async def _heard(stream: asyncio.StreamReader) -> dict[str, Any]:
    size = sum(HEAD.unpack(await stream.readexactly(HEAD.size)))
    if size > LONGEST_ANSWER:
        raise ValueError("the answer is too long")
    answer: dict[str, Any] = unpacked(await stream.readexactly(size))
    return answer


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
    from digest.collect.sandbox.protocol import packed

    for job in jobs:
        # By the same way, so that there is one.
        answer = unpacked(packed(answered(job_to(job)))[HEAD.size :])
        yield _judged(answer, job)


async def _end(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    await child.wait()
    # The pipes' transports are closed with the process; waiting for it lets that happen in this loop.
    if child.stdin is not None:
        child.stdin.close()
