"""Summaries of a given length: sentences until the words are used up, however many it takes.

For comparing at equal words: the last sentence may run over the budget, and the reader of the answer cuts
there.
"""

from collections.abc import Sequence

from digest.summarize import tolls
from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.reading import EventReading, opening_of
from digest.summarize.extract.relevance import Relevance


def fill(event: EventReading, *, max_words: int) -> list[Candidate]:
    """Return whole sentences that together have at least `max_words` words, or all that may be told.

    One article: its sentences in order, the overlong ones too when the others do not suffice. Several: the
    opening and the additions that a summary would have, and more of them. Empty when there are no words.
    """
    if len(event.articles) == 1:
        return _of_one(event, max_words)
    opening = event.opening(max_words)
    if opening is None:
        return []
    open_to = event.additions(opening)
    relevance = Relevance([opening, *open_to])
    chosen, left = [opening], max_words - opening.words
    while left > 0 and (open_to := _open_to(event, open_to, chosen)):
        chosen.append(relevance.best(open_to, chosen))
        left -= chosen[-1].words
    return chosen


def _open_to(
    event: EventReading, open_to: Sequence[Candidate], chosen: Sequence[Candidate]
) -> list[Candidate]:
    fresh = Relevance.news(open_to, chosen, event.subject)
    return [one for one in fresh if not any(tolls.conflict(one.text, other.text) for other in chosen)]


def _of_one(event: EventReading, max_words: int) -> list[Candidate]:
    pool = event.pools[0]
    chosen: list[Candidate] = []
    left = max_words
    tellable = [one for one in pool if not one.refusal]
    if sum(one.words for one in tellable) < max_words:
        tellable = [one for one in pool if one.refusal in {"", "long"}]
    if not tellable and (only := opening_of(pool)):
        tellable = [only]
    for one in tellable:
        if left <= 0:
            break
        chosen.append(one)
        left -= one.words
    return chosen
