"""Whether a function's time grows with its input and not with the square of it."""

import gc
import time
from collections.abc import Callable
from statistics import median

LINEAR = 2.3
"""Twice the text may take this many times longer; what grows with the square takes four."""
MEASURABLE = 0.0005
"""Seconds below which a time says little: the text is made longer until it takes as long, if it ever does."""
LONGEST = 400_000
"""Letters of a text beyond which no time is looked for: so much text in half a millisecond harms nobody."""
SIZES = (1, 3, 9, 1, 3, 9)
"""How many times as long a text is tried when it looks too long: where a processor's cache ends, one size can, and in a
busy moment all can.
"""
LEAST_ROUNDS, MOST_ROUNDS = 3, 15
ENOUGH = 0.1
"""Seconds of measuring after which chance says no more."""
MOST = 1.0
"""Seconds of measuring after which what still looks too long is taken to be."""
PATIENCE = 0.2
"""Seconds that a text may take to be tried at all, once a shorter one looked too long."""


def growth(work: Callable[[str], object], piece: str, times: int) -> float:
    """Return how many times longer the doubled text takes; 0 when even that takes no time that can be measured.

    `times` pieces are what is begun with. Measured is processor time, of the doubled text between two measurements of the text
    itself, so that a busy machine slows both alike; the middle of all rounds counts. While it looks too long, rounds are added.
    """
    size = max(1, times)
    while _seconds(work, piece * size) < MEASURABLE:
        if size * len(piece) > LONGEST:
            if _seconds(work, piece * 2 * size) < 2 * MEASURABLE:
                return 0.0
            break
        size *= 2
    least = float("inf")
    for longer in SIZES:
        if longer > 1 and _seconds(work, piece * size * longer) > PATIENCE:
            continue
        least = min(least, _ratio(work, piece * size * longer))
        if least <= LINEAR:
            break
    return least


def _ratio(work: Callable[[str], object], text: str) -> float:
    twice, found, spent = text + text, list[float](), 0.0
    while len(found) < MOST_ROUNDS and spent < MOST:
        before, long, after = _seconds(work, text), _seconds(work, twice), _seconds(work, text)
        found.append(2 * long / (before + after))
        spent += before + long + after
        if (len(found) >= LEAST_ROUNDS or spent > ENOUGH) and median(found) <= LINEAR:
            break
    return median(found)


def _seconds(work: Callable[[str], object], text: str) -> float:
    gc.disable()
    try:
        started = time.process_time()
        work(text)
        return max(time.process_time() - started, 1e-9)
    finally:
        gc.enable()
