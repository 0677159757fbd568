"""What to tell next: maximal marginal relevance (Carbonell and Goldstein, 1998)."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.similarity import Vector, cosine, mean, rarity, vector
from digest.text.dates.months import WEEKDAYS
from digest.text.words.one_meaning import usual
from digest.text.words.tokens import stems

_BALANCE = 0.5
# Being an article's first sentence is worth this much likeness to all that is told.
_POSITION = 0.3

# So much of a sentence's meaning words must be new: agreement makes the words of one event common, and the
# cosine blind to them.
_NEW = 0.5
# And of its first words this share: a sentence that begins by telling the event again reads as a repetition,
# whatever follows.
_NEW_AT_FIRST = 0.6
_FIRST_WORDS = 10
# By roots and meanings, against the headline too: of another article's opening, of its further sentences, of
# the same article's. Shares of all its words and of its first ones.
_OPENS = (0.65, 0.6)
_FURTHER = (0.5, 0.5)
_GOES_ON = (0.4, 0.3)
# A root of fewer letters is shared by too many words.
_ROOT = 3
# Another day, another way of saying that it was said, or by whom it was known: no news.
_SAYS_NOTHING = frozenset(
    stems(" ".join(WEEKDAYS))
    + stems("اليوم أمس مساء صباح قال أعلن أعلنت أكد أضاف أفاد ذكر أوضح جديد الجديد")
    + stems("مصادر مصدر متطابقة مطلعة بيان وسائل إعلام محلية تابع تابعة بحسب حسب وفق وفقا نقلا")
)


class Relevance:
    """Weighs sentences of one event against each other."""

    def __init__(self, pool: Sequence[Candidate]) -> None:
        weights = rarity([one.stems for one in pool])
        self._vectors: dict[tuple[int, int], Vector] = {_key(one): vector(one.stems, weights) for one in pool}
        self._centre = mean(list(self._vectors.values()))

    @staticmethod
    def news(
        open_to: Sequence[Candidate], chosen: Sequence[Candidate], headline: Iterable[str] = ()
    ) -> list[Candidate]:
        """Return those of the sentences that are more than what is told in other words.

        An article's opening tells the event once more by its trade: most of it must be new against the
        headline's stems too, by the verbs' roots and by words of one meaning.
        """
        said = frozenset(stem for one in chosen for stem in one.stems)
        known = _Said.of(chosen, headline)
        return [
            one
            for one in open_to
            if (
                known.is_new(one, _OPENS)
                if one.order == 0
                else _is_fresh(one, said) and known.is_new(one, _FURTHER)
            )
        ]

    @staticmethod
    def goes_on(one: Candidate, chosen: Sequence[Candidate], headline: Iterable[str] = ()) -> bool:
        """Say whether a sentence of the article that is told says more than headline and sentences do."""
        return _Said.of(chosen, headline).is_new(one, _GOES_ON)

    def best(self, open_to: Sequence[Candidate], chosen: Sequence[Candidate]) -> Candidate:
        """Return the sentence that says most about the event and least of what is told; the earliest of
        equals.
        """
        return max(open_to, key=lambda one: self._worth(one, chosen))

    def _worth(self, one: Candidate, chosen: Sequence[Candidate]) -> float:
        own = self._vectors[_key(one)]
        relevance = cosine(own, self._centre) + _POSITION / (1 + one.order)
        repeated = max(cosine(own, self._vectors[_key(other)]) for other in chosen)
        return _BALANCE * relevance - (1 - _BALANCE) * repeated


def root_of(stem: str) -> str:
    """Return the letters that most forms of one Arabic verb share: «يفتح», «افتتح» and «افتتاح» are one."""
    letters = stem
    while len(letters) > 3 and letters[0] in "اينت":
        letters = letters[1:]
    if len(letters) > 3 and letters[-1] == "ت":
        letters = letters[:-1]
    bare = "".join(letter for letter in letters if letter not in "اويء")
    if len(bare) > 3 and bare[1] == "ت":
        bare = bare[0] + bare[2:]
    return "".join(letter for at, letter in enumerate(bare) if not at or letter != bare[at - 1])


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said already: stems, what they mean, and the roots of their verbs."""

    stems: AbstractSet[str]
    roots: AbstractSet[str]

    @classmethod
    def of(cls, chosen: Sequence[Candidate], headline: Iterable[str]) -> Self:
        said = {stem for one in chosen for stem in one.stems}.union(headline)
        said |= {usual(stem) for stem in said}
        return cls(said, {root for stem in said if len(root := root_of(stem)) >= _ROOT})

    def is_new(self, one: Candidate, least: tuple[float, float]) -> bool:
        """Whether these shares of all its telling words and of its first ones are new."""
        return self._share(one.stems) >= least[0] and self._share(one.stems[:_FIRST_WORDS]) >= least[1]

    def _share(self, stems: Sequence[str]) -> float:
        different = set(stems) - _SAYS_NOTHING
        new = sum(
            not (stem in self.stems or usual(stem) in self.stems or root_of(stem) in self.roots)
            for stem in different
        )
        return new / len(different) if different else 0.0


def _is_fresh(one: Candidate, said: AbstractSet[str]) -> bool:
    return _fresh(one.stems, said) >= _NEW and _fresh(one.stems[:_FIRST_WORDS], said) >= _NEW_AT_FIRST


def _fresh(stems: Sequence[str], said: AbstractSet[str]) -> float:
    """The share of different words that are not said yet; 0 without words."""
    different = set(stems)
    return len(different - said) / len(different) if different else 0.0


def _key(one: Candidate) -> tuple[int, int]:
    return one.article, one.order
