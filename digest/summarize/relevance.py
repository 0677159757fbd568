"""What to tell next: maximal marginal relevance (Carbonell and Goldstein, 1998)."""

from collections.abc import Sequence

from digest.summarize.candidates import Candidate
from digest.summarize.similarity import Vector, cosine, mean, rarity, vector

_BALANCE = 0.5
# Being an article's first sentence is worth this much likeness to all that is told.
_POSITION = 0.3

# So much of a sentence's meaning words must be new: agreement makes the words of one event common, and the cosine blind to them.
_NEW = 0.5
# And of its first words this share: a sentence that begins by telling the event again reads as a repetition, whatever follows.
_NEW_AT_FIRST = 0.6
_FIRST_WORDS = 10


class Relevance:
    """Weighs sentences of one event against each other."""

    def __init__(self, pool: Sequence[Candidate]) -> None:
        weights = rarity([one.stems for one in pool])
        self._vectors: dict[tuple[int, int], Vector] = {_key(one): vector(one.stems, weights) for one in pool}
        self._centre = mean(list(self._vectors.values()))

    @staticmethod
    def news(open_to: Sequence[Candidate], told: Sequence[Candidate]) -> list[Candidate]:
        """Return those of the sentences that are more than what is told in other words."""
        said = {stem for one in told for stem in one.stems}
        return [
            one
            for one in open_to
            if _fresh(one.stems, said) >= _NEW and _fresh(one.stems[:_FIRST_WORDS], said) >= _NEW_AT_FIRST
        ]

    def best(self, open_to: Sequence[Candidate], told: Sequence[Candidate]) -> Candidate:
        """Return the sentence that says most about the event and least of what is told; the earliest of equals."""
        return max(open_to, key=lambda one: self._worth(one, told))

    def _worth(self, one: Candidate, told: Sequence[Candidate]) -> float:
        own = self._vectors[_key(one)]
        relevance = cosine(own, self._centre) + _POSITION / (1 + one.order)
        repeated = max(cosine(own, self._vectors[_key(other)]) for other in told)
        return _BALANCE * relevance - (1 - _BALANCE) * repeated


def _fresh(stems: Sequence[str], said: set[str]) -> float:
    """The share of different words that are not said yet; 0 without words."""
    different = set(stems)
    return sum(stem not in said for stem in different) / len(different) if different else 0.0


def _key(one: Candidate) -> tuple[int, int]:
    return one.article, one.order
