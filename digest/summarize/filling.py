"""Summaries of a given length: sentences until the words are used up, however many it takes.

For comparing at equal words: the last sentence may run over the budget, and the reader of the answer cuts there.
"""

from collections.abc import Sequence

from digest.model.article import Article
from digest.summarize import candidates, extractive
from digest.summarize.candidates import Candidate


def fill(articles: Sequence[Article], *, max_words: int) -> list[Candidate]:
    """Return whole sentences that together have at least `max_words` words, or all that may be told.

    One article: its sentences in order. Several: the medoid's first, then what the others add. Empty when there are no words.
    """
    if not articles:
        return []
    centre = extractive.medoid(articles)
    pool = candidates.of(articles[centre], centre)
    told = [one for one in pool if not one.refusal] or pool
    chosen: list[Candidate] = []
    left = max_words
    for one in told:
        if left <= 0:
            break
        chosen.append(one)
        left -= one.words
    return chosen
