"""Whether a function's time grows with its input and not with the square of it."""

import time
from collections.abc import Callable

LINEAR = 3.0
"""Twice the text may take this many times longer; what grows with the square takes four."""


def growth(work: Callable[[str], object], piece: str, times: int) -> float:
    """Return how many times longer the doubled text takes.

    Measured again, up to eight times, while it looks too long: a busy machine can make any one measurement long, but none short.
    """
    least = float("inf")
    for _ in range(8):
        least = min(least, _seconds(work, piece * 2 * times) / _seconds(work, piece * times))
        if least <= LINEAR:
            break
    return least


def _seconds(work: Callable[[str], object], text: str) -> float:
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
    return best
