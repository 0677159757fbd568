"""One input by hand: `python -m tests.fuzz.once TARGET < FILE` says which promise it breaks, or nothing."""

import sys
from contextlib import suppress

from tests.fuzz.target import TooMuchError, measured
from tests.fuzz.targets import TARGETS

TRIES = 3
"""How often an input is measured before it is said to take too much: others use the machine as well."""


def main(name: str) -> None:
    """Read the input from stdin and do its check within the limits."""
    target = TARGETS[name]
    for body in target.seeds():
        target.check(body)
    given = sys.stdin.buffer.read()
    for _ in range(TRIES - 1):
        with suppress(TooMuchError):
            measured(target.check, given)
            return
    measured(target.check, given)


if __name__ == "__main__":
    main(sys.argv[1])
