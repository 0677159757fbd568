"""Articles that tell one event, put together as they come in.

`StoryIndex` is incremental: a new article is compared with those that share its rarer words, so that it costs its
neighbours and not the archive. `group` is the same index, fed in the order of time.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from operator import attrgetter

from digest.curate.likeness import Print, identity_of, likeness, print_of
from digest.model import Article

WINDOW = timedelta(hours=36)
JOIN = 0.22
LEAD_HOURS = 6


class StoryIndex:
    """The stories of a rolling window, and which of them a new article belongs to.

    An answer is final: a story keeps its key, which comes from its first article. Articles whose times lie more than
    `window` apart never share a story. Memory is that of the last `capacity` articles.
    """

    def __init__(self, *, window: timedelta = WINDOW, capacity: int = 60_000) -> None:
        self._window = window.total_seconds()
        self._capacity = capacity
        self._prints: dict[int, Print] = {}
        self._story: dict[int, str] = {}
        self._members: defaultdict[str, list[int]] = defaultdict(list)
        self._with_stem: defaultdict[int, deque[int]] = defaultdict(deque)
        self._exact: dict[str, int] = {}
        self._next = 0

    def add(self, article: Article) -> str:
        """Put an article in and return the key of its story; a copy (same address or text) gets its first one's key."""
        mine = print_of(article)
        names = [f"u{mine.identity}", *([f"h{mine.content_hash}"] if mine.content_hash else [])]
        for name in names:
            if name in self._exact:
                return self._story[self._exact[name]]
        story = self._best(mine) or key_of([article])
        place, self._next = self._next, self._next + 1
        self._prints[place] = mine
        self._story[place] = story
        self._members[story].append(place)
        for stem in mine.lead:
            self._with_stem[stem].append(place)
        for name in names:
            self._exact[name] = place
        if len(self._prints) > self._capacity:
            self._forget(next(iter(self._prints)))
        return story

    def _best(self, mine: Print) -> str | None:
        shared: Counter[int] = Counter()
        for stem in mine.lead:
            places = self._with_stem.get(stem, ())
            if len(places) <= 400:
                shared.update(places)
        scores: dict[str, float] = {}
        for place, common in shared.items():
            if common < 3 or abs(self._prints[place].at - mine.at) > self._window:
                continue
            story = self._story[place]
            if story not in scores:
                scores[story] = self._story_likeness(mine, story)
        best = max(scores.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0))
        return best[0] if best[1] >= JOIN else None

    def _story_likeness(self, mine: Print, story: str) -> float:
        scores = [likeness(mine, self._prints[place]) for place in self._members[story][-12:]]
        return (max(scores) + sum(scores) / len(scores)) / 2

    def _forget(self, place: int) -> None:
        gone = self._prints.pop(place)
        story = self._story.pop(place)
        self._members[story].remove(place)
        if not self._members[story]:
            del self._members[story]
        for stem in gone.lead:
            places = self._with_stem[stem]
            places.popleft()
            if not places:
                del self._with_stem[stem]
        self._exact = {name: at for name, at in self._exact.items() if at != place}


def key_of(articles: Iterable[Article]) -> str:
    """Return the key of the story that these articles tell: 12 hex digits from its earliest article.

    Raises:
        ValueError: there are no articles.
    """
    first = min(articles, key=lambda article: (article.when, identity_of(article)))
    return sha256(identity_of(first).encode()).hexdigest()[:12]


def group(articles: Sequence[Article]) -> list[tuple[Article, ...]]:
    """Return the articles as stories, each article once, the earliest story first; the order of the input is without effect.

    Within a story the lead comes first: of the articles of its last six hours (so that a moved-on count is the
    latest) the one most like all others; the rest follow newest first. Copies (same address or same text) share a story.
    """
    index = StoryIndex(capacity=max(60_000, len(articles)))
    stories: defaultdict[str, list[Article]] = defaultdict(list)
    for article in sorted(
        articles, key=lambda article: (article.when, identity_of(article), article.source_name)
    ):
        stories[index.add(article)].append(article)
    return [_lead_first(told) for told in stories.values()]


def _lead_first(told: list[Article]) -> tuple[Article, ...]:
    newest_first = sorted(told, key=attrgetter("when"), reverse=True)
    if len(told) == 1:
        return tuple(told)
    prints = [print_of(article) for article in newest_first]
    limit = newest_first[0].when - timedelta(hours=LEAD_HOURS)

    def centrality(place: int) -> tuple[float, int]:
        return sum(likeness(prints[place], other) for other in prints[:50]), -place

    recent = [place for place, article in enumerate(newest_first[:50]) if article.when >= limit]
    lead = max(recent, key=centrality)
    return (newest_first[lead], *newest_first[:lead], *newest_first[lead + 1 :])
