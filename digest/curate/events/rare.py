"""How likely two articles tell one event, once all of an edition's articles are there: beside likeness it
counts how rare the names and words are that both have; pure.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from digest.curate.events.likeness import (
    USUAL_HOURS,
    Print,
    are_of_two_events,
    coverage,
    hours,
    is_one_outlet,
    overlap,
)
from digest.curate.events.names import Marks, name_nothing_alike, strangers

# Fitted by logistic regression on pairs of articles of four days, and of outlets, that readers have labelled
# (docs/why/stories.md).
_BIAS = -3.35
_OVERLAP, _COVERAGE, _PARAGRAPHS, _NAMES = 6.8, 4.4, 0.4, 0.5
_ONE_OUTLET_ON_A_MATTER = -0.6
_ONE_OUTLET, _APART, _STRANGERS, _HOUR = -1.75, -2.0, -2.1, -0.145


class Rarity:
    """How much a mark tells among these articles, 0 to 1: the fewer have it the more."""

    def __init__(self, prints: Iterable[Print]) -> None:
        marks = [one.opening | one.names.opening for one in prints]
        self.count = Counter(mark for each in marks for mark in each)
        self._whole = math.log(len(marks) + 2)
        self._known: dict[int, float] = {}

    def __call__(self, mark: int) -> float:
        found = self._known.get(mark)
        if found is None:
            found = max(0.0, 1 - math.log(max(1, self.count[mark])) / self._whole)
            self._known[mark] = found
        return found


class Likelihood:
    """Weighs pairs of articles. Of a `matter` hours tell nothing, for it goes on, and an outlet tells its
    sides. What lies `far` or more hours apart is never one event.
    """

    def __init__(self, rarity: Rarity, *, matter: bool = False, far: float = math.inf) -> None:
        self._rarity = rarity
        self._matter = matter
        self._far = far
        self._lengths: dict[int, float] = {}

    def of(self, first: Print, second: Print, beside: float = 0.0) -> float:
        """Return how likely two articles tell one event, 0 to 1; symmetric; 0 when they cannot be one.

        Two events may be sides of one matter where something beside the words speaks for it.
        """
        apart = hours(first, second)
        if apart > self._far or (not (self._matter and beside > 0) and are_of_two_events(first, second)):
            return 0.0
        evidence = (
            _BIAS
            + beside
            + _OVERLAP * overlap(first, second)
            + _COVERAGE * coverage(first, second)
            + _PARAGRAPHS * self._cosine(first, second)
            + _NAMES * self._shared(first.names.title, second.names.title)
            + (_ONE_OUTLET_ON_A_MATTER if self._matter else _ONE_OUTLET) * is_one_outlet(first, second)
            + _APART * name_nothing_alike(first.names, second.names)
            + _STRANGERS * strangers(first.names, second.names)
            + _HOUR * min(apart, USUAL_HOURS if self._matter else 24.0)
        )
        return 1 / (1 + math.exp(-evidence))

    def of_all(self, first: Sequence[Print], second: Sequence[Print], beside: float = 0.0) -> list[float]:
        """Return how likely each pair of one of the first and one of the second tells one event; `beside` is
        what else speaks for it, as log odds.
        """
        return [self.of(one, other, beside) for one in first for other in second]

    def _cosine(self, first: Print, second: Print) -> float:
        both = sum(self._rarity(mark) ** 2 for mark in first.lead & second.lead)
        return both / (self._length(first) * self._length(second)) if both else 0.0

    def _length(self, one: Print) -> float:
        found = self._lengths.get(id(one))
        if found is None:
            found = math.sqrt(sum(self._rarity(mark) ** 2 for mark in one.lead))
            self._lengths[id(one)] = found
        return found

    def _shared(self, first: Marks, second: Marks) -> float:
        both = sum(map(self._rarity, first & second))
        return both / sum(map(self._rarity, first | second)) if both else 0.0
