"""The headline of an event: the plainest of its titles, cleaned; where all only tease, a main clause of an
opening. Pure.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from digest.model.news.article import Article
from digest.summarize import tolls
from digest.summarize.extract import clauses, rules, titles
from digest.summarize.extract.candidates import Candidate
from digest.text.words.normalise import fold
from digest.text.words.tokens import words

# Reads folded text.
_DEATHS = re.compile(r"\b(?:ال)?(?:قتلي|قتيل|ضحايا|شهداء|وفيات)\b")


MANY = 20
"""From so many dead on, their number is the news."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline and the article it is of; `is_title` when it is that article's title, perhaps cleaned."""

    text: str
    article: int
    is_title: bool = True


def headline(
    articles: Sequence[Article],
    openings: Sequence[Candidate | None],
    *,
    known: Mapping[tolls.Harm, tolls.Toll],
    said: AbstractSet[str],
    best: Callable[[Sequence[int]], int],
) -> Headline:
    """Return the headline of the event that these articles tell; `best` chooses among the indexes of equally
    plain titles. `said` are the stems of the articles' texts.

    Plain goes before teasing, a true toll before one that was overtaken; what counts the dead before what
    only speaks of them, and before what does not where many died; quiet before loud; known words before
    one that neither a text nor the news has, as a misprint is or a figure of speech.
    """
    cleaned = [titles.cleaned(article.title, article.source_name) for article in articles]
    every = list(range(len(articles)))
    plain = [index for index in every if not _teases(articles[index].title, cleaned[index])]
    plain = plain or [index for index in every if titles.only_exclaims(articles[index].title)]
    for index in () if plain else _order(articles, best):
        first = openings[index]
        if first is None or first.refusal or first.leans or tolls.is_stale(first.text, dict(known)):
            continue
        clause = clauses.main_clause(first.text)
        if clause and not rules.asks(clause):
            return Headline(clause, index, is_title=False)
    among = plain or [index for index in every if not titles.asks(cleaned[index])] or every
    among = _rather(among, lambda index: not tolls.is_stale(cleaned[index], dict(known)))
    if (dead := known.get("dead")) and dead.exact:
        if dead.least >= MANY and len(articles) > 1:
            among = _rather(among, lambda index: _counts(cleaned[index]))
        among = _rather(
            among,
            lambda index: dead in tolls.tolls(cleaned[index]) or not _DEATHS.search(fold(cleaned[index])),
        )
    among = _rather(among, lambda index: not titles.is_loaded(cleaned[index]))
    among = _rather(among, lambda index: not titles.odd_words(cleaned[index], said))
    chosen = best(among)
    return Headline(cleaned[chosen], chosen)


def _counts(title: str) -> bool:
    return any(toll.harm == "dead" for toll in tolls.tolls(title))


def _teases(title: str, cleaned: str) -> bool:
    ends = title.rstrip(" \u200f\u200e")
    return titles.teases(cleaned) or not words(cleaned) or titles.asks(title) or ends.endswith("!")


def _order(articles: Sequence[Article], best: Callable[[Sequence[int]], int]) -> list[int]:
    first = best(range(len(articles)))
    return [first, *(index for index in range(len(articles)) if index != first)]


def _rather(among: list[int], holds: Callable[[int], bool]) -> list[int]:
    return [index for index in among if holds(index)] or among
