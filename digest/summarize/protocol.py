"""What a summarizer is."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from digest.model.news.article import Article
from digest.model.news.story import EditionOpening, Story, Summary, SummarySentence, Value


class EventSummary(Value):
    """One event as it will be told: its headline and its summary.

    `headline_article` is the index of the article that bears the headline: as its title, perhaps cleaned,
    when `is_title`, else in its opening. `why` is a sentence with a cause or a consequence that the summary
    leaves out.
    """

    headline: str
    headline_article: int = 0
    is_title: bool = True
    summary: Summary
    why: SummarySentence | None = None


class Summarizer(Protocol):
    """Tells one event in few true words, and opens a section."""

    async def summarize(self, articles: Sequence[Article], *, max_words: int) -> EventSummary:
        """Return the headline and the summary of the event that all these articles tell.

        Indexes in the summary point into `articles` and into each article's `paragraphs`. No articles give an
        empty headline and summary; articles without a sentence to tell give a headline alone.
        """

    async def opening(self, stories: Sequence[Story], *, language: str, max_words: int) -> EditionOpening:
        """Return an opening paragraph over these told stories, heaviest first; one without sentences when
        nothing is to be written.
        """

    def for_edition(self) -> Self:
        """Return the summarizer for one edition, with its budgets of time, tokens and money untouched."""

    def overview(
        self,
        stories: Sequence[Story],
        *,
        max_words: int,
        more: Mapping[str, Sequence[str]] | None = None,
        beside: Sequence[str] = (),
    ) -> str:
        """Return two or three sentences over a section's stories; empty when there is nothing to add to the
        headlines.

        `more` are the sentences to choose from, by the story's key. None: those of the summaries. `beside`
        are the headlines and summaries of the whole mail: nothing is taken that shares half its words with
        one of them, or contradicts it.
        """
