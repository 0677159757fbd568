"""The child process: reads jobs from stdin, answers on stdout."""

import json
import mmap
import resource
import sys
import time

from digest.collect.sandbox.jobs import answered
from digest.collect.sandbox.protocol import HEAD, PLACE, SandboxJob, job_from, packed

FULL = 64_000
"""Bytes of answers that are handed over without waiting for more."""
LONGEST_SECONDS = 0.5
"""How long an answer waits for those that are handed over with it."""


def main(limits: str) -> None:
    """Do jobs until stdin ends. `limits`: {"seconds", "megabytes", "place"} as JSON.

    `place` is the file in which stands how many jobs are answered, so that answers can be handed over
    together: whoever hears is woken once for many, and knows yet which job killed this process. None: each
    answer goes at once.
    """
    wanted = json.loads(limits)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Memory is counted from what the interpreter and its libraries have mapped already.
    most = _mapped() + wanted["megabytes"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    place = None if wanted["place"] is None else mmap.mmap(wanted["place"], PLACE)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    done, kept, since = 0, bytearray(), time.monotonic()
    job: SandboxJob | None = None
    while len(head := source.read(HEAD.size)) == HEAD.size:
        *sizes, last = HEAD.unpack(head)
        question = source.read(sum(sizes))
        _allow(wanted["seconds"])
        job = job_from(head + question, job)
        kept += packed(answered(job))
        done += 1
        if place is not None:
            place[:] = done.to_bytes(PLACE, "little")
        if last or place is None or len(kept) > FULL or time.monotonic() - since > LONGEST_SECONDS:
            sink.write(kept)
            sink.flush()
            kept, since = bytearray(), time.monotonic()


def _allow(seconds: float) -> None:
    """Allow this process so much more processor time; then the kernel ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _mapped() -> int:
    """Bytes of address space that this process has, 0 where nobody says (not Linux)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as numbers:  # noqa: PTH123 - a pseudo file
            return int(numbers.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 10**10
