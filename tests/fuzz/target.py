"""A door through which foreign bytes come in, and the limits within which all of them are read."""

import re
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS = 0.5
"""Processor time that any input may take."""
MEGABYTES = 200
"""Memory that any input may add to what the process holds before it."""
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`check` raises for a promise that is broken, whatever bytes it is given; the `seeds` are what honest senders send.

    `words` are put in by the fuzzer, inputs are at most `longest` bytes.
    """

    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    words: tuple[bytes, ...] = ()
    longest: int = 16_000


class TooMuchError(AssertionError):
    """An input took more than its share of time or memory."""


def measured(check: Callable[[bytes], None], body: bytes, *, seconds: float = SECONDS) -> None:
    """Do a check within the limits; those of memory are known on Linux only.

    Raises:
        TooMuchError: it took more. Whatever else is raised is a promise that was broken.
    """
    most = _forgotten_peak()
    started = time.process_time()
    check(body)
    took = time.process_time() - started
    if took > seconds:
        raise TooMuchError(f"{took:.2f} s of processor time for {len(body)} bytes")
    grown = _peak() - most
    if grown > MEGABYTES * 1000:
        raise TooMuchError(f"{grown / 1000:.0f} MB of memory for {len(body)} bytes")


def _forgotten_peak() -> int:
    """Let the kernel count the peak anew, and return where it begins, in kB."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak()


def _peak() -> int:
    """The most memory that this process has held since the peak was forgotten, in kB; 0 where nobody counts."""
    try:
        found = PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) if found else 0
