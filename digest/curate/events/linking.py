"""Stories of one event that arrived apart, put together when all are there; pure.

The two likeliest are joined first, then the next, each time by the mean over the likelier half of the pairs
of their articles: a single bridge between two events joins nothing, and the order in which articles came has
no part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import chain
from math import inf

from digest.curate.events.likeness import Print
from digest.curate.events.rare import Likelihood, Rarity

COMPARED = 8
"""Articles of a story that are compared."""
# A mark that more of all articles have brings no two stories together; nor do the few words that any two
# have.
_RARE_ENOUGH = 0.25
_MET = 2
_RAREST = 48
_BEARERS = 400
_NEIGHBOURS = 48


@dataclass(slots=True)
class _Links:
    """How likely pairs of articles of stories that are still apart are one event, by story; and how many
    articles each story has. A pair that is not there is none.
    """

    pairs: defaultdict[int, dict[int, list[float]]] = field(default_factory=lambda: defaultdict(dict))
    sizes: dict[int, int] = field(default_factory=dict)

    def mean(self, one: int, other: int) -> float:
        half = (self.sizes[one] * self.sizes[other] + 1) // 2
        return sum(sorted(self.pairs[one].get(other, ()), reverse=True)[:half]) / half

    def put_together(self, one: int, other: int, new: int) -> list[int]:
        """Make one story of two; return those that it has a link with."""
        self.sizes[new] = self.sizes.pop(one) + self.sizes.pop(other)
        met = {**self.pairs.pop(one, {})}
        for place, values in self.pairs.pop(other, {}).items():
            met[place] = met.get(place, []) + values
        met = {place: values for place, values in met.items() if place in self.sizes}
        self.pairs[new] = met
        for place, values in met.items():
            self.pairs[place][new] = values
        return list(met)


@dataclass(frozen=True, slots=True)
class _Limits:
    """How likely two stories must be one, and how long and how large one may become."""

    least: float
    window: float | None
    most: int | None

    def allow(self, span: tuple[float, float], count: int) -> bool:
        if self.most is not None and count > self.most:
            return False
        return self.window is None or span[1] - span[0] <= self.window


def linked(
    stories: Sequence[Sequence[Print]],
    *,
    least: float,
    window: float | None = None,
    matter: bool = False,
    far: float = inf,
    most: int | None = None,
    beside: Callable[[int, int], float] = lambda *_: 0.0,
) -> list[list[int]]:
    """Return which stories tell one event: places in `stories`, each once, in order.

    Two are joined when the likelier half of the pairs of their articles is that likely, on average, to tell
    one event (`least`, 0 to 1). Within a `window` (seconds; None: of any length) all its articles lie. Of a
    `matter` hours tell nothing: it goes on. Articles that lie `far` or more hours apart speak against it. No
    story gets more than `most` articles. `beside` says what else speaks for two stories, as log odds; minus
    infinity keeps them apart.
    """
    compared = [tuple(each[:COMPARED]) for each in stories]
    rarity = Rarity(chain.from_iterable(stories))
    likelihood = Likelihood(rarity, matter=matter, far=far)
    spans = {place: _span(each) for place, each in enumerate(stories)}
    links = _Links(sizes={place: len(each) for place, each in enumerate(compared)})
    for one, other in _near(compared, rarity):
        more = beside(one, other)
        if more != -inf and (window is None or _length(spans[one], spans[other]) <= window):
            values = likelihood.of_all(compared[one], compared[other], more)
            links.pairs[one][other] = links.pairs[other][one] = values
    return _joined(links, [len(each) for each in stories], spans, _Limits(least, window, most))


def _joined(
    links: _Links,
    counts: Sequence[int],
    spans: dict[int, tuple[float, float]],
    limits: _Limits,
) -> list[list[int]]:
    members = {place: [place] for place in spans}
    waiting = [
        (-links.mean(one, other), one, other) for one in spans for other in links.pairs[one] if one < other
    ]
    heapify(waiting)
    new = len(members)
    while waiting:
        score, one, other = heappop(waiting)
        if -score < limits.least:
            break
        if one not in members or other not in members:
            continue
        together = sorted(members[one] + members[other])
        spans[new] = _both(spans[one], spans[other])
        if not limits.allow(spans[new], sum(counts[place] for place in together)):
            continue
        del members[one], members[other]
        members[new] = together
        for place in links.put_together(one, other, new):
            heappush(waiting, (-links.mean(place, new), place, new))
        new += 1
    return sorted(members.values())


def _near(stories: Sequence[Sequence[Print]], rarity: Rarity) -> list[tuple[int, int]]:
    """Pairs of stories that share two telling marks; of each those that share most."""
    bearers: defaultdict[int, list[int]] = defaultdict(list)
    marks = [_rarest_of(each, rarity) for each in stories]
    for place, each in enumerate(marks):
        for mark in each:
            bearers[mark].append(place)
    found: set[tuple[int, int]] = set()
    for place, each in enumerate(marks):
        met = Counter(chain.from_iterable(bearers[mark][-_BEARERS:] for mark in each))
        del met[place]
        near = [(other, n) for other, n in met.items() if n >= _MET]
        near.sort(key=lambda pair: (-pair[1], pair[0]))
        found |= {(min(place, other), max(place, other)) for other, _ in near[:_NEIGHBOURS]}
    return sorted(found)


def _rarest_of(story: Sequence[Print], rarity: Rarity) -> list[int]:
    every = {mark for one in story for mark in one.opening | one.names.opening if rarity(mark) > _RARE_ENOUGH}
    return sorted(every, key=lambda mark: (rarity.count[mark], mark))[:_RAREST]


def _span(story: Sequence[Print]) -> tuple[float, float]:
    return min(one.at for one in story), max(one.at for one in story)


def _both(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return min(one[0], other[0]), max(one[1], other[1])


def _length(one: tuple[float, float], other: tuple[float, float]) -> float:
    first, last = _both(one, other)
    return last - first
