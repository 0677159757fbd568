"""Fuzz every door for foreign bytes: `python -m tests.fuzz.run --seconds 60` (or `make fuzz SECONDS=60`).

The time is shared among the targets. What was found interesting stays in out/fuzz, so that the next run goes on from there.
An input that breaks a promise is written to tests/fuzz/corpus/TARGET: it is a regression test from then on, and belongs
into the repository together with the repair.
"""

import argparse
import random
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.guided import TARGETS, fuzz

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LEAST_SECONDS = 2
STATISTIC = re.compile(r"stat::(\w+):\s+(\d+)")
FOUND = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
TOLD = 12
"""Lines of a failure that are shown."""


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of fuzzing one target: inputs tried, branches seen, and the end of the failure's words when there is one."""

    name: str
    tried: int
    branches: int
    failure: tuple[str, ...] = ()


def shares(seconds: int, names: list[str]) -> dict[str, int]:
    """Share the time out among targets, at least two seconds each."""
    return {name: max(LEAST_SECONDS, seconds // len(names)) for name in names}


def fuzzed(name: str, seconds: int, seed: int) -> Fuzzed:
    """Fuzz one target and count what came of it."""
    kept, corpus = HERE / "corpus" / name, ROOT / "out" / "fuzz" / name
    for folder in (kept, corpus):
        folder.mkdir(parents=True, exist_ok=True)
    log = corpus.with_suffix(".log")
    code = fuzz(name, seconds=seconds, seed=seed, kept=kept, corpus=corpus, log=log)
    words = log.read_text(encoding="utf-8", errors="replace")
    statistics = dict(STATISTIC.findall(words))
    seen = FOUND.findall(words)
    lines = tuple(
        line for line in words.splitlines() if line.strip() and not line.startswith(("#", "stat::"))
    )
    return Fuzzed(
        name=name,
        tried=int(statistics.get("number_of_executed_units", 0)),
        branches=int(seen[-1][0]) if seen else 0,
        failure=_told(lines) if code else (),
    )


def _told(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The end of a failure's words: the exception, and where the input was written."""
    start = next((place for place, line in enumerate(lines) if "Uncaught Python exception" in line), 0)
    end = next((place for place, line in enumerate(lines) if "ERROR: libFuzzer" in line), len(lines))
    where = [line for line in lines if "Test unit written to" in line]
    return (*lines[start : max(end, start + 1)][-TOLD:], *where)


def main() -> int:
    """Fuzz the targets that are asked for, one after another; 1 when any promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seconds", type=int, default=30, help="for all targets together")
    reader.add_argument("--seed", type=int, default=0, help="for libFuzzer; 0: chosen")
    reader.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    wanted = reader.parse_args()
    if wrong := sorted(set(wanted.targets) - set(TARGETS)):
        reader.error(f"{', '.join(wrong)}: no such target; there are {', '.join(TARGETS)}")
    seed = wanted.seed or random.SystemRandom().randrange(1, 2**31)
    broken = 0
    started = time.monotonic()
    sys.stdout.write(f"seed {seed}\n{'target':<12}{'inputs':>10}{'branches':>10}\n")
    for name, seconds in shares(wanted.seconds, wanted.targets or list(TARGETS)).items():
        result = fuzzed(name, seconds, seed)
        sys.stdout.write(
            f"{name:<12}{result.tried:>10,}{result.branches:>10,}{'  BROKEN' if result.failure else ''}\n"
        )
        sys.stdout.write("".join(f"    {line}\n" for line in result.failure))
        sys.stdout.flush()
        broken += bool(result.failure)
    sys.stdout.write(f"{broken} of the targets broke a promise; {time.monotonic() - started:.0f} seconds\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
