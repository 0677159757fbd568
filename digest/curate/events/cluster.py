"""Articles that tell one event, put together as they come in.

`StoryIndex` is incremental: a new article is compared with those that share its rarer words, so that it costs
its neighbours and not the archive. `group` is the same index, fed in the order of time.
"""

from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from operator import attrgetter
from statistics import median_low

import numpy as np
from numpy.typing import NDArray

from digest.curate.events.copies import CopyIndex
from digest.curate.events.likeness import (
    Print,
    are_of_two_events,
    continues,
    identity_of,
    likeness,
    print_and_shingles_of,
    print_of,
)
from digest.curate.events.linking import linked
from digest.model import Article

WINDOW = timedelta(hours=36)
JOIN = 0.58
STRICT_JOIN = 0.7
"""What joins an article to a story where all of an edition's articles are looked at again at the end."""
EVENT = 0.6
"""How likely two stories must tell one event, all articles being there, to become one."""
MOST_OF_EVENT = 20
"""Articles of a story that was put together: what more tell is a day's theme."""
FAR_HOURS = 12.0
"""What lies further apart goes on with an event rather than telling it."""
COPY = 0.95
"""What a near-duplicate counts as, whatever its title says."""
LEAD_HOURS = 6
LEAD_AMONG = 50

_RARE_WORDS = 12
# A word that many share tells little; its latest bearers are enough.
_LATEST = 400
_CANDIDATES = 48
_COMPARED = 12
_ROUNDING = 1e-9
_CLOCK = 31


@dataclass(slots=True)
class _OpenStory:
    """A story: its key, the places of its members in order of arrival, and the span of their times."""

    key: str
    first: float
    last: float
    members: list[int] = field(default_factory=list)

    def takes(self, at: float, window: float) -> bool:
        return max(self.last, at) - min(self.first, at) <= window

    def stretch(self, at: float) -> None:
        self.first, self.last = min(self.first, at), max(self.last, at)


class StoryIndex:
    """The stories of a rolling window, and which of them a new article belongs to.

    An answer is final: a story keeps its key, which comes from its first article. Articles whose times lie
    more than `window` apart never share a story. Memory is that of the articles that came in while the
    stream's own time moved on by two windows, and of `capacity` articles at most.
    """

    def __init__(self, *, window: timedelta = WINDOW, capacity: int = 60_000, join: float = JOIN) -> None:
        self._join = join
        self._window = window.total_seconds()
        self._capacity = capacity
        self._prints: dict[int, Print] = {}
        self._story: dict[int, _OpenStory] = {}
        self._with_mark: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._copies = CopyIndex()
        self._exact: dict[str, int] = {}
        self._arrived: deque[tuple[float, int]] = deque()
        self._recent: deque[float] = deque(maxlen=_CLOCK)
        self._present = float("-inf")
        self._next = 0

    def __len__(self) -> int:
        return len(self._prints)

    def add(self, article: Article) -> str:
        """Put an article in and return the key of its story; a copy (same address or text) gets its first
        one's key.
        """
        mine, text = print_and_shingles_of(article)
        names = _names(mine)
        for name in names:
            known = self._exact.get(name)
            if known is not None and self._story[known].takes(mine.at, self._window):
                self._story[known].stretch(mine.at)
                return self._story[known].key
        place, self._next = self._next, self._next + 1
        copies = dict(self._copies.add(place, text))
        story = self._best(mine, copies) or _OpenStory(key_of([article]), mine.at, mine.at)
        self._keep(place, mine, story)
        self._exact.update(dict.fromkeys(names, place))
        self._forget_old(mine.at, place)
        return story.key

    def _keep(self, place: int, mine: Print, story: _OpenStory) -> None:
        self._prints[place] = mine
        self._story[place] = story
        story.members.append(place)
        story.stretch(mine.at)
        for mark in mine.opening:
            self._with_mark[mark].append(place)

    def _best(self, mine: Print, copies: dict[int, float]) -> _OpenStory | None:
        """The story most like the article, if it is like enough: among equals the older one."""
        best, highest = None, self._join
        seen: set[str] = set()
        for place in (*copies, *self._neighbours(mine)):
            story = self._story[place]
            if story.key in seen or not story.takes(mine.at, self._window):
                continue
            seen.add(story.key)
            score = self._story_likeness(mine, story, copies, least=highest)
            if score > highest or (score == highest and (best is None or story.members[0] < best.members[0])):
                best, highest = story, score
        return best

    def _neighbours(self, mine: Print) -> list[int]:
        """The articles that share most of the article's rarest words, at least two."""
        bearers = sorted((self._with_mark[mark] for mark in mine.opening if mark in self._with_mark), key=len)
        return _shared([np.array(places[-_LATEST:]) for places in bearers[:_RARE_WORDS]])

    def _story_likeness(
        self, mine: Print, story: _OpenStory, copies: dict[int, float], *, least: float
    ) -> float:
        """The mean over the half of the latest members that are most like it, for a single bridge between two
        events joins nothing; 0 when it is below `least`.
        """
        members = story.members[-_COMPARED:]
        counted = (len(members) + 1) // 2
        scores: list[float] = []
        for place in members:
            other = self._prints[place]
            # The text of a daily price or a squad is last time's, but for the names.
            copied = place in copies and not are_of_two_events(mine, other)
            # What is less than this lifts no mean over the least.
            needed = counted * least - (counted - 1) - _ROUNDING
            scores.append(COPY if copied else likeness(mine, other, least=needed))
        mean = sum(sorted(scores, reverse=True)[:counted]) / counted
        return mean if mean >= least else 0.0

    def _forget_old(self, at: float, place: int) -> None:
        # The stream's time is the middle of its latest articles', so that one date from the future moves
        # nothing.
        self._recent.append(at)
        self._present = max(self._present, median_low(self._recent))
        self._arrived.append((self._present, place))
        while self._arrived and (
            self._arrived[0][0] < self._present - 2 * self._window or len(self._prints) > self._capacity
        ):
            self._forget(self._arrived.popleft()[1])

    def _forget(self, place: int) -> None:
        gone = self._prints.pop(place)
        story = self._story.pop(place)
        story.members.remove(place)
        for mark in gone.opening:
            # Places grow, and the oldest goes first: it stands at the front.
            places = self._with_mark[mark]
            del places[0]
            if not places:
                del self._with_mark[mark]
        self._copies.forget(place)
        for name in _names(gone):
            if self._exact.get(name) == place:
                del self._exact[name]


