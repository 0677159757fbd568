"""The child in the cage: reads jobs from stdin, answers on stdout, dies when it takes too much."""

import json
import resource
import sys
from typing import Any

from digest.collect.sandbox.jobs import run
from digest.collect.sandbox.protocol import HEAD, job_from
from digest.errors import DigestError


def main(limits: str) -> None:
    """Do jobs until stdin ends. `limits`: {"seconds", "megabytes"} as JSON."""
    wanted = json.loads(limits)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Memory is counted from what the interpreter and its libraries have mapped already.
    most = _mapped() + wanted["megabytes"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(HEAD.size)) == HEAD.size:
        (size,) = HEAD.unpack(head)
        _allow(wanted["seconds"])
        answer = json.dumps(_answered(source.read(size))).encode()
        sink.write(HEAD.pack(len(answer)) + answer)
        sink.flush()


def _answered(question: bytes) -> dict[str, Any]:
    try:
        return {"value": run(job_from(question))}
    except DigestError as error:
        return {"error": error.message, "remedy": error.remedy}
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError, AssertionError) as error:
        # A parser that trips over what it reads must not cost the other sources their child.
        return {"error": f"It cannot be read ({type(error).__name__}).", "remedy": ""}


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
