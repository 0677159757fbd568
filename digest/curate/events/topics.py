"""Stories of one matter, joined before the weight is taken, so that no edition tells one matter twice: one
is told, the others stand under it; pure.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, compress
from math import inf

from digest.curate.events.likeness import Print, print_of
from digest.curate.events.linking import COMPARED, linked
from digest.curate.events.rare import Rarity
from digest.curate.events.sequels import belonging, side_of
from digest.model import Article

JOIN = 0.57
"""How likely two stories must be one matter to stand together."""
TWO_WORDS = 0.7
"""What speaks for two matters of a week being one, as log odds, where both say two unusual words again and
again.
"""
UNUSUAL = 0.45
"""How rare a word must be among the week's articles to say of which matter a title speaks."""
SAID_AGAIN = 1 / 3
"""The share of a matter's titles that have a word which it says again and again."""
GREAT = 3
"""Articles, of two outlets at least, of which one of two such matters must consist."""
WINDOW = 48 * 3600.0


def topics(groups: Sequence[tuple[Article, ...]], *, week: bool = False) -> list[tuple[int, ...]]:
    """Return which groups tell one matter: places in `groups`, the heaviest first; a group with no like
    stands alone.

    `week`: they are those of a week. What lies within two days is joined as in a daily edition; such matters
    are joined once more, for an event goes on: first those of several outlets, so that no sidelight decides
    what two events are. Stories of two sections are one matter only when their titles
    have a word in common. The heaviest is that of most outlets, then of most articles, then the first. Every
    place comes once.
    """
    prints = [tuple(map(print_of, group[:COMPARED])) for group in groups]
    titles = [frozenset(chain.from_iterable(one.title for one in each)) for each in prints]
    sections = [Counter(one.section for one in group).most_common(1)[0][0] for group in groups]

    def beside(one: int, other: int) -> float:
        near = sections[one] == sections[other] or not titles[one].isdisjoint(titles[other])
        return 0.0 if near else -inf

    def heaviest_first(places: Sequence[int]) -> tuple[int, ...]:
        return tuple(sorted(places, key=lambda place: (*_size(groups[place]), place)))

    found = list(map(heaviest_first, linked(prints, least=JOIN, window=WINDOW, matter=True, beside=beside)))
    if week:
        several = [len(_outlets(groups[place] for place in places)) > 1 for places in found]
        joined = _over_days(prints, list(compress(found, several)), beside)
        alone = [places for places, more in zip(found, several, strict=True) if not more]
        found = [*map(heaviest_first, joined), *alone]
        found = list(map(heaviest_first, _over_days(prints, found, beside)))
    return sorted(found, key=lambda places: (*_size(groups[places[0]]), places[0]))


def _over_days(
    prints: Sequence[tuple[Print, ...]],
    matters: Sequence[tuple[int, ...]],
    beside: Callable[[int, int], float],
) -> list[list[int]]:
    """Join the matters of single days that go on with each other."""
    whole = [tuple(chain.from_iterable(prints[place] for place in places)) for places in matters]
    rarity = Rarity(chain.from_iterable(prints))
    said = [_said_again(each, rarity) for each in whole]
    great = [len(each) >= GREAT and len({one.outlet for one in each}) > 1 for each in whole]

    def words_beside(one: int, other: int) -> float:
        near = max(beside(a, b) for a in matters[one] for b in matters[other])
        again = (great[one] or great[other]) and len(said[one] & said[other]) > 1
        return near + (TWO_WORDS if again else 0.0)

    joined = linked(whole, least=JOIN, matter=True, beside=words_beside)
    return [[place for one in each for place in matters[one]] for each in joined]


def _said_again(matter: Sequence[Print], rarity: Rarity) -> frozenset[int]:
    """The unusual words that stand in a third of a matter's titles."""
    count = Counter(mark for one in matter for mark in one.title)
    return frozenset(
        mark for mark, n in count.items() if n >= SAID_AGAIN * len(matter) and rarity(mark) > UNUSUAL
    )


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


def _outlets(groups: Iterable[Sequence[Article]]) -> set[str]:
    return {article.source_name for group in groups for article in group}


def _size(group: tuple[Article, ...]) -> tuple[int, int]:
    return -len(_outlets([group])), -len(group)
