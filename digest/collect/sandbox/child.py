"""The child process: reads jobs from stdin, answers on stdout."""

import json
import resource
import sys

from digest.collect.sandbox.jobs import answered
from digest.collect.sandbox.protocol import HEAD, packed


def main(limits: str) -> None:
    """Do jobs until stdin ends. `limits`: {"seconds", "megabytes"} as JSON."""
    wanted = json.loads(limits)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Memory is counted from what the interpreter and its libraries have mapped already.
    most = _mapped() + wanted["megabytes"] * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while len(head := source.read(HEAD.size)) == HEAD.size:
        question = source.read(sum(HEAD.unpack(head)))
        _allow(wanted["seconds"])
        sink.write(packed(answered(head + question)))
        sink.flush()


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
