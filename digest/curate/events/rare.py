"""Rare evidence that two stories tell one event in other words: names and words that few stories have; pure.

It adds to likeness how rare the rarest shared words are, and how much of the names both openings share by
rarity.
"""

import math
from collections.abc import Callable, Sequence

from digest.curate.events.evidence import contradict
from digest.curate.events.frames import are_two
from digest.curate.events.likeness import Print, continues, is_one_outlet
from digest.curate.events.names import Marks

Rarity = Callable[[int], float]
"""How much a mark tells, 0 to 1: the fewer stories have it the more."""

# Fitted by logistic regression on pairs of stories of four days that a reader has labelled
# (docs/why/stories.md).
_BIAS, _LIKE, _RARE, _NAMED = -6.13, 5.5, 3.5, 3.75
_ONE_OUTLET = -0.5
_RAREST = 3


def rarity_of(count: int, whole: int) -> float:
    """Return how much a mark tells that so many of all stories have."""
    return max(0.0, 1 - math.log(max(1, count)) / math.log(whole + 2))


def likelihood(first: Sequence[Print], second: Sequence[Print], rarity: Rarity) -> float:
    """Return how likely two stories tell one event, 0 to 1, by the mean over their pairs of articles.

    0 when facts contradict each other, or when more pairs than not are two events of one kind.
    """
    pairs = [(a, b) for a in first for b in second]
    if not pairs or any(contradict(a.evidence, b.evidence) for a, b in pairs):
        return 0.0
    if 2 * sum(are_two(a.kinds, b.kinds, a.names, b.names) for a, b in pairs) > len(pairs):
        return 0.0
    alike = sum(continues(a, b) for a, b in pairs)
    rare = sum(_rarest(a.opening & b.opening, rarity) for a, b in pairs)
    named = sum(_share(a.names.opening, b.names.opening, rarity) for a, b in pairs)
    same = sum(is_one_outlet(a, b) for a, b in pairs)
    evidence = _BIAS + (_LIKE * alike + _RARE * rare + _NAMED * named + _ONE_OUTLET * same) / len(pairs)
    return 1 / (1 + math.exp(-evidence))


def _rarest(marks: Marks, rarity: Rarity) -> float:
    return sum(sorted(map(rarity, marks), reverse=True)[:_RAREST]) / _RAREST


def _share(first: Marks, second: Marks, rarity: Rarity) -> float:
    both = sum(map(rarity, first & second))
    return both / sum(map(rarity, first | second)) if both else 0.0
