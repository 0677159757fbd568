"""How alike texts are: TF-IDF vectors of stems and their cosines."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt

Vector = Mapping[str, float]


def rarity(documents: Sequence[Iterable[str]]) -> dict[str, float]:
    """Return the smoothed inverse document frequency of every stem; all are above 0."""
    counts = Counter(stem for document in documents for stem in set(document))
    return {stem: log((1 + len(documents)) / (0.5 + count)) for stem, count in counts.items()}


def vector(stems: Iterable[str], weights: Mapping[str, float]) -> Vector:
    """Return the unit vector of these stems (dampened counts); empty when there are none."""
    raw = {stem: (1 + log(count)) * weights.get(stem, 1.0) for stem, count in Counter(stems).items()}
    norm = sqrt(sum(weight * weight for weight in raw.values()))
    return {stem: weight / norm for stem, weight in raw.items()} if norm else {}


def cosine(one: Vector, other: Vector) -> float:
    """Return the cosine of two unit vectors, 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[stem] for stem, weight in one.items() if stem in other)


def mean(vectors: Sequence[Vector]) -> Vector:
    """Return the unit vector of their sum; empty when all are."""
    total: dict[str, float] = {}
    for each in vectors:
        for stem, weight in each.items():
            total[stem] = total.get(stem, 0.0) + weight
    norm = sqrt(sum(weight * weight for weight in total.values()))
    return {stem: weight / norm for stem, weight in total.items()} if norm else {}
