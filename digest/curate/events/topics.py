"""Stories of one matter, joined before the weight is taken, so that no edition tells one matter twice: one
is told, the others stand under it; pure.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from math import inf

from digest.curate.events.likeness import print_of
from digest.curate.events.linking import COMPARED, linked
from digest.curate.events.rare import Rarity
from digest.curate.events.sequels import belonging, side_of
from digest.model import Article

JOIN = 0.57
"""How likely two stories must be one matter to stand together."""
JOIN_WEEK = 0.66
"""The same in a review of a week."""
WINDOW = 48 * 3600.0


def topics(groups: Sequence[tuple[Article, ...]], *, week: bool = False) -> list[tuple[int, ...]]:
    """Return which groups tell one matter: places in `groups`, the heaviest first; a group with no like
    stands alone. `week`: they are those of a week, in which an event goes on.

    Stories of two sections are one matter only when their titles have a word in common. The heaviest is that
    of most outlets, then of most articles, then the first. Every place comes once.
    """
    prints = [tuple(map(print_of, group[:COMPARED])) for group in groups]
    titles = [frozenset(chain.from_iterable(one.title for one in each)) for each in prints]
    sections = [Counter(one.section for one in group).most_common(1)[0][0] for group in groups]

    def beside(one: int, other: int) -> float:
        near = sections[one] == sections[other] or not titles[one].isdisjoint(titles[other])
        return 0.0 if near else -inf

    least, window = (JOIN_WEEK, None) if week else (JOIN, WINDOW)
    found = linked(prints, least=least, window=window, matter=True, beside=beside)
    ordered = [tuple(sorted(places, key=lambda place: (*_size(groups[place]), place))) for places in found]
    return sorted(ordered, key=lambda places: (*_size(groups[places[0]]), places[0]))


def sides(matters: Sequence[tuple[Article, ...]]) -> list[tuple[int, ...]]:
    """Return which matters are sides of one: reactions to one thing, what follows from one attack or
    accident.

    Places in `matters`, each once, the first of a group first; one that belongs to no other stands alone.
    """
    prints = [tuple(map(print_of, each[:COMPARED])) for each in matters]
    rarity = Rarity(chain.from_iterable(prints))
    found = [
        side_of((article.title for article in articles[:COMPARED]), each)
        for articles, each in zip(matters, prints, strict=True)
    ]

    def beside(one: int, other: int) -> float:
        return belonging(found[one], found[other], rarity) or -inf

    joined = linked(prints, least=JOIN, window=WINDOW, matter=True, beside=beside)
    return sorted(tuple(sorted(places)) for places in joined)


def _size(group: tuple[Article, ...]) -> tuple[int, int]:
    return -len({article.source_name for article in group}), -len(group)
