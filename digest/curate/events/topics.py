"""Stories of one event that other words kept apart: joined before the weight is taken, so that no edition
tells one event twice; pure.

A story is compared with a topic's heaviest alone: topics make no chains.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from digest.curate.events.likeness import print_of
from digest.curate.events.rare import likelihood, rarity_of
from digest.model import Article

JOIN = 0.4
JOIN_ONE = 0.25
"""What joins a story that one outlet alone tells: beside a heavier one it is mostly another side of it, where
a title has a word of the other's, or both are of politics or of local news.
"""
JOIN_WEEK = 0.25
"""What joins any story in a review of a week: an event is told once, with its end."""
_COMPARED = 8
# A mark that more stories have brings no two of them together; nor do the few words that any two share.
_DISTINCTIVE = 0.25
_MET = 2
_EVENTFUL = frozenset({"politics", "local", None})


def topics(groups: Sequence[tuple[Article, ...]], *, week: bool = False) -> list[tuple[int, ...]]:
    """Return which groups tell one event: places in `groups`, the heaviest first; a group with no like stands
    alone. `week`: they are those of a week, in which an event goes on.

    The heaviest is that of most outlets, then of most articles, then the first. Every place comes once.
    """
    prints = [tuple(map(print_of, group[:_COMPARED])) for group in groups]
    marks = [
        frozenset(chain.from_iterable(one.opening | one.names.opening for one in each)) for each in prints
    ]
    count = Counter(chain.from_iterable(marks))

    def rarity(mark: int) -> float:
        return rarity_of(count[mark], len(groups))

    near = _neighbours(marks, count, len(groups))
    titles = [frozenset(chain.from_iterable(one.title for one in each)) for each in prints]

    sections = [Counter(one.section for one in group).most_common(1)[0][0] for group in groups]

    def are_near(one: int, other: int) -> bool:
        if any(rarity(mark) > _DISTINCTIVE for mark in titles[one] & titles[other]):
            return True
        return sections[one] == sections[other] and sections[one] in _EVENTFUL

    order = sorted(range(len(groups)), key=lambda place: (*_size(groups[place]), place))
    members: dict[int, list[int]] = {}
    for place in order:
        heads = [head for head in members if head in near[place]]
        scored = [(likelihood(prints[head], prints[place], rarity), -n) for n, head in enumerate(heads)]
        best, at = max(scored, default=(0.0, 0))
        lower = JOIN_WEEK if week else JOIN_ONE if _outlets(groups[place]) == 1 else JOIN
        joins = best >= JOIN or (best >= lower and are_near(heads[-at], place))
        home = heads[-at] if joins else place
        members.setdefault(home, []).append(place)
    return [tuple(articles) for articles in members.values()]


def _size(group: tuple[Article, ...]) -> tuple[int, int]:
    return -_outlets(group), -len(group)


def _outlets(group: tuple[Article, ...]) -> int:
    return len({article.source_name for article in group})


def _neighbours(marks: Sequence[frozenset[int]], count: Counter[int], whole: int) -> list[set[int]]:
    """For each story those that share two telling marks with it."""
    bearers: defaultdict[int, list[int]] = defaultdict(list)
    for place, each in enumerate(marks):
        for mark in each:
            if rarity_of(count[mark], whole) > _DISTINCTIVE:
                bearers[mark].append(place)
    near = []
    for place, each in enumerate(marks):
        met = Counter(chain.from_iterable(bearers.get(mark, ()) for mark in each))
        near.append({other for other, n in met.items() if n >= _MET and other != place})
    return near
