"""The default summarizer: whole sentences of the articles themselves, chosen by rule.

One article: its first sentences. Several: the headline and the first sentence that agree best with the other
outlets, then by maximal marginal relevance what the others add. docs/why/summaries.md has the measurements.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Self

from digest.model.news.article import Article
from digest.model.news.story import EditionOpening, Story, Summary, SummarySentence
from digest.summarize import background, tolls
from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.reading import LEAD_REACH, EventReading, opening_of, read
from digest.summarize.extract.relevance import Relevance
from digest.summarize.overview import overview
from digest.summarize.protocol import EventSummary
from digest.text.words.tokens import words

MOST_SENTENCES = 3
# So many words of the headline stand in what says why it matters.
_SAME_MATTER = 2
# A headline that has so much of the sentence that it was made of says it.
_MADE_OF = 0.6
# A summary with room for more than a paragraph has one more.
_ROOMY = 80


class Extractive:
    """Chooses sentences; invents none. Deterministic."""

    async def summarize(self, articles: Sequence[Article], *, max_words: int) -> EventSummary:
        """Return the headline and two or three whole sentences within `max_words`.

        When not even the first sentence fits, it stands alone, over the budget. No articles: an empty
        headline and summary.
        """
        return await asyncio.to_thread(summarize_event, articles, max_words=max_words)

    async def opening(self, stories: Sequence[Story], *, language: str, max_words: int) -> EditionOpening:
        """Return none: an edition of outlets' own sentences opens with its lead."""
        return EditionOpening()

    def for_edition(self) -> Self:
        """Return itself: choosing costs nothing that could run out."""
        return self

    def overview(
        self,
        stories: Sequence[Story],
        *,
        max_words: int,
        more: Mapping[str, Sequence[str]] | None = None,
        beside: Sequence[str] = (),
    ) -> str:
        """Return two or three sentences over a section's stories, none of which repeats a headline; may be
        empty.
        """
        return overview(stories, max_words=max_words, more=more, beside=beside)


def summarize_event(articles: Sequence[Article], *, max_words: int) -> EventSummary:
    """Return what `Extractive.summarize` promises."""
    if not articles:
        return EventSummary(headline="", summary=Summary())
    event = read(articles)
    chosen = _after_the_headline(event, _chosen(event, max_words), max_words)
    return EventSummary(
        headline=event.headline.text,
        headline_article=event.headline.article,
        is_title=event.headline.is_title,
        summary=Summary(sentences=tuple(map(_sentence, chosen))),
        why=_why(event, chosen),
    )


def _chosen(event: EventReading, max_words: int) -> list[Candidate]:
    return _of_several(event, max_words) if len(event.articles) > 1 else _of_one(event, max_words)


def _after_the_headline(
    event: EventReading, chosen: Sequence[Candidate], max_words: int
) -> Sequence[Candidate]:
    """Leave out a first sentence that is little more than the headline that was made of it, when there are
    others.
    """
    head = event.headline
    if head.is_title or len(chosen) < 2 or chosen[0].article != head.article:
        return chosen
    if len(words(head.text)) < _MADE_OF * chosen[0].words:
        return chosen
    return _chosen(event, max_words + chosen[0].words)[1:] or chosen


def _sentence(one: Candidate) -> SummarySentence:
    return SummarySentence(text=one.text, article=one.article, paragraph=one.paragraph)


def _why(event: EventReading, chosen: Sequence[Candidate]) -> SummarySentence | None:
    """Return the weightiest sentence of background that is not told and gives a cause or a consequence."""
    if not chosen:
        return None
    found = Relevance.news(event.backgrounds(chosen[0]), chosen, event.subject)
    heavy = (
        one
        for one in found
        if background.explains(one.text)
        and _agrees(one, chosen)
        and len(event.subject.intersection(one.stems)) >= _SAME_MATTER
    )
    return next((_sentence(one) for one in heavy), None)


def _most(max_words: int) -> int:
    return MOST_SENTENCES + (max_words >= _ROOMY)


def _agrees(one: Candidate, chosen: Sequence[Candidate]) -> bool:
    return not any(tolls.conflict(one.text, other.text) for other in chosen)


def lead(
    pool: Sequence[Candidate], max_words: int, headline: Collection[str] = frozenset()
) -> list[Candidate]:
    """Return an article's first sentences that may be told, in order, within the budget; none that says again
    what the headline's stems and the sentences before it do.

    The first is taken even when it is over the budget alone. Empty when the article has nothing to tell.
    """
    first = opening_of(pool)
    if first is None:
        return []
    chosen, left = [first], max_words - first.words
    for one in pool:
        if len(chosen) == _most(max_words) or one.order > first.order + LEAD_REACH:
            break
        if one.order <= first.order or one.refusal or one.words > left:
            continue
        if one.leans and chosen[-1].order != one.order - 1:
            continue
        if not Relevance.goes_on(one, chosen, headline):
            continue
        chosen.append(one)
        left -= one.words
    return chosen


def _of_one(event: EventReading, max_words: int) -> list[Candidate]:
    """The first sentences; the last place is for one that gives the background, where the article has it."""
    chosen = lead(event.pools[0], max_words, event.subject)
    if not chosen:
        return []
    begun = chosen[: max(1, _most(max_words) - 1)]
    fuller = _with_background(event, begun, max_words)
    return fuller if len(fuller) > len(begun) else chosen


def _of_several(event: EventReading, max_words: int) -> list[Candidate]:
    opening = event.opening(max_words, longest=max_words)
    if opening is None:
        return []
    open_to = event.additions(opening)
    relevance = Relevance([opening, *open_to])
    chosen, left = [opening], max_words - opening.words
    while len(chosen) < _most(max_words):
        fresh = relevance.news(open_to, chosen, event.subject)
        open_to = [one for one in fresh if one.words <= left and _agrees(one, chosen)]
        if not open_to:
            break
        chosen.append(relevance.best(open_to, chosen))
        left -= chosen[-1].words
    return _with_background(event, chosen, max_words)


def _with_background(event: EventReading, chosen: list[Candidate], max_words: int) -> list[Candidate]:
    """Add the weightiest sentence of background that is new and fits, where there is room for a sentence."""
    left = max_words - sum(one.words for one in chosen)
    if len(chosen) >= _most(max_words) or left <= 0:
        return chosen
    for one in Relevance.news(event.backgrounds(chosen[0]), chosen, event.subject):
        if one.words <= left and _agrees(one, chosen):
            return [*chosen, one]
    return chosen