def _shared(lists: Sequence[NDArray[np.int64]]) -> list[int]:
    """Return the numbers that stand in more than one list: those in most first, among equals the first met,
    so many at most.
    """
    if len(lists) < 2:
        return []
    met = np.concatenate(lists)
    # Sorting numbers that carry their place is several times as fast as counting them.
    numbered = np.sort(met * len(met) + np.arange(len(met)))
    number, first = np.divmod(numbered, len(met))
    starts = np.flatnonzero(np.append(True, number[1:] != number[:-1]))
    count = np.diff(np.append(starts, len(met)))
    starts, count = starts[count > 1], count[count > 1]
    found: list[int] = number[starts[np.lexsort((first[starts], -count))][:_CANDIDATES]].tolist()
    return found


def _names(mine: Print) -> list[str]:
    return [f"u{mine.identity}", *([f"h{mine.content_hash}"] if mine.content_hash else [])]


def key_of(articles: Iterable[Article]) -> str:
    """Return the key of the story that these articles tell: 12 hex digits from its earliest article.

    Raises:
        ValueError: there are no articles.
    """
    first = min(articles, key=lambda article: (article.when, identity_of(article)))
    return sha256(identity_of(first).encode(errors="surrogatepass")).hexdigest()[:12]


def group(articles: Sequence[Article]) -> list[tuple[Article, ...]]:
    """Return the articles as stories, each article once, the earliest story first; the order of the input is
    without effect.

    They are put together as they came, then once more with what only the whole tells: how rare a name or a
    word is. Within a story the lead comes first: of the articles of its last six hours (so that a moved-on
    count is the latest) the one most like all others; the rest follow newest first. Copies (same address or
    same text) share a story.
    """
    index = StoryIndex(capacity=max(60_000, len(articles)), join=STRICT_JOIN)
    stories: defaultdict[str, list[Article]] = defaultdict(list)
    for article in sorted(
        articles, key=lambda article: (article.when, identity_of(article), article.source_name, article.title)
    ):
        stories[index.add(article)].append(article)
    arrived = list(stories.values())
    prints = [tuple(map(print_of, members)) for members in arrived]
    return [
        _lead_first(sorted((one for place in places for one in arrived[place]), key=attrgetter("when")))
        for places in linked(
            prints, least=EVENT, window=WINDOW.total_seconds(), far=FAR_HOURS, most=MOST_OF_EVENT
        )
    ]


def continued(groups: Sequence[tuple[Article, ...]], earlier: Sequence[Article]) -> list[tuple[Article, ...]]:
    """Return the groups, each with those earlier articles at its end whose event it goes on with.

    An event may go on in several groups: none of them shall tell again what was told. An address that a group
    has already is not added to it.
    """
    if not earlier:
        return list(groups)
    before = [print_of(article) for article in earlier]
    return [(*members, *_gone_on_with(members, earlier, before)) for members in groups]


def _gone_on_with(
    members: tuple[Article, ...], earlier: Sequence[Article], before: Sequence[Print]
) -> list[Article]:
    known = {identity_of(member) for member in members}
    prints = [print_of(article) for article in members[:_COMPARED]]
    return [
        article
        for article, mine in zip(earlier, before, strict=True)
        if mine.identity not in known and sum(continues(mine, one) for one in prints) >= JOIN * len(prints)
    ]


def _lead_first(articles: list[Article]) -> tuple[Article, ...]:
    newest_first = sorted(articles, key=attrgetter("when"), reverse=True)
    if len(articles) == 1:
        return tuple(articles)
    prints = [print_of(article) for article in newest_first[:LEAD_AMONG]]
    limit = newest_first[0].when - timedelta(hours=LEAD_HOURS)

    def centrality(place: int) -> tuple[float, int]:
        return sum(likeness(prints[place], other) for other in prints), -place

    recent = [place for place, article in enumerate(newest_first[:LEAD_AMONG]) if article.when >= limit]
    lead = max(recent, key=centrality)
    return (newest_first[lead], *newest_first[:lead], *newest_first[lead + 1 :])
