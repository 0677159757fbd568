"""The sentences that a summary may be made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digest.model.article import Article
from digest.summarize import rules
from digest.text import sentences
from digest.text.tokens import stems_of, words

# Nobody's news is told in the thousandth sentence; a bound keeps a monstrous article from costing minutes.
MOST_SENTENCES = 120
LONGEST_PARAGRAPH = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence as it stands in its paragraph.

    `order` counts the article's sentences from 0; `said` is its folded words and `words` their count; `refusal` says why it may not
    be told ("" when it may) and `leans` that it needs the sentence before it.
    """

    text: str
    article: int
    paragraph: int
    order: int
    said: tuple[str, ...]
    stems: tuple[str, ...]
    refusal: str
    leans: bool

    @property
    def words(self) -> int:
        """The length in words."""
        return len(self.said)


def of(article: Article, index: int = 0) -> list[Candidate]:
    """Return the article's sentences in order, the headings and repeated ones left out, datelines cut from their front."""
    found: list[Candidate] = []
    seen: set[tuple[str, ...]] = set()
    for paragraph, text in _sentences(article):
        said = tuple(words(text))
        if not said or said in seen:
            continue
        seen.add(said)
        found.append(
            Candidate(
                text=text,
                article=index,
                paragraph=paragraph,
                order=len(found),
                said=said,
                stems=tuple(stems_of(said)),
                refusal=rules.refusal(text, len(said)),
                leans=rules.leans(text, article.language),
            )
        )
        if len(found) == MOST_SENTENCES:
            break
    return found


def of_all(articles: Sequence[Article]) -> list[list[Candidate]]:
    """Return the sentences of each article, in the order given."""
    return [of(article, index) for index, article in enumerate(articles)]


def _sentences(article: Article) -> Iterator[tuple[int, str]]:
    headings = set(article.headings)
    title = tuple(words(article.title))
    for index, paragraph in enumerate(article.paragraphs):
        if paragraph in headings or tuple(words(paragraph[:400])) == title:
            continue
        start = rules.after_dateline(paragraph[:LONGEST_PARAGRAPH])
        for sentence in sentences.split(paragraph[start:LONGEST_PARAGRAPH], article.language):
            yield index, sentence
