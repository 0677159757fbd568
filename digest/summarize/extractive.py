"""The default summarizer: whole sentences of the articles themselves, chosen by rule.

One article: its first sentences. Several: the lead of the article that is nearest to all others (the medoid), then by
maximal marginal relevance (Carbonell and Goldstein, 1998) what the others add. docs/why/summaries.md has the measurements.
"""

from collections.abc import Sequence

from digest.model.article import Article
from digest.model.story import Story, Summary, SummarySentence
from digest.summarize import candidates
from digest.summarize.candidates import Candidate
from digest.summarize.overview import overview
from digest.summarize.protocol import Told
from digest.summarize.similarity import Vector, cosine, mean, rarity, vector
from digest.text.tokens import stems

MOST_SENTENCES = 3
# How much of an article says what it is about: title and beginning.
_OPENING_SENTENCES = 4
# More tellings of one event than this add cost and no facts.
_MOST_ARTICLES = 12
# How far into an article its own lead may reach.
_LEAD_REACH = 6
_BALANCE = 0.5


class Extractive:
    """Chooses sentences; invents none. Deterministic."""

    async def summarize(self, articles: Sequence[Article], *, max_words: int) -> Told:
        """Return the medoid's headline and two or three whole sentences within `max_words`.

        When not even the first sentence fits, it stands alone, over the budget. No articles: an empty headline and summary.
        """
        return tell(articles, max_words=max_words)

    def overview(self, stories: Sequence[Story], *, max_words: int) -> str:
        """Return two or three sentences over a section's stories, none of which repeats a headline; may be empty."""
        return overview(stories, max_words=max_words)


def tell(articles: Sequence[Article], *, max_words: int) -> Told:
    """Return what `Extractive.summarize` promises."""
    if not articles:
        return Told(headline="", summary=Summary())
    articles = articles[:_MOST_ARTICLES]
    centre = medoid(articles)
    chosen = (
        lead(articles[centre], centre, max_words=max_words)
        if len(articles) == 1
        else _of_several(articles, centre, max_words)
    )
    return Told(headline=articles[centre].title, summary=Summary(sentences=tuple(map(_sentence, chosen))))


def lead(article: Article, index: int = 0, *, max_words: int, most: int = MOST_SENTENCES) -> list[Candidate]:
    """Return the first sentences of an article that may be told, in order, within the budget.

    The first is taken even when it is over the budget alone. Empty when the article has no words.
    """
    pool = candidates.of(article, index)
    return _first(pool, max_words, most)


def medoid(articles: Sequence[Article]) -> int:
    """Return the index of the article whose title and opening are nearest to all others'; the earliest of equals."""
    if len(articles) < 3:
        return 0
    openings = [_opening(article) for article in articles]
    weights = rarity(openings)
    vectors = [vector(opening, weights) for opening in openings]
    nearness = [
        sum(cosine(one, other) for j, other in enumerate(vectors) if i != j) for i, one in enumerate(vectors)
    ]
    return max(range(len(articles)), key=lambda index: (round(nearness[index], 9), -index))


def _first(pool: Sequence[Candidate], max_words: int, most: int) -> list[Candidate]:
    if not pool:
        return []
    first = next((one for one in pool if not one.refusal and not one.leans), None) or next(
        (one for one in pool if not one.refusal), pool[0]
    )
    chosen, left = [first], max_words - first.words
    for one in pool:
        if len(chosen) == most or one.order > first.order + _LEAD_REACH:
            break
        if one.order <= first.order or one.refusal or one.words > left:
            continue
        if one.leans and chosen[-1].order != one.order - 1:
            continue
        chosen.append(one)
        left -= one.words
    return chosen


def _of_several(articles: Sequence[Article], centre: int, max_words: int) -> list[Candidate]:
    pools = candidates.of_all(articles)
    ordered = [pools[centre], *(pool for index, pool in enumerate(pools) if index != centre)]
    opening = next((found for pool in ordered if (found := _first(pool, max_words, 1))), [])
    if not opening:
        return []
    pool = [
        one
        for each in pools
        for one in each[:_LEAD_REACH]
        if not one.refusal and not one.leans and one is not opening[0]
    ]
    return _add_by_relevance(opening[0], pool, max_words)


def _add_by_relevance(opening: Candidate, pool: Sequence[Candidate], max_words: int) -> list[Candidate]:
    weights = rarity([one.stems for one in (opening, *pool)])
    vectors: dict[int, Vector] = {id(one): vector(one.stems, weights) for one in (opening, *pool)}
    centre = mean(list(vectors.values()))
    chosen, left = [opening], max_words - opening.words
    while len(chosen) < MOST_SENTENCES:
        open_to = [one for one in pool if one not in chosen and one.words <= left]
        if not open_to:
            break

        def worth(one: Candidate) -> float:
            relevance = cosine(vectors[id(one)], centre) + 0.3 / (1 + one.order)
            repeated = max(cosine(vectors[id(one)], vectors[id(told)]) for told in chosen)
            return _BALANCE * relevance - (1 - _BALANCE) * repeated

        best = max(open_to, key=worth)
        chosen.append(best)
        left -= best.words
    return chosen


def _opening(article: Article) -> list[str]:
    pool = candidates.of(article)[:_OPENING_SENTENCES]
    return [*stems(article.title), *(stem for one in pool for stem in one.stems)]


def _sentence(one: Candidate) -> SummarySentence:
    return SummarySentence(text=one.text, article=one.article, paragraph=one.paragraph)
