"""A cage for what comes from outside: feeds and pages are read in child processes that can be killed.

A child has a limit of memory and, for every job, one of processor time; what breaks a limit kills the child, never the
collector, and costs one source one visit. Children live on between jobs, so that starting them is paid once. Questions and
answers are JSON: a child that was taken over cannot make its parent run anything.
"""

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog

from digest.collect.parse.feed_items import Feed
from digest.collect.sandbox.protocol import HEAD, CallJob, FeedJob, Job, PageJob, feed_from, instant, job_to
from digest.errors import SourceError, SourceReason
from digest.model import Article
from digest.settings import CollectSettings

log = structlog.get_logger()

GRACE_SECONDS = 10
"""How much longer than its processor time a job may take by the clock, on a machine that is busy."""
INSTANTS = ("published_at", "first_seen_at")


class Cage:
    """Some children that read. They start with the first job and end with `close`.

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

    async def feed(self, body: bytes, *, url: str, zone: str, now: datetime) -> Feed:
        """Read a feed's bytes.

        Raises:
            SourceError: it is no feed, or reading it broke a limit.
        """
        return feed_from(await self._answer(FeedJob(body=body, url=url, zone=zone, now=now)))

    async def page(
        self,
        body: bytes,
        *,
        url: str,
        zone: str,
        now: datetime,
        charset: str | None = None,
        names: tuple[str, ...] = (),
    ) -> Article:
        """Read an article's page. `names`: the source's names, for its own rules.

        Raises:
            SourceError: there is no article on it, or reading it broke a limit.
        """
        rules = self._settings.rules_file
        job = PageJob(body=body, url=url, zone=zone, now=now, charset=charset, names=names, rules_file=rules)
        answer = await self._answer(job)
        return Article(**{**answer, **{name: instant(answer[name]) for name in INSTANTS}})

    async def call(self, reader: str, body: bytes) -> Any:
        """Have a reader of another stage read bytes; returns its answer as JSON has it. `reader`: its name in `jobs`.

        Raises:
            SourceError: reading it broke a limit, or its reader.
        """
        return await self._answer(CallJob(body=body, reader=reader, url=reader))

    async def _answer(self, job: Job) -> Any:
        if not self._open:
            return await asyncio.to_thread(_here, job)
        async with self._gate, self._child(job) as child:
            if child is None:
                return await asyncio.to_thread(_here, job)
            return await self._asked(child, job)

    @asynccontextmanager
    async def _child(self, job: Job) -> AsyncIterator[Process | None]:
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
                log.info("cage.lost", url=job.url, code=child.returncode)

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
            log.warning("cage.unavailable", reason=str(error))
            return None

    async def _asked(self, child: Process, job: Job) -> Any:
        question = job_to(job)
        try:
            async with asyncio.timeout(self._settings.read_seconds + GRACE_SECONDS):
                assert child.stdin is not None
                assert child.stdout is not None
                child.stdin.write(HEAD.pack(len(question)) + question)
                await child.stdin.drain()
                (size,) = HEAD.unpack(await child.stdout.readexactly(HEAD.size))
                # The child's memory is limited, and with it the length of what it can say.
                answer = json.loads(await child.stdout.readexactly(size))
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError, ValueError) as error:
            await _end(child)
            raise SourceError(
                f"Reading it took more than {self._settings.read_seconds:g} seconds of processor time or "
                f"{self._settings.read_megabytes} MB of memory.",
                location=job.url,
                remedy="It was given up; other sources are not touched.",
                reason=SourceReason.TOO_COSTLY,
            ) from error
        if "error" in answer:
            raise SourceError(answer["error"], location=job.url, remedy=answer.get("remedy", ""))
        return answer["value"]


def _here(job: Job) -> Any:
    # Where children read, their parent holds no readers.
    from digest.collect.sandbox.jobs import run

    return run(job)


async def _end(child: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    await child.wait()
    # The pipes' transports are closed with the process; waiting for it lets that happen in this loop.
    if child.stdin is not None:
        child.stdin.close()
