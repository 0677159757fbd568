"""Count the words by which local news is known."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from digest.text.words.short_cache import Remembered
from digest.text.words.tokens import words

GROUPS = ("sure", "likely", "against", "abroad")
_ARTICLES = ("وبال", "وال", "بال", "كال", "فال", "ولل", "لل", "ال")
# Beyond so many of a group more say nothing new; then each group is brought to about the size of 1.
_MOST = (8, 16, 8, 4, 2)
_USUAL = (4, 10, 4, 3, 1)
_SHORTEST = 30
_PLAIN_LENGTH = 100

_Term = str | tuple[str, ...]


def evidence(title: Sequence[str], text: Sequence[str]) -> tuple[float, ...]:
    """Return how much an article's folded words speak of each of `GROUPS`, and its title of the first; each
    about 0 to 2.

    Each term counts once; the counts are those of an article of a hundred different words.
    """
    head, body = list(map(_PLAIN.__getitem__, title)), list(map(_PLAIN.__getitem__, text))
    of_title = _listed_in(head)
    said = of_title | _listed_in(body)
    length = (max(len({*head, *body}), _SHORTEST) / _PLAIN_LENGTH) ** 0.5
    groups = _listed().groups
    found = [len(said & group) / length for group in groups]
    found.append(len(of_title & groups[0]))
    return tuple(min(count, most) / usual for count, most, usual in zip(found, _MOST, _USUAL, strict=True))


def _listed_in(spoken: list[str]) -> set[_Term]:
    listed = _listed()
    found: set[_Term] = set(listed.alone.intersection(spoken))
    for place, word in enumerate(spoken):
        if word in listed.longer:
            found.update(
                term for term in listed.longer[word] if tuple(spoken[place : place + len(term)]) == term
            )
    return found


def _without_article(word: str) -> str:
    if word.startswith(_ARTICLES):
        for start in _ARTICLES:
            if word.startswith(start) and len(word) - len(start) >= 3:
                return word[len(start) :]
    return word


_PLAIN = Remembered(_without_article, most=65_536)


@dataclass(frozen=True, slots=True)
class _Listed:
    """The terms of each of `GROUPS`; those of one word; and those of more, by their first word."""

    groups: tuple[frozenset[_Term], ...]
    alone: frozenset[str]
    longer: Mapping[str, tuple[tuple[str, ...], ...]]


@cache
def _listed() -> _Listed:
    raw = tomllib.loads(
        resources.files("digest.collect.clean").joinpath("local_words.toml").read_text("utf-8")
    )
    terms = [[tuple(map(_without_article, words(term))) for term in raw[group]] for group in GROUPS]
    every = {term for group in terms for term in group}
    longer: dict[str, tuple[tuple[str, ...], ...]] = {}
    for term in sorted(term for term in every if len(term) > 1):
        longer[term[0]] = (*longer.get(term[0], ()), term)
    return _Listed(
        groups=tuple(
            frozenset[_Term](term if len(term) > 1 else term[0] for term in group) for group in terms
        ),
        alone=frozenset(term[0] for term in every if len(term) == 1),
        longer=longer,
    )
