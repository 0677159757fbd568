"""What an edition's opening is made of, and which answer may open it."""

from collections.abc import Sequence
from dataclasses import dataclass

from digest.errors import SummaryError
from digest.model.news.story import EditionOpening, OpeningSentence, Story
from digest.summarize.language_model import answer
from digest.text.words.normalise import clean

MOST_STORIES = 8
"""The heaviest stories of an edition; what weighs less does not open it."""
_A_STORY = 3


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of an edition, the key of its story, and the index of the article that it stands in."""

    text: str
    story: str
    article: int


def given(stories: Sequence[Story]) -> list[CitedSentence]:
    """Return the sentences that an opening may be made of: of each story its headline and its first
    sentences.
    """
    return [
        sentence
        for story in stories[:MOST_STORIES]
        for sentence in (
            CitedSentence(story.headline, story.key, 0),
            *(CitedSentence(one.text, story.key, one.article) for one in story.summary.sentences[:_A_STORY]),
        )
    ]


def accepted(
    written: answer.Answer, given: Sequence[CitedSentence], *, language: str, max_words: int
) -> EditionOpening:
    """Return the opening when every sentence of it passes the guard and tells one story.

    Raises:
        SummaryError: a sentence would be refused in a summary, or is made of two stories: what one outlet
            says of one event would stand beside what another says of another.
    """
    answer.accept(written, given, language=language, max_words=max_words)
    sentences = []
    for one in written.sentences:
        cited = [given[number - 1] for number in one.sources]
        if len({source.story for source in cited}) > 1:
            raise SummaryError("a sentence joins two stories")
        # The headline says least of where a fact stands.
        source = max(cited, key=lambda source: source.text != _headline(given, source.story))
        sentences.append(OpeningSentence(text=clean(one.text), story=source.story, article=source.article))
    return EditionOpening(sentences=tuple(sentences))


def _headline(given: Sequence[CitedSentence], story: str) -> str:
    return next(one.text for one in given if one.story == story)
