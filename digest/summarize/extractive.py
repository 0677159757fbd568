"""The default summarizer: whole sentences of the articles themselves, chosen by rule.

One article: its first sentences. Several: the headline and the first sentence that agree best with the other outlets, then by
maximal marginal relevance what the others add. docs/why/summaries.md has the measurements.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Self

from digest.model.article import Article
from digest.model.story import Story, Summary, SummarySentence
from digest.summarize import candidates, rules
from digest.summarize.candidates import Candidate
from digest.summarize.consensus import GLANCE, Consensus
from digest.summarize.overview import overview
from digest.summarize.protocol import Told
from digest.summarize.relevance import Relevance

MOST_SENTENCES = 3
# More tellings of one event than this add cost and no facts.
MOST_ARTICLES = 12
# How far into an article its own lead may reach.
_LEAD_REACH = 6


class Extractive:
    """Chooses sentences; invents none. Deterministic."""

    async def summarize(self, articles: Sequence[Article], *, max_words: int) -> Told:
        """Return the headline and two or three whole sentences within `max_words`.

        When not even the first sentence fits, it stands alone, over the budget. No articles: an empty headline and summary.
        """
        return await asyncio.to_thread(summarize_event, articles, max_words=max_words)

    def for_edition(self) -> Self:
        """Return itself: choosing costs nothing that could run out."""
        return self

    def overview(
        self, stories: Sequence[Story], *, max_words: int, more: Mapping[str, Sequence[str]] | None = None
    ) -> str:
        """Return two or three sentences over a section's stories, none of which repeats a headline; may be empty."""
        return overview(stories, max_words=max_words, more=more)


@dataclass(frozen=True, slots=True)
class EventReading:
    """The articles of one event, read: their sentences, and the index of the one whose title is the headline."""

    articles: Sequence[Article]
    pools: Sequence[Sequence[Candidate]]
    headline: int
    consensus: Consensus | None

    def opening(self, max_words: int, *, longest: float = inf) -> Candidate | None:
        """Return the sentence to tell first, judged by what a summary of `max_words` has room for; None when there are no words.

        One of at most `longest` words is taken if there is any.
        """
        firsts = [first for pool in self.pools if (first := _opening(pool))]
        if not firsts:
            return None
        firsts = [one for one in firsts if not one.refusal] or firsts
        fitting = [one for one in firsts if one.words <= longest]
        if self.consensus is None:
            return (fitting or firsts)[0]
        return self.consensus.opening(fitting or firsts, min(max_words, GLANCE))

    def additions(self, opening: Candidate) -> list[Candidate]:
        """Return what may follow the opening: each article's first sentences that stand on their own."""
        return [
            one
            for pool in self.pools
            for one in pool[:_LEAD_REACH]
            if not one.refusal and not one.leans and one is not opening and one.said != opening.said
        ]


def read(articles: Sequence[Article]) -> EventReading:
    """Read one event's articles, at most the first twelve.

    The headline is the title that agrees best with the other articles. Two cannot outvote each other: of one or two articles
    the first has the word, or the second when the first only asks.
    """
    articles = articles[:MOST_ARTICLES]
    pools = candidates.of_all(articles)
    if len(articles) < 3:
        told = (index for index, article in enumerate(articles) if not rules.asks(article.title))
        return EventReading(articles, pools, next(told, 0), None)
    consensus = Consensus(articles, pools)
    return EventReading(articles, pools, consensus.headline(), consensus)


def summarize_event(articles: Sequence[Article], *, max_words: int) -> Told:
    """Return what `Extractive.summarize` promises."""
    if not articles:
        return Told(headline="", summary=Summary())
    event = read(articles)
    chosen = _of_several(event, max_words) if len(event.articles) > 1 else lead(event.pools[0], max_words)
    return Told(
        headline=event.articles[event.headline].title,
        summary=Summary(
            sentences=tuple(
                SummarySentence(text=one.text, article=one.article, paragraph=one.paragraph) for one in chosen
            )
        ),
        more=_left_out(event, chosen),
    )


def _left_out(event: EventReading, chosen: Sequence[Candidate]) -> tuple[str, ...]:
    """Return how the other outlets open: sentences that stand on their own and that the summary does not tell."""
    told = {one.said for one in chosen}
    openings = [first for pool in event.pools if (first := _opening(pool))]
    return tuple(one.text for one in openings if not one.refusal and not one.leans and one.said not in told)


def lead(pool: Sequence[Candidate], max_words: int) -> list[Candidate]:
    """Return an article's first sentences that may be told, in order, within the budget.

    The first is taken even when it is over the budget alone. Empty when the article has no words.
    """
    first = _opening(pool)
    if first is None:
        return []
    chosen, left = [first], max_words - first.words
    for one in pool:
        if len(chosen) == MOST_SENTENCES or one.order > first.order + _LEAD_REACH:
            break
        if one.order <= first.order or one.refusal or one.words > left:
            continue
        if one.leans and chosen[-1].order != one.order - 1:
            continue
        chosen.append(one)
        left -= one.words
    return chosen


def _opening(pool: Sequence[Candidate]) -> Candidate | None:
    tellable = [one for one in pool if not one.refusal]
    return next((one for one in tellable if not one.leans), next(iter(tellable or pool), None))


def _of_several(event: EventReading, max_words: int) -> list[Candidate]:
    opening = event.opening(max_words, longest=max_words)
    if opening is None:
        return []
    open_to = event.additions(opening)
    relevance = Relevance([opening, *open_to])
    chosen, left = [opening], max_words - opening.words
    while len(chosen) < MOST_SENTENCES:
        open_to = [one for one in relevance.news(open_to, chosen) if one.words <= left]
        if not open_to:
            break
        chosen.append(relevance.best(open_to, chosen))
        left -= chosen[-1].words
    return chosen
