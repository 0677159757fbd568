"""Count the words by which local news is known."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import resources

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
    in_title = _met(head)
    said = in_title | _met(body)
    length = (max(len({*head, *body}), _SHORTEST) / _PLAIN_LENGTH) ** 0.5
    counts = Counter(group for group, _ in said)
    found = [counts[place] / length for place in range(len(GROUPS))]
    found.append(sum(group == 0 for group, _ in in_title))
    return tuple(min(count, most) / usual for count, most, usual in zip(found, _MOST, _USUAL, strict=True))


def _met(spoken: list[str]) -> set[tuple[int, _Term]]:
    """The terms that stand in a text, each with the place of its group in `GROUPS`."""
    listed = _listed()
    return {
        (group, term)
        for at, word in enumerate(spoken)
        for group, term in listed.get(word, ())
        if len(term) == 1 or tuple(spoken[at : at + len(term)]) == term
    }


@cached_when_short(16384)
def _plain(word: str) -> str:
    for start in _ARTICLES:
        if word.startswith(start) and len(word) - len(start) >= 3:
            return word[len(start) :]
    return word


@cache
def _listed() -> dict[str, list[tuple[int, _Term]]]:
    """By its first word: each term, and the place of its group in `GROUPS`."""
    raw = tomllib.loads(
        resources.files("digest.collect.clean").joinpath("local_words.toml").read_text("utf-8")
    )
    listed: defaultdict[str, list[tuple[int, _Term]]] = defaultdict(list)
    for place, group in enumerate(GROUPS):
        for term in dict.fromkeys(tuple(map(_plain, words(term))) for term in raw[group]):
            listed[term[0]].append((place, term))
    return dict(listed)
