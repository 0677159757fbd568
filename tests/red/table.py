"""A plugin of pytest for `make red`: `-p tests.red.table` prints what became of every case."""

from collections import defaultdict
from typing import Any

import pytest

from tests.red.cases import CASES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every test say which cases it belongs to, also where it runs in another process."""
    for item in items:
        item.user_properties += [("red", mark.args[0]) for mark in item.iter_markers("red")]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print a line a case: tests, failures, seconds."""
    tests: dict[str, set[str]] = defaultdict(set)
    failed: dict[str, set[str]] = defaultdict(set)
    seconds: dict[str, float] = defaultdict(float)
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            for name, case in getattr(report, "user_properties", ()):
                if name == "red":
                    tests[case].add(report.nodeid)
                    seconds[case] += report.duration
                    if outcome != "passed":
                        failed[case].add(report.nodeid)
    terminalreporter.section("attacks")
    for case in CASES:
        if tests[case]:
            word = f"{len(failed[case])} BROKEN" if failed[case] else "held"
            line = f"{case:24} {len(tests[case]):5} tests {seconds[case]:7.1f} s  {word}"
            terminalreporter.write_line(line, red=bool(failed[case]))
