"""Count the words by which local news is known."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

from digest.text.words.short_cache import cached_when_short
from digest.text.words.tokens import words

GROUPS = ("sure", "likely", "against", "abroad")
_ARTICLES = ("وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
# Beyond so many of a group more say nothing new; then each group is brought to about the size of 1.
_MOST = (8, 16, 8, 4, 2)
_USUAL = (4, 10, 4, 3, 1)
_SHORTEST = 30
_PLAIN_LENGTH = 100

_Term = tuple[str, ...]


def evidence(title: Sequence[str], text: Sequence[str]) -> tuple[float, ...]:
    """Return how much an article's folded words speak of each of `GROUPS`, and its title of the first; each
    about 0 to 2.

    Each term counts once; the counts are those of an article of a hundred different words.
    """
    head, body = list(map(_plain, title)), list(map(_plain, text))
    said = _terms(head) | _terms(body)
    length = (max(len({*head, *body}), _SHORTEST) / _PLAIN_LENGTH) ** 0.5
    listed = _listed()
    found = [len(said & group) / length for group in listed]
    found.append(len(_terms(head) & listed[0]))
    return tuple(min(count, most) / usual for count, most, usual in zip(found, _MOST, _USUAL, strict=True))


def _terms(spoken: list[str]) -> set[_Term]:
    return {
        *((word,) for word in spoken),
        *pairwise(spoken),
        *zip(spoken, spoken[1:], spoken[2:], strict=False),
    }


@cached_when_short(16384)
def _plain(word: str) -> str:
    for start in _ARTICLES:
        if word.startswith(start) and len(word) - len(start) >= 3:
            return word[len(start) :]
    return word


@cache
def _listed() -> tuple[frozenset[_Term], ...]:
    raw = tomllib.loads(
        resources.files("digest.collect.clean").joinpath("local_words.toml").read_text("utf-8")
    )
    return tuple(frozenset(tuple(map(_plain, words(term))) for term in raw[group]) for group in GROUPS)
