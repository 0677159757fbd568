"""What to tell next: maximal marginal relevance (Carbonell and Goldstein, 1998)."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.similarity import Vector, cosine, mean, rarity, vector
from digest.text.dates.months import WEEKDAYS
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

        An article's opening tells the event once more by its trade: it is held against the headline's stems
        too, and by the verbs' roots.
        """
        said = {stem for one in chosen for stem in one.stems}
        known = said | set(headline)
        roots = {root for stem in known if len(root := root_of(stem)) >= _ROOT}
        return [
            one
            for one in open_to
            if (_is_fresh(one, known, roots) if one.order == 0 else _is_fresh(one, said, frozenset()))
        ]

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


def _is_fresh(one: Candidate, said: AbstractSet[str], roots: AbstractSet[str]) -> bool:
    return (
        _fresh(one.stems, said, roots) >= _NEW
        and _fresh(one.stems[:_FIRST_WORDS], said, roots) >= _NEW_AT_FIRST
    )


def _fresh(stems: Sequence[str], said: AbstractSet[str], roots: AbstractSet[str]) -> float:
    """The share of different telling words that are not said yet; 0 without such words."""
    different = set(stems) - _SAYS_NOTHING if roots else set(stems)
    new = sum(stem not in said and not (roots and root_of(stem) in roots) for stem in different)
    return new / len(different) if different else 0.0


def _key(one: Candidate) -> tuple[int, int]:
    return one.article, one.order
