"""The articles of one event, read: their sentences, what they agree on, the headline, and which sentences may
be told.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from math import inf

from digest.model.news.article import Article
from digest.summarize import background, tolls
from digest.summarize.extract import candidates
from digest.summarize.extract.candidates import Candidate
from digest.summarize.extract.consensus import GLANCE, Consensus, covered
from digest.summarize.extract.headline import Headline, headline
from digest.text.words.conjunction import without_conjunction
from digest.text.words.normalise import fold
from digest.text.words.proper_names import is_common, is_name
from digest.text.words.tokens import stems

# More tellings of one event than this add cost and no facts.
MOST_ARTICLES = 12
# How far into an article its own lead may reach, and a sentence that gives the background.
LEAD_REACH = 6
BACKGROUND_REACH = 14
# An article that came so much earlier than the last may still have the last toll.
PATIENCE = timedelta(hours=3).total_seconds()
OVERTAKEN = timedelta(hours=2)
"""What was ahead so long before the headline may have happened since."""
# So much more of a headline its own article's opening must say to be told instead of the one agreed on.
_SAYS_MORE = 0.4
# Reads folded text.
_AHEAD = re.compile(
    r"\b(?:ساعات قبل|قبل ساعات (?:من|علي)|قبيل|عشيه|من (?:المقرر|المرتقب|المنتظر|المتوقع)|المرتقبه?|المقرره?|يستعد|تستعد|استعدادا|لم يتضح بعد)\b"
)
# Sentences of an article in which its own toll stands; later ones tell of other days.
_TOLL_REACH = 3
# What cannot be told even when there is nothing else.
_NEVER = frozenset(("unfinished", "caption", "boilerplate", "order", "reference", "dateline"))


@dataclass(frozen=True)
class EventReading:
    """One event's articles with their sentences; `consensus` is None for fewer than three."""

    articles: Sequence[Article]
    pools: Sequence[Sequence[Candidate]]
    consensus: Consensus | None

    @cached_property
    def tolls(self) -> Mapping[tolls.Harm, tolls.Toll]:
        """The tolls to tell, by kind; empty for one article, which knows its own."""
        if len(self.articles) < 2:
            return {}
        return tolls.newest(
            (
                (article.when.timestamp(), [article.title, *(one.text for one in pool[:_TOLL_REACH])])
                for article, pool in zip(self.articles, self.pools, strict=True)
            ),
            patience=PATIENCE,
        )

    @cached_property
    def headline(self) -> Headline:
        """The plainest title. Two cannot outvote each other: of one or two articles the first has the
        word.
        """
        return headline(
            self.articles,
            [opening_of(pool) for pool in self.pools],
            known=self.tolls,
            said={stem for pool in self.pools for one in pool for stem in one.stems},
            best=self._best_title,
        )

    def _best_title(self, among: Sequence[int]) -> int:
        if self.consensus is None:
            return min(among)
        firsts = self._firsts(inf)
        return self.consensus.title(among, self.consensus.opening(firsts, GLANCE) if firsts else None)

    def opening(self, max_words: int, *, longest: float = inf) -> Candidate | None:
        """Return the sentence to tell first, judged by what a summary of `max_words` has room for; None when
        there is none.

        One of at most `longest` words is taken if there is any, and none with a toll that was overtaken.
        Where it would say «عشرات» and others have the count, one with the count is told.
        """
        firsts = self._firsts(longest)
        if not firsts:
            return None
        best = self._agreed_or_own(firsts, max_words)
        dead = self.tolls.get("dead")
        if dead and any(_is_vague(toll, dead) for toll in tolls.tolls(best.text)):
            counted = [one for one in self._on_the_headline(firsts) if dead in tolls.tolls(one.text)]
            return self._best(counted, max_words) if counted else best
        return best

    def _firsts(self, longest: float) -> list[Candidate]:
        """The articles' openings: those that may be told, are not overtaken, and are not too long, if any
        is.
        """
        firsts = [first for pool in self.pools if (first := opening_of(pool))]
        firsts = [one for one in firsts if not one.refusal] or firsts
        firsts = [one for one in firsts if not self.is_stale(one)] or firsts
        return [one for one in firsts if one.words <= longest] or firsts

    def _agreed_or_own(self, firsts: Sequence[Candidate], max_words: int) -> Candidate:
        """The best of those that are on the headline; one that says little of it gives way to the opening of
        the headline's own article.
        """
        best = self._best(self._on_the_headline(firsts), max_words)
        own = next((one for one in firsts if one.article == self.headline.article), best)
        return own if self._share_said(own) - self._share_said(best) >= _SAYS_MORE else best

    def _share_said(self, one: Candidate) -> float:
        return covered(tuple(self.subject), frozenset(one.stems))

    def _on_the_headline(self, firsts: Sequence[Candidate]) -> list[Candidate]:
        """Those that say at least half as much of the headline as the one that says most of it."""
        shared = [len(self.subject.intersection(one.stems)) for one in firsts]
        return [one for one, share in zip(firsts, shared, strict=True) if 2 * share >= max(shared)]

    def _best(self, firsts: Sequence[Candidate], max_words: int) -> Candidate:
        if self.consensus:
            return self.consensus.opening(firsts, min(max_words, GLANCE))
        return max(firsts, key=lambda one: len(self.subject.intersection(one.stems)))

    def additions(self, opening: Candidate) -> list[Candidate]:
        """Return what may follow the opening: each article's first sentences that stand on their own and are
        about the same.
        """
        return [one for pool in self.pools for one in pool[:LEAD_REACH] if self._may_follow(one, opening)]

    def backgrounds(self, opening: Candidate) -> list[Candidate]:
        """Return the sentences further down that give a cause, a consequence or a number, the weightiest
        first.
        """
        found = [
            (background.weight(one.text), one)
            for pool in self.pools
            for one in pool[:BACKGROUND_REACH]
            if self._may_follow(one, opening)
        ]
        return [one for weight, one in sorted(found, key=lambda each: (-each[0], each[1].order)) if weight]

    def is_stale(self, one: Candidate) -> bool:
        """Say whether a sentence gives a toll that another article has overtaken."""
        return bool(self.tolls) and tolls.is_stale(one.text, dict(self.tolls))

    @cached_property
    def subject(self) -> frozenset[str]:
        """The stems of the headline."""
        return frozenset(stems(self.headline.text))

    def _may_follow(self, one: Candidate, opening: Candidate) -> bool:
        return (
            not one.refusal
            and not one.leans
            and one is not opening
            and one.said != opening.said
            and self._is_of_it(one, opening)
            and not self.is_stale(one)
            and not self._is_overtaken(one)
            and not tolls.conflict(opening.text, one.text)
        )

    def _is_overtaken(self, one: Candidate) -> bool:
        """Whether a sentence looks ahead to something, in an article that came hours before the
        headline's.
        """
        earlier = self.articles[self.headline.article].when - self.articles[one.article].when
        return earlier >= OVERTAKEN and bool(_AHEAD.search(fold(one.text)))

    def _is_of_it(self, one: Candidate, opening: Candidate) -> bool:
        """Whether a sentence is about this event: it has a word of it; or it goes on in its article and names
        nobody else.
        """
        if not self.subject.union(opening.stems).isdisjoint(one.stems):
            return True
        return one.order > 0 and not any(map(is_name, one.said)) and all(map(_is_common, one.stems))


def _is_vague(toll: tolls.Toll, dead: tolls.Toll) -> bool:
    """Whether a toll of dead says less than the count: «عشرات», and not «أكثر من ٥٠» for 55."""
    return toll.harm == "dead" and toll != dead and not (toll.exact and toll.allows(dead.least))


def _is_common(stem: str) -> bool:
    return stem[0].isdigit() or is_common(stem)


def read(articles: Sequence[Article]) -> EventReading:
    """Read one event's articles, at most the first twelve."""
    articles = articles[:MOST_ARTICLES]
    pools = candidates.of_all(articles)
    return EventReading(articles, pools, Consensus(articles, pools) if len(articles) > 2 else None)


def opening_of(pool: Sequence[Candidate]) -> Candidate | None:
    """Return an article's first sentence that stands on its own; else one that does not; None when none may
    be told.

    One that «و» ties to a sentence before it does not, as long as it is not the article's very first.
    """
    tellable = [one for one in pool if not one.refusal]
    rest = tellable or [one for one in pool if one.refusal not in _NEVER]
    free = [one for one in tellable[:LEAD_REACH] if not one.leans]
    untied = (one for one in free if one.order == 0 or without_conjunction(one.text) == one.text)
    return next(untied, next(iter(free or rest), None))
