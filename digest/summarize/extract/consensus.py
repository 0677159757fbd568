"""What the tellings of one event have in common.

A word is worth the share of the other outlets that have it in their title, in their opening and anywhere in
their text; said twice it counts twice only where they say it twice. That is the expected overlap with one
more telling of the event, after the idea of minimum Bayes risk (Kumar and Byrne, 2004): choose what agrees
best with all that might have been said. docs/why/summaries.md has the measurements.
"""

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from digest.model.news.article import Article
from digest.summarize.extract.candidates import Candidate
from digest.text.words.tokens import stems_of, words

# What an outlet holds to be the news stands in its first words.
OPENING_WORDS = 40
# So many words of a sentence are weighed, about a first sentence of the press: length alone wins nothing.
GLANCE = 25
# The usual length of a headline, in words: shorter ones leave something out.
HEADLINE = 10
# A headline fits a summary whose first sentence says so much of it; what that is worth beside agreement.
_FITS = 0.7
_FITTING = 0.2


@dataclass(frozen=True, slots=True)
class _Version:
    title: Counter[str]
    opening: Counter[str]
    body: Counter[str]


class Consensus:
    """The words of one event's articles, ready to be asked what they agree on."""

    def __init__(self, articles: Sequence[Article], pools: Sequence[Sequence[Candidate]]) -> None:
        self._versions = [_version(article, pool) for article, pool in zip(articles, pools, strict=True)]
        self._titles = [words(article.title) for article in articles]

    def title(self, among: Sequence[int], first: Candidate | None = None) -> int:
        """Return that one of the indexes whose article's title agrees best with the other articles; the
        earliest of equals.

        With the `first` sentence of the summary, a title that it says goes before one that it does not.
        """
        said = frozenset(first.stems) if first else frozenset()
        scores = [
            self._agreement(self._titles[index], index, HEADLINE)
            + _FITTING * min(_FITS, covered(stems_of(self._titles[index]), said))
            for index in among
        ]
        return among[self._best(scores)]

    def opening(self, firsts: Sequence[Candidate], glance: int) -> Candidate:
        """Return that one of the sentences whose first `glance` words agree best with the articles it is not
        from.
        """
        scores = [self._agreement(one.said[:glance], one.article, glance) for one in firsts]
        return firsts[self._best(scores)]

    def _agreement(self, said: Sequence[str], index: int, length: int) -> float:
        return self._worth(said, index) / (len(said) + length)

    def _worth(self, said: Sequence[str], index: int) -> float:
        others = [version for at, version in enumerate(self._versions) if at != index]
        counts: Counter[str] = Counter()
        worth = 0
        for word in said:
            counts[word] += 1
            times = counts[word]
            worth += sum(
                (other.title.get(word, 0) >= times)
                + (other.opening.get(word, 0) >= times)
                + (other.body.get(word, 0) >= times)
                for other in others
            )
        return worth / max(1, len(others))

    @staticmethod
    def _best(scores: Sequence[float]) -> int:
        return max(range(len(scores)), key=lambda index: (round(scores[index], 9), -index))


def covered(stems: Sequence[str], said: AbstractSet[str]) -> float:
    """Return the share of some stems that are said; 0 without any."""
    different = set(stems)
    return len(different & said) / len(different) if different else 0.0


def _version(article: Article, pool: Sequence[Candidate]) -> _Version:
    said = [word for one in pool for word in one.said]
    return _Version(Counter(words(article.title)), Counter(said[:OPENING_WORDS]), Counter(said))
